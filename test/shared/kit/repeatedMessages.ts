import { generateStream } from 'defender-samples';
import * as fc from 'fast-check';
import { isObject, type Json, type JsonObject, parseJson } from '../../../shared/json';
import { record } from './recordKit';
import { writeJson } from './valueKit';

/** A few invented events of each kind; odd ones too. */
const samples: readonly JsonObject[] = [
  ...generateStream({ records: 300, seed: 7, end: new Date('2026-11-20T12:00:00Z'), oddityInterval: 10 }),
].flatMap(({ body }) => recordsIn(body.toString()));

function recordsIn(text: string): JsonObject[] {
  try {
    const parsed = parseJson(text);
    const records = isObject(parsed) ? parsed['records'] : undefined;
    return Array.isArray(records) ? records.filter(isObject) : [];
  } catch {
    return [];
  }
}

interface Own {
  readonly ReportId: number;
  readonly Timestamp: string;
  readonly port: number;
}

/** What identical connections differ in, from few values, so that copies and equal parts occur. */
const own: fc.Arbitrary<Own> = fc.record({
  ReportId: fc.integer({ min: 1, max: 5 }),
  Timestamp: fc.constantFrom('2026-11-20T11:00:00.5Z', '2026-11-20T11:00:01Z', '2026-11-20T11:00:01.2345678Z'),
  port: fc.integer({ min: 50_000, max: 50_002 }),
});

function changed({ properties, ...envelope }: JsonObject, { port, ReportId, Timestamp }: Own): JsonObject {
  const columns = isObject(properties) ? properties : {};
  const ephemeral = Number(columns['LocalPort']) >= 32_768 ? 'LocalPort' : 'RemotePort';
  const ports = Number(columns[ephemeral]) >= 32_768 ? { [ephemeral]: port } : {};
  return { ...envelope, properties: { ...columns, ReportId, Timestamp, ...ports } };
}

/** One of two events, with other times and ports; at times any other record. */
function recordOf(events: readonly JsonObject[]): fc.Arbitrary<Json> {
  const repeated = fc.tuple(fc.constantFrom(...events), own).map(([event, changes]) => changed(event, changes));
  return fc.oneof({ weight: 8, arbitrary: repeated }, { weight: 1, arbitrary: record });
}

/** Messages that repeat a few events. At most 18 records: more rejected rows would make the app suspect the DCR. */
export const repeatedMessages: fc.Arbitrary<Buffer[]> = fc
  .array(fc.constantFrom(...samples), { minLength: 1, maxLength: 2 })
  .chain((events) =>
    fc.array(fc.array(recordOf(events), { minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 2 }),
  )
  .map((all) => all.map((records) => Buffer.from(writeJson({ records }))));
