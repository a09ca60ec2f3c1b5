import { setTimeout as pause } from 'node:timers/promises';
import { Progress } from '../../common/progressLine';
import type { RowsWorkspace, StoredRow } from './rowsWorkspace';
import { type SentRecord, secondsSince } from './sendRecord';
import type { AppProgress } from './takenByApp';

/** What was seen of a record within the time. */
export interface Followed {
  /** Seconds from sending until the app had settled it; undefined if it has not, or if that is not known. */
  readonly settledAfter: number | undefined;
  /** Why it is not known whether the app has settled it. */
  readonly progressError: unknown;
  readonly row: StoredRow | undefined;
  /** Seconds from sending until the row was found, or until the command gave up. */
  readonly seconds: number;
  /** The last error of the query. */
  readonly queryError: unknown;
}

const longestPauseMs = 10_000;
/** A row may be found before the host has written the checkpoint of its batch; this long it is waited for. */
const checkpointSeconds = 30;

/**
 * Looks until the row is there and its batch is settled, or for `waitSeconds`; without a workspace to ask, until it is known whether
 * the app has settled it.
 */
export async function follow(
  sent: SentRecord,
  eventUid: string,
  app: AppProgress,
  { workspace, waitSeconds }: { readonly workspace: RowsWorkspace | undefined; readonly waitSeconds: number },
): Promise<Followed> {
  const line = new Progress();
  let settledAfter: number | undefined;
  let progressError: unknown;
  let row: StoredRow | undefined;
  let foundAfter: number | undefined;
  let queryError: unknown;
  for (let pauseMs = 1000; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    const isLast = secondsSince(sent.began) >= waitSeconds;
    if (settledAfter === undefined) {
      const settled = await attempt(async () => app.isSettled());
      progressError = settled.error;
      if (settled.value === true) settledAfter = secondsSince(sent.began);
    }
    if (workspace !== undefined && row === undefined) {
      const found = await attempt(async () => workspace.rowOf(eventUid));
      queryError = found.error;
      row = found.value;
      if (row !== undefined) foundAfter = secondsSince(sent.began);
    }
    const seconds = secondsSince(sent.began);
    const isKnown = settledAfter !== undefined || progressError !== undefined;
    const isFound = foundAfter !== undefined && (isKnown || seconds - foundAfter >= checkpointSeconds);
    const isDone = workspace === undefined ? isKnown : isFound;
    if (isDone || isLast) {
      line.end();
      return { settledAfter, progressError, row, seconds: foundAfter ?? seconds, queryError };
    }
    const where = settledAfter === undefined ? 'The record is in the hub' : 'The app has settled the record';
    line.show(`${where}; ${row === undefined ? 'no row' : 'no checkpoint'} yet after ${Math.round(seconds)} s.`);
    await pause(Math.min(pauseMs, Math.max(0, waitSeconds - seconds) * 1000));
  }
}

async function attempt<T>(ask: () => Promise<T>): Promise<{ readonly value?: T; readonly error?: unknown }> {
  return ask().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}
