import * as fc from 'fast-check';
// The column list as the Data Collection Rule is made from it.
import declared from '../../../infra/networkSessions.columns.json';
import { Books } from '../../../shared/books';
import { type Environment, readTransformSettings } from '../../../shared/config';
import { readMessage } from '../../../shared/defender/readMessage';
import { isObject, type Json, type JsonObject, parseJson } from '../../../shared/json';
import { mapping } from '../../../shared/transform/mapping';
import { Plan } from '../../../shared/transform/plan';
import { Plans } from '../../../shared/transform/plans';
import { type TransformedText, transformToText } from '../../../shared/transform/transform';
import { additionalFieldsLevels, type TransformSettings } from '../../../shared/transform/transformSettings';
import { transformBatch } from '../../../shared/transformBatch';
import { batchOf, message as messageOf, recordOf } from '../kit/batches';
import { record } from '../kit/recordKit';
import { writeJson } from '../kit/valueKit';

/** By hand, from the list of settings: what no setting takes out of a row. */
const required = [
  'TimeGenerated',
  'EventUid',
  'EventStartTime',
  'EventEndTime',
  'EventCount',
  'EventType',
  'EventSubType',
  'EventResult',
  'EventProduct',
  'EventVendor',
  'EventSchemaVersion',
  'DvcHostname',
];
const platform = ['TenantId', 'Type', 'SourceSystem', 'EventTimeIngested'];
const optional = declared.map(({ name }) => name).filter((name) => ![...required, ...platform].includes(name));

/** Some keys of AdditionalFields, and of the object in it. */
const fieldNames = [
  'Table',
  'ActionType',
  'DeviceId',
  'LocalIP',
  'RemotePort',
  'Protocol',
  'DirectionBasis',
  'Detail',
  'DetailRaw',
  'Unmapped',
  'InitiatingProcess.FileName',
  'InitiatingProcess.CommandLine',
  'InitiatingProcess.AccountSid',
  'InitiatingProcess.SHA1',
];

/** What becomes of a message with one record: as the first of its class, and as the third, which has a plan. */
function madeOf(message: Json, settings: TransformSettings): TransformedText[] {
  const [part] = readMessage(Buffer.from(writeJson(message)));
  if (part?.kind !== 'record') throw new Error('The test meant a record.');
  const plans = new Plans();
  return [1, 2, 3].map(() => transformToText(part, settings, plans)).filter((_, i) => i !== 1);
}

function rowOf(made: TransformedText | undefined): JsonObject | undefined {
  const row = made?.kind === 'row' ? parseJson(made.text) : undefined;
  return isObject(row) ? row : undefined;
}

function objectIn(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const inner = object?.[key];
  return isObject(inner) ? inner : undefined;
}

const levels = fc.constantFrom(...additionalFieldsLevels.filter((level) => level !== 'lean'));

describe('a row without some columns', () => {
  const choices = fc
    .tuple(levels, fc.constantFrom('OMIT_COLUMNS', 'KEEP_COLUMNS'), fc.subarray(optional, { minLength: 1 }))
    .map(([level, setting, names]) => ({ level, setting, names }));

  test('is the whole row with exactly these columns removed; all else that is told of the record stays', () => {
    fc.assert(
      fc.property(record, choices, (one, { level, setting, names }) => {
        const [whole] = madeOf(one, readTransformSettings({ ADDITIONAL_FIELDS: level }));
        const less = madeOf(one, readTransformSettings({ ADDITIONAL_FIELDS: level, [setting]: names.join(', ') }));
        const row = rowOf(whole);
        if (row === undefined) return expect(less).toEqual([whole, whole]);
        const removed = setting === 'OMIT_COLUMNS' ? names : optional.filter((name) => !names.includes(name));
        const expected = Object.fromEntries(Object.entries(row).filter(([name]) => !removed.includes(name)));
        for (const made of less) {
          expect(rowOf(made)).toEqual(expected);
          expect({ ...made, text: '' }).toEqual({ ...whole, text: '' });
        }
      }),
      { numRuns: 300 },
    );
  });

  test('has its columns in the order of the whole row', () => {
    const message = {
      category: 'DeviceNetworkEvents',
      properties: { Timestamp: '2026-01-01T00:00:00Z', ActionType: 'ConnectionSuccess', LocalIP: '10.0.0.1' },
    };
    const [whole] = madeOf(message, readTransformSettings({}));
    for (const made of madeOf(message, readTransformSettings({ OMIT_COLUMNS: 'EventMessage' }))) {
      expect(Object.keys(rowOf(made) ?? {})).toEqual(
        Object.keys(rowOf(whole) ?? {}).filter((name) => name !== 'EventMessage'),
      );
    }
  });

  test('of more than a megabyte is still cut, and says so in AdditionalFields, which hold nothing else then', async () => {
    const name = '\u0001'.repeat(65_536);
    const large = recordOf(1, { ActionType: `${name}ConnectionInspected`, DeviceName: `${name}.x` });
    const settings = readTransformSettings({ OMIT_COLUMNS: 'AdditionalFields' });
    const { rows } = await transformBatch(batchOf([messageOf(large, recordOf(2))]), settings, new Books());
    const [cut, whole] = rows.map(({ text }) => parseJson(text));
    expect(Buffer.byteLength(rows[0]?.text ?? '')).toBeLessThanOrEqual(1_000_000);
    expect(cut).toMatchObject({ AdditionalFields: { Truncated: true } });
    expect(isObject(cut) && Object.keys(objectIn(cut, 'AdditionalFields') ?? {})).toEqual(['Truncated']);
    expect(whole).not.toHaveProperty('AdditionalFields');
  });

  test('costs nothing for them: a column that is left out is never worked out', () => {
    const spies = [
      jest.spyOn(mapping.UrlHostname, 'value'),
      jest.spyOn(mapping.EventSeverity, 'value'),
      jest.spyOn(mapping.AdditionalFields, 'value'),
    ];
    const columns = { RemoteUrl: 'https://a.example/', MachineGroup: 'm' };
    const properties = { Timestamp: '2026-01-01T00:00:00Z', ActionType: 'ConnectionSuccess', ...columns };
    const names = 'UrlHostname,EventSeverity,AdditionalFields';
    const calls = (settings: TransformSettings): number[] => {
      madeOf({ category: 'DeviceNetworkEvents', properties }, settings);
      return spies.map(({ mock }) => mock.calls.length);
    };
    expect(calls(readTransformSettings({ OMIT_COLUMNS: names }))).toEqual([0, 0, 0]);
    expect(Math.min(...calls(readTransformSettings({})))).toBeGreaterThan(0);
    for (const spy of spies) spy.mockRestore();
  });
});

