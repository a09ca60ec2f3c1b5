import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { readCases } from '../../../scripts/cases/caseFiles';
import { readCase } from '../../../scripts/cases/caseOutcome';
import { compareWays, plainText } from '../../../scripts/compare/compareWays';
import { readMessage } from '../../../shared/defender/readMessage';
import type { Json, JsonObject } from '../../../shared/json';
import { isMapped } from '../../../shared/transform/actions';
import { additionalFieldKeys } from '../../../shared/transform/additionalFields';
import { NetworkEvent } from '../../../shared/transform/event';
import { Plan } from '../../../shared/transform/plan';
import { Plans } from '../../../shared/transform/plans';
import { transform, transformToText } from '../../../shared/transform/transform';
import {
  additionalFieldsLevels,
  defaultTransformSettings,
  type TransformSettings,
} from '../../../shared/transform/transformSettings';
import { anySettings } from '../kit/anySettings';
import { actionTypes, categories, columnValues, detailValues, record } from '../kit/recordKit';
import { objectOf, writeJson } from '../kit/valueKit';

/** Compares both ways for records, together in one message and each alone. */
function expectNoDifference(records: readonly Json[], using: TransformSettings): void {
  const messages = [Buffer.from(writeJson({ records: [...records] }))];
  const differences: unknown[] = [];
  const [counts] = compareWays(messages, using, (difference) => differences.push(difference));
  expect([counts?.records, differences]).toEqual([records.length, []]);
}

/** A number in so many lists. */
function deep(levels: number): string {
  return `${'['.repeat(levels)}1${']'.repeat(levels)}`;
}

/** Keys with values, drawn anew for each of several objects. */
function alike(values: Readonly<Record<string, fc.Arbitrary<Json>>>): fc.Arbitrary<JsonObject[]> {
  return fc
    .subarray(Object.keys(values))
    .chain((keys) =>
      fc
        .array(fc.tuple(...keys.map((key) => values[key] ?? fc.constant(null))), { minLength: 3, maxLength: 3 })
        .map((rows) => rows.map((row) => objectOf(row.map((value, i): [string, Json] => [keys[i] ?? '', value])))),
    );
}

const timestamp = '2026-11-20T09:14:33.4821907Z';

/** Records of one table and ActionType with the same columns, and the same keys in AdditionalFields. */
const classmates: fc.Arbitrary<Json[]> = fc
  .tuple(
    categories,
    fc.constantFrom<Json>(...actionTypes, 'connectionSUCCESS', null),
    alike(columnValues),
    alike(detailValues),
  )
  .map(([category, ActionType, columns, details]) =>
    columns.map((one, i) => {
      const AdditionalFields = writeJson(details[i] ?? {});
      return { category, properties: { ...one, Timestamp: timestamp, ActionType, AdditionalFields } };
    }),
  );

