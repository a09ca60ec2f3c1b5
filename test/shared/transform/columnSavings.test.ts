import * as fc from 'fast-check';
import { Books } from '../../../shared/books';
import { type Environment, readTransformSettings } from '../../../shared/config';
import type { JsonObject } from '../../../shared/json';
import type { Saving } from '../../../shared/savings';
import type { Row } from '../../../shared/sessions/row';
import { mapping } from '../../../shared/transform/mapping';
import type { TransformSettings } from '../../../shared/transform/transformSettings';
import { transformBatch } from '../../../shared/transformBatch';
import { anySettings } from '../kit/anySettings';
import { batchOf, message, recordOf } from '../kit/batches';
import { record } from '../kit/recordKit';
import { writeJson } from '../kit/valueKit';

async function rowsOf(
  records: readonly object[],
  settings: Parameters<typeof transformBatch>[1],
  measuredOneIn?: number,
): Promise<readonly Row[]> {
  const options = measuredOneIn === undefined ? {} : { measuredOneIn };
  return (await transformBatch(batchOf([message(...records)]), settings, new Books(), options)).rows;
}

const connection = {
  LocalIP: '10.0.0.1',
  RemoteIP: '203.0.113.9',
  MachineGroup: 'servers',
  InitiatingProcessSHA1: 'a'.repeat(40),
};

async function savedBy(environment: Environment, more: JsonObject = connection): Promise<readonly Saving[]> {
  const [row] = await rowsOf([recordOf(1, more)], readTransformSettings(environment), 1);
  if (row === undefined) throw new Error('The record became no row.');
  return row.saved;
}

const textOf = (key: string, value: string): string => `"${key}":"${value}",`;

describe('what a setting about columns and keys saves in a row', () => {
  test('is the JSON text of the column, under the name of the setting', async () => {
    // By hand: ,"EventMessage":"ConnectionSuccess"
    const bytes = textOf('EventMessage', 'ConnectionSuccess').length;
    expect(await savedBy({ OMIT_COLUMNS: 'EventMessage' })).toEqual([
      { lever: 'OMIT_COLUMNS', name: '', rows: 0, bytes },
    ]);
  });

  test('is told of KEEP_COLUMNS where that is the setting', async () => {
    const [saving, ...others] = await savedBy({ KEEP_COLUMNS: 'SrcIpAddr' });
    expect(saving).toMatchObject({ lever: 'KEEP_COLUMNS', name: '', rows: 0 });
    expect(others).toEqual([]);
  });

  test('is the JSON text of the key, in bytes and not in characters', async () => {
    const bytes = textOf('MachineGroup', 'Büro').length + 1;
    expect(await savedBy({ OMIT_ADDITIONAL_FIELDS: 'MachineGroup' }, { ...connection, MachineGroup: 'Büro' })).toEqual([
      { lever: 'OMIT_ADDITIONAL_FIELDS', name: '', rows: 0, bytes },
    ]);
  });

  test('is that of the level of ADDITIONAL_FIELDS, by its name', async () => {
    // By hand: SHA1 has a place at full and process, not at minimal.
    const [saving] = await savedBy({ ADDITIONAL_FIELDS: 'minimal' });
    expect(saving).toMatchObject({ lever: 'ADDITIONAL_FIELDS', name: 'minimal', rows: 0 });
    expect(saving?.bytes).toBeGreaterThan(textOf('MachineGroup', 'servers').length);
  });

  test('counts once what two settings leave out: for the one that acts first', async () => {
    const all = await savedBy({
      OMIT_COLUMNS: 'AdditionalFields',
      OMIT_ADDITIONAL_FIELDS: 'MachineGroup',
      ADDITIONAL_FIELDS: 'minimal',
    });
    const alone = await savedBy({ OMIT_COLUMNS: 'AdditionalFields' });
    expect(all).toEqual([
      { lever: 'ADDITIONAL_FIELDS', name: 'minimal', rows: 0, bytes: 0 },
      { lever: 'OMIT_ADDITIONAL_FIELDS', name: '', rows: 0, bytes: 0 },
      ...alone,
    ]);
  });

  test('is nothing with none of them set, whatever else is', async () => {
    expect(await savedBy({})).toEqual([]);
    expect(await savedBy({ URL_REDACTION: 'none', PROXY_ADDRESSES: '10.0.0.1' })).toEqual([]);
    expect(await savedBy({ KEEP_COLUMNS: '' })).toEqual([]);
  });

  test('is never less than nothing: a key that comes back in Raw makes a row larger', async () => {
    const odd = { ...connection, LocalIP: 'unknown host' };
    expect(await savedBy({ OMIT_ADDITIONAL_FIELDS: 'LocalIP' }, odd)).toEqual([
      { lever: 'OMIT_ADDITIONAL_FIELDS', name: '', rows: 0, bytes: 0 },
    ]);
  });

  test('is not known where a column that is left out cannot be worked out; the row is sent', async () => {
    const spy = jest.spyOn(mapping.EventMessage, 'value').mockImplementation(() => {
      throw new RangeError('a bug of ours');
    });
    expect(await savedBy({ OMIT_COLUMNS: 'EventMessage' })).toEqual([]);
    spy.mockRestore();
  });

  test('and the bytes of the row are together the bytes of the row without these settings', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 4 }), anySettings, async (records, settings) => {
        const body = Buffer.from(`{"records":[${records.map(writeJson).join(',')}]}`);
        const whole: TransformSettings = {
          ...settings,
          additionalFields: 'full',
          omittedColumns: new Set(),
          omittedFields: new Set(),
        };
        const [less, all] = await Promise.all(
          [settings, whole].map(async (one) => transformBatch(batchOf([body]), one, new Books(), { measuredOneIn: 1 })),
        );
        expect(less?.rows.length).toBe(all?.rows.length);
        for (const [i, { text, saved }] of (less?.rows ?? []).entries()) {
          const before = Buffer.byteLength(all?.rows[i]?.text ?? '');
          const bytes = saved.reduce((sum, one) => sum + one.bytes, 0);
          expect(saved.every((one) => one.bytes >= 0 && one.rows === 0)).toBe(true);
          expect(Buffer.byteLength(text) + bytes).toBe(Math.max(before, Buffer.byteLength(text)));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the estimate of what they save', () => {
  const settings = readTransformSettings({ OMIT_COLUMNS: 'EventMessage' });
  const bytes = textOf('EventMessage', 'ConnectionSuccess').length;
  const records = Array.from({ length: 20_000 }, (_, id) => recordOf(id));

  test('measures about one row in a hundred, each for a hundred', async () => {
    const rows = await rowsOf(records, settings);
    const measured = rows.filter(({ saved }) => saved.length > 0);
    expect(measured.length).toBeGreaterThan(140);
    expect(measured.length).toBeLessThan(260);
    for (const { saved } of measured) {
      expect(saved).toEqual([{ lever: 'OMIT_COLUMNS', name: '', rows: 0, bytes: bytes * 100 }]);
    }
  });

  test('measures the same records each time, wherever they stand', async () => {
    const all = [records.toReversed().slice(0, 5000), records.slice(15_000)];
    const rows = await Promise.all(all.map(async (some) => rowsOf(some, settings)));
    const [one, other] = rows.map(
      (some) => new Set(some.filter(({ saved }) => saved.length > 0).map(({ uid }) => uid)),
    );
    expect(one).toEqual(other);
    expect(one?.size).toBeGreaterThan(20);
  });
});