describe('AdditionalFields without some keys', () => {
  /** Their values may move to Raw, if their column cannot take them. */
  const shownInRaw = new Set(['LocalIP', 'RemotePort', 'Detail']);

  test('are the whole AdditionalFields with exactly these keys removed, and nothing where none is left', () => {
    fc.assert(
      fc.property(record, levels, fc.subarray(fieldNames, { minLength: 1 }), (one, level, names) => {
        const [whole] = madeOf(one, readTransformSettings({ ADDITIONAL_FIELDS: level }));
        const row = rowOf(whole);
        const fields = objectIn(row, 'AdditionalFields');
        if (row === undefined || fields === undefined || 'Truncated' in fields) return;
        const without = (name: string) => !names.includes(name);
        const process = Object.entries(objectIn(fields, 'InitiatingProcess') ?? {}).filter(([key]) =>
          without(`InitiatingProcess.${key}`),
        );
        const isRawOpen = names.some((name) => shownInRaw.has(name));
        const expected = Object.fromEntries(
          Object.entries(fields)
            .map(([key, value]): [string, Json] =>
              key === 'InitiatingProcess' ? [key, Object.fromEntries(process)] : [key, value],
            )
            .filter(([key]) => without(key) && !(key === 'InitiatingProcess' && process.length === 0))
            .filter(([key]) => key !== 'Raw' || !isRawOpen),
        );
        const environment = { ADDITIONAL_FIELDS: level, OMIT_ADDITIONAL_FIELDS: names.join(',') };
        for (const made of madeOf(one, readTransformSettings(environment))) {
          const { AdditionalFields: found = {}, ...columns } = rowOf(made) ?? {};
          const { AdditionalFields: _, ...wholeColumns } = row;
          const { Raw: raw, ...rest } = isObject(found) ? found : {};
          expect(isRawOpen || raw === undefined ? rest : found).toEqual(expected);
          expect(columns).toEqual(wholeColumns);
        }
      }),
      { numRuns: 300 },
    );
  });

  const properties = { Timestamp: '2026-01-01T00:00:00Z', ActionType: 'ConnectionSuccess', LocalIP: '10.0.0.1' };
  const fieldsOf = (environment: Environment, more: JsonObject = {}): unknown[] =>
    madeOf(
      { category: 'DeviceNetworkEvents', properties: { ...properties, ...more } },
      readTransformSettings(environment),
    ).map((made) => rowOf(made)?.['AdditionalFields']);

  test('are no column where no key is left', () => {
    const names = 'Table,ActionType,LocalIP,DirectionBasis';
    expect(fieldsOf({ OMIT_ADDITIONAL_FIELDS: names })).toEqual([undefined, undefined]);
    expect(fieldsOf({ OMIT_ADDITIONAL_FIELDS: `${names},InitiatingProcess` }, { InitiatingProcessId: 4 })).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('are made with a plan where only an object is left', () => {
    const environment = { OMIT_ADDITIONAL_FIELDS: 'Table,ActionType,LocalIP,DirectionBasis' };
    const fields = { InitiatingProcess: { Id: 4 } };
    const write = jest.spyOn(Plan.prototype, 'write');
    expect(fieldsOf(environment, { InitiatingProcessId: 4 })).toEqual([fields, fields]);
    expect(write.mock.results.map(({ value }) => typeof value)).toEqual(['string', 'string']);
    write.mockRestore();
  });

  test('keep in Raw an address, a port and a number of events that their columns cannot take', () => {
    const odd = {
      ActionType: 'ConnectionSuccessAggregatedReport',
      RemoteIP: 'unknown host',
      RemotePort: 'http',
      AdditionalFields: '{"uniqueEventsAggregated":"many"}',
    };
    const names = 'Table,ActionType,LocalIP,DirectionBasis,RemoteIP,RemotePort,Detail,TimeBasis';
    const fields = { Raw: { RemoteIP: 'unknown host', RemotePort: 'http', uniqueEventsAggregated: 'many' } };
    expect(fieldsOf({ OMIT_ADDITIONAL_FIELDS: names }, odd)).toEqual([fields, fields]);
    expect(fieldsOf({ OMIT_ADDITIONAL_FIELDS: `${names},Raw` }, odd)).toEqual([undefined, undefined]);
  });
});