describe('a row made with a plan is the row made column by column', () => {
  test.each(readCases().map((one) => ({ name: one.name, one })))('in the case $name', ({ one }) => {
    const { parts, settings: using } = readCase(one);
    const plans = new Plans();
    for (const part of [...parts, ...parts, ...parts]) {
      if (part.kind === 'record') expect(transformToText(part, using, plans)).toEqual(plainText(part, using));
    }
  });

  test('for records that share columns and keys, with any values in them', () => {
    const write = jest.spyOn(Plan.prototype, 'write');
    fc.assert(fc.property(classmates, anySettings, expectNoDifference), { numRuns: 200 });
    const written = write.mock.results.filter(({ value }) => value !== undefined);
    // Most go the quick way, and some are too odd for it.
    const share = written.length / write.mock.results.length;
    expect(share).toBeGreaterThan(0.5);
    expect(share).toBeLessThan(1);
    write.mockRestore();
  });

  test('for any records', () => {
    fc.assert(fc.property(fc.array(record, { minLength: 1, maxLength: 6 }), anySettings, expectNoDifference), {
      numRuns: 200,
    });
  });

  test.each<[string, JsonObject]>([
    ['nulls in AdditionalFields', { AdditionalFields: '{"a":null,"b":[null,1],"c":{"d":null}}' }],
    ['AdditionalFields of nothing but nulls', { AdditionalFields: '{"a":null}' }],
    ['the key __proto__', { AdditionalFields: '{"__proto__":{"a":1},"toJSON":"x"}' }],
    ['keys in the order of numbers', { AdditionalFields: '{"2":1,"1":2}' }],
    ['deep nesting that is kept', { AdditionalFields: `{"a":${deep(29)}}` }],
    ['deep nesting that is cut', { AdditionalFields: `{"a":${deep(40)}}` }],
    ['a column that is an object', { InitiatingProcessFileName: { a: null }, MachineGroup: [1] }],
    ['lone surrogates', { InitiatingProcessCommandLine: 'a\ud800', AdditionalFields: '{"\\udc00":"\\ud800"}' }],
    ['a text that looks like an escape', { InitiatingProcessCommandLine: String.raw`a\ud800` }],
    ['long texts', { InitiatingProcessCommandLine: 'x'.repeat(70_000), DeviceName: '€'.repeat(30_000) }],
    ['integers past 2^53', { ReportId: 2n ** 60n, InitiatingProcessId: 2n ** 60n }],
    ['an account of empty texts', { InitiatingProcessAccountName: '', InitiatingProcessFileName: '' }],
    ['old names of columns', { MachineId: 'm', ComputerName: 'c.example', EventTime: timestamp }],
    ['old and new names of columns', { MachineId: 'm', DeviceId: 'd', ComputerName: 'c', DeviceName: null }],
    ['a column named as a source', { orientation: 'x', 'envelope.time': 'y', 'AdditionalFields.uri': 'z' }],
    ['new columns', { NewColumn: { url: 'https://u:p@a.example/' }, LogonID: 'x', FileName: 'y' }],
  ])('for %s', (_, columns) => {
    const rest = { Timestamp: timestamp, ActionType: 'HttpConnectionInspected', LocalIP: '10.0.0.1' };
    const one = { category: 'DeviceNetworkEvents', properties: { ...rest, ...columns } };
    for (const additionalFields of additionalFieldsLevels) {
      expectNoDifference([one, one, one], { ...defaultTransformSettings, additionalFields });
    }
  });

  test('for ActionTypes that differ only in case, in white space or in their type', () => {
    const actions: Json[] = ['ConnectionSuccess', ' ConnectionSuccess', 'connectionsuccess', '', null, 5, {}];
    const records = actions.map((ActionType) => ({
      category: 'DeviceNetworkEvents',
      properties: { Timestamp: timestamp, ActionType, DeviceId: 'd' },
    }));
    expectNoDifference([...records, ...records, ...records], defaultTransformSettings);
  });

  test('after more classes than are remembered, and after a change of the settings', () => {
    const plans = new Plans();
    const records = Array.from({ length: 1500 }, (_, i) => ({
      category: 'DeviceNetworkEvents',
      properties: { Timestamp: timestamp, ActionType: `New${i % 1200}`, DeviceId: `${i}` },
    }));
    const parts = readMessage(Buffer.from(writeJson({ records })));
    // One assertion for all: an assertion takes longer than a row.
    const different: unknown[] = [];
    for (const additionalFields of additionalFieldsLevels) {
      const using = { ...defaultTransformSettings, additionalFields };
      const some = additionalFields === 'full' ? parts : parts.slice(0, 100);
      for (const part of [...some, ...some]) {
        if (part.kind !== 'record') continue;
        const row = transformToText(part, using, plans);
        if (!isDeepStrictEqual(row, plainText(part, using))) different.push(row);
      }
    }
    expect(different).toEqual([]);
  });
});

test('each key of AdditionalFields reads only the ActionType and the sources that it names', () => {
  const notNamed = new Set<string>();
  for (const { parts, settings: using } of readCases().map(readCase)) {
    for (const part of parts) {
      if (part.kind !== 'record' || !isMapped(part.table) || transform(part, using).kind !== 'row') continue;
      for (const { key, from, value } of additionalFieldKeys) {
        const named = new Set<string>(['ActionType', ...from]);
        value(
          new NetworkEvent(part, part.table, using, (source) => {
            if (!named.has(source)) notNamed.add(`${key}: ${source}`);
          }),
        );
      }
    }
  }
  expect([...notNamed]).toEqual([]);
});
