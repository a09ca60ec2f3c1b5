import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject, parseJson, stringifyJson } from '../json';
import { keysOf } from '../keysOf';
import type { Saving } from '../savings';
import type { WritableColumn } from '../sessions/row';
import { uuidV5 } from './eventUid';
import { type Flow, type FlowRecord, type OwnValues, without } from './flow';
import { maxCountOfEvents } from './values/numbers';

/** The row of a record, or of several records of one message. */
export interface FlowRow {
  /** Of its first record in the message. */
  readonly index: number;
  readonly text: string;
  readonly uid: string;
  readonly time: number;
  readonly flow: FlowRecord | undefined;
  /** The indexes of all its records; undefined for one. */
  readonly members?: readonly number[];
  /** What was saved to make it of these records. */
  readonly saved: readonly Saving[];
}

/** Rows that become one, in the order of their records. */
interface Group<R> {
  readonly first: R;
  readonly flows: Flow[];
  readonly rows: R[];
  eventCount: number;
}

/**
 * Makes one row of the rows of identical connections, in the place of the first. Takes the rows of one message, each EventUid once,
 * and looks at nothing else: the same message gives the same rows everywhere. A row of one record is returned as it is.
 */
export function mergeFlows<R extends FlowRow>(rows: readonly R[]): R[] {
  const alike = new Map<string, number>();
  for (const { flow } of rows) if (flow !== undefined) alike.set(flow.likeness, (alike.get(flow.likeness) ?? 0) + 1);
  const made: (R | Group<R>)[] = [];
  const open = new Map<string, Group<R>>();
  for (const row of rows) {
    const isAlone = row.flow === undefined || alike.get(row.flow.likeness) === 1;
    const flow = isAlone ? undefined : flowOf(row);
    if (flow === undefined) {
      made.push(row);
      continue;
    }
    const group = open.get(flow.key);
    // EventCount is an int: a record that would take the sum past it begins another row.
    if (group !== undefined && group.eventCount + flow.eventCount <= maxCountOfEvents) {
      group.rows.push(row);
      group.flows.push(flow);
      group.eventCount += flow.eventCount;
    } else {
      const begun = { first: row, rows: [row], flows: [flow], eventCount: flow.eventCount };
      made.push(begun);
      open.set(flow.key, begun);
    }
  }
  return made.map((one) => ('rows' in one ? merged(one) : one));
}

/** A bug of this app must not stop the partition: a record whose flow cannot be read keeps its own row. */
function flowOf(row: FlowRow): Flow | undefined {
  try {
    return row.flow?.flow();
  } catch {
    return undefined;
  }
}

/** The row of the first record with what is true of all: counts added, times as far as they reach, no value that differs. */
function merged<R extends FlowRow>({ first, rows, flows, eventCount }: Group<R>): R {
  if (rows.length === 1) return first;
  const row = parseJson(first.text);
  if (!isObject(row)) throw new TypeError('A row is an object.');
  const uid = mergedUid(rows);
  // The datetimes of rows have the same length, so they are in order as texts. No setting takes these columns away.
  row['TimeGenerated'] = inOrder(flows.map(({ timeGenerated }) => timeGenerated)).at(-1) ?? null;
  row['EventStartTime'] = inOrder(flows.map(({ start }) => start))[0] ?? null;
  row['EventEndTime'] = inOrder(flows.map(({ end }) => end)).at(-1) ?? null;
  row['EventUid'] = uid;
  row['EventCount'] = eventCount;
  leaveOut(row, flows);
  const time = rows.reduce((latest, one) => Math.max(latest, one.time), first.time);
  const text = stringifyJson(row);
  const saved = [...rows.flatMap((one) => one.saved), savedBy(rows, text)];
  return { ...first, text, uid, time, members: rows.map(({ index }) => index), saved };
}

function savedBy(rows: readonly FlowRow[], text: string): Saving {
  const bytes = rows.reduce((sum, one) => sum + Buffer.byteLength(one.text), -Buffer.byteLength(text));
  return { lever: 'MERGE_FLOWS', name: 'message', rows: rows.length - 1, bytes };
}

/** Never changes after the first release, as the EventUid of a record. */
function mergedUid(rows: readonly FlowRow[]): string {
  return uuidV5(`merged|${inOrder(rows.map(({ uid }) => uid)).join('|')}`);
}

/** By UTF-16 units, whatever the language of the system. */
function inOrder(texts: readonly string[]): string[] {
  return texts.toSorted();
}

/** Where a row has the values that identical connections may differ in. */
const places: {
  readonly [N in keyof OwnValues]-?: { readonly column?: WritableColumn; readonly field?: string };
} = {
  ReportId: { column: 'EventOriginalUid' },
  LocalPort: { column: 'SrcPortNumber', field: 'LocalPort' },
  RemotePort: { column: 'SrcPortNumber', field: 'RemotePort' },
  time: { field: 'TimePublished' },
  received: { field: 'TimeReceivedBySvc' },
};

/** Takes away the values that are not the same in all records. Changes the row. */
function leaveOut(row: JsonObject, [first, ...others]: readonly Flow[]): void {
  if (first === undefined) return;
  const fields = isObject(row['AdditionalFields']) ? row['AdditionalFields'] : {};
  for (const name of keysOf(places)) {
    if (others.every(({ own }) => isDeepStrictEqual(own[name], first.own[name]))) continue;
    const { column, field } = places[name];
    if (column !== undefined) delete row[column];
    if (field !== undefined) delete fields[field];
  }
  // EventCount has the sum, which the count of one record would contradict.
  if (first.countKey !== undefined && isObject(fields['Detail'])) {
    fields['Detail'] = without(fields['Detail'], first.countKey);
    if (isEmpty(fields['Detail'])) delete fields['Detail'];
  }
  if (isEmpty(fields)) delete row['AdditionalFields'];
}

function isEmpty(object: JsonObject): boolean {
  return Object.keys(object).length === 0;
}
