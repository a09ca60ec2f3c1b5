import { workspaceProblem } from '../asim/workspaceProblem';
import { noCheckpoints } from '../checks/backlogCheck';
import type { Examined } from '../examine';
import { type Finding, ok, unknown, wrong } from '../finding';
import type { Followed } from './follow';
import type { RowsWorkspace, StoredRow } from './rowsWorkspace';
import type { SentRecord } from './sendRecord';
import type { AppProgress } from './takenByApp';

/** What is known of a record that was sent. */
export interface Seen {
  readonly eventUid: string;
  readonly sent: SentRecord;
  readonly app: AppProgress;
  readonly followed: Followed;
  readonly workspace: RowsWorkspace;
  /** Whether rows can be asked for. */
  readonly canQuery: boolean;
  /** Whether the app has drop rules. */
  readonly hasDropRules: boolean;
}

/** The steps of the record in their order, each with its delay. */
export function sendFindings(seen: Seen): readonly Examined[] {
  const { eventUid, sent } = seen;
  const found = `The record is in the hub after ${shown(sent.seconds)}. Its EventUid: ${eventUid}`;
  return [
    { id: 'sent', findings: [ok(placeOf(sent), found)] },
    { id: 'settled', findings: [settled(seen)] },
    { id: 'stored', findings: [stored(seen)] },
  ];
}

/** The steps of a record that did not get into the hub. */
export function notSent(finding: Finding): readonly Examined[] {
  const later = unknown('', 'Not looked for: nothing was sent.', 'See the step sent.');
  return [
    { id: 'sent', findings: [finding] },
    { id: 'settled', findings: [later] },
    { id: 'stored', findings: [later] },
  ];
}

/** Seconds from sending to each step; null where a step was not reached, or is not known. */
export function delaysOf({ sent, followed: { row, seconds, settledAfter } }: Seen) {
  const since = (time: Date | undefined): number | null =>
    time === undefined ? null : round((time.getTime() - sent.began.getTime()) / 1000);
  return {
    sent: round(sent.seconds),
    settled: settledAfter === undefined ? null : round(settledAfter),
    received: since(row?.received),
    stored: since(row?.stored),
    found: row === undefined ? null : round(seconds),
  };
}

function settled({ sent, app, followed }: Seen): Finding {
  const { settledAfter, progressError, row, seconds } = followed;
  const place = placeOf(sent);
  if (settledAfter !== undefined) return ok(place, `The app had settled it after ${shown(settledAfter)}.`);
  if (row !== undefined) return ok(place, `The app has read it, as its row shows. ${withoutTime(followed)}`);
  if (progressError !== undefined) return noCheckpoints(place, progressError);
  const checkpoint =
    app.checkpoint === undefined
      ? 'the partition has no checkpoint yet'
      : `the checkpoint of the partition is at ${app.checkpoint}`;
  return wrong(
    place,
    `The app has not settled it after ${shown(seconds)}: the record is at sequence number ${sent.upTo} or just before it, and ${checkpoint}.`,
    'Does the app run? FunctionAppLogs in the workspace shows what it prints. A line BatchHeld names what holds the partition: docs/reliability.md says what to do.',
  );
}

function withoutTime({ progressError }: Followed): string {
  return progressError === undefined
    ? 'Its checkpoint comes later.'
    : 'When is not known, because its checkpoints cannot be read from here.';
}

function stored(seen: Seen): Finding {
  const { row, seconds, settledAfter, queryError } = seen.followed;
  if (row !== undefined) return ok(row.table, `${arrived(row, seen)} A query found it after ${shown(seconds)}.`);
  if (!seen.canQuery) {
    const found = `Not looked for: NetworkSessions_CL has the plan ${seen.workspace.tablePlan}, which this command cannot ask.`;
    const query = `NetworkSessions_CL | where EventUid == "${seen.eventUid}"`;
    return unknown('NetworkSessions_CL', found, `Look for it in the portal, with a time range of an hour: ${query}`);
  }
  if (queryError !== undefined) {
    const { found, next } = workspaceProblem(queryError, 'query');
    return unknown('', found, next);
  }
  const none = `No query finds its row after ${shown(seconds)}.`;
  if (settledAfter === undefined) return unknown('', none, 'See the step settled.');
  const rules = seen.hasDropRules ? ' DROP_RULES_FILE is set: a rule may drop it.' : '';
  return wrong(
    '',
    none,
    `A new table shows its first row after about 15 minutes: try again with --wait 3600. Then look at DCRLogErrors in the workspace, at rowFilter of the DCR, and for a dead letter: npm run replay -- list.${rules}`,
  );
}

function arrived({ received, stored: at }: StoredRow, seen: Seen): string {
  const delays = delaysOf(seen);
  const parts = [
    ...(received === undefined ? [] : [`Azure Monitor got the row after ${shown(delays.received ?? 0)}`]),
    ...(at === undefined ? [] : [`had stored it after ${shown(delays.stored ?? 0)}`]),
  ];
  return parts.length === 0 ? '' : `${parts.join(' and ')}, by the clock of Azure.`;
}

function placeOf({ hub, partition }: SentRecord): string {
  return `${hub}/${partition}`;
}

/** `40 ms`, `1.4 s`, `12 s` */
function shown(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

/** To the millisecond. */
function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
