import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { brokenRules } from '../../../scripts/hostile/rowRules';
import type { DefenderRecord } from '../../../shared/defender/messageParts';
import { readMessage } from '../../../shared/defender/readMessage';
import type { Json, JsonObject } from '../../../shared/json';
import { type Transformed, transform } from '../../../shared/transform/transform';
import { defaultTransformSettings } from '../../../shared/transform/transformSettings';
import { urlRedactions } from '../../../shared/transform/values/redactUrl';
import { anySettings } from '../kit/anySettings';
import { actionTypes, longText, properties, record } from '../kit/recordKit';
import { anyJson, deepFreeze, objectOf, writeJson } from '../kit/valueKit';

const byDefault = defaultTransformSettings;

function only(message: Json, table?: string): DefenderRecord {
  const [part, ...more] = readMessage(Buffer.from(writeJson(message)), { table });
  if (part?.kind !== 'record' || more.length > 0) throw new Error('The test meant one record.');
  return part;
}

function rowOf(message: Json, using = byDefault): Record<string, unknown> {
  const result = transform(only(message), using);
  if (result.kind !== 'row') throw new Error(`The test meant a row, not ${result.kind}.`);
  return { ...result.columns };
}

/** Reverses the keys of every object in it. */
function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return objectOf(
    Object.entries(value)
      .map(([key, inner]): [string, Json] => [key, reversed(inner)])
      .toReversed(),
  );
}

function network(columns: JsonObject): JsonObject {
  return { category: 'AdvancedHunting-DeviceNetworkEvents', properties: columns };
}

test('a row carries its own EventUid, and its own TimeGenerated in whole milliseconds', () => {
  fc.assert(
    fc.property(record, (one) => {
      const result = transform(only(one), byDefault);
      if (result.kind !== 'row') return;
      const { EventUid, TimeGenerated = '' } = result.columns;
      expect(result).toMatchObject({ uid: EventUid, time: Date.parse(TimeGenerated) });
    }),
  );
});

describe('any record', () => {
  test('becomes a row that obeys every rule, or is skipped or dead with a reason; nothing throws', () => {
    fc.assert(
      fc.property(record, anySettings, (one, using) => {
        const result = transform(only(one), using);
        if (result.kind === 'row') expect(brokenRules(result.columns)).toEqual([]);
        else expect(result.kind === 'skipped' ? result.key : result.reason).toMatch(/^\S|^$/);
      }),
      { numRuns: 300 },
    );
  });

  test('obeys every rule with a long text in any column', () => {
    const column = fc.constantFrom(
      'DeviceName',
      'RemoteUrl',
      'ActionType',
      'Protocol',
      'NewColumn',
      'DeviceId',
      'Detail',
    );
    fc.assert(
      fc.property(properties, column, longText, (columns, name, text) => {
        const value = name === 'Detail' ? { user_agent: text, uid: text } : text;
        const key = name === 'Detail' ? 'AdditionalFields' : name;
        const result = transform(only(network(objectOf([...Object.entries(columns), [key, value]]))), byDefault);
        if (result.kind === 'row') expect(brokenRules(result.columns)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test('gives the same outcome each time and is not changed', () => {
    fc.assert(
      fc.property(record, anySettings, (one, using) => {
        const frozen = deepFreeze(only(one));
        const first = transform(frozen, deepFreeze({ ...using }));
        expect(isDeepStrictEqual(transform(frozen, using), first)).toBe(true);
        expect(isDeepStrictEqual(transform(only(one), using), first)).toBe(true);
      }),
    );
  });

  test('gives the same row for any order of its keys', () => {
    fc.assert(
      fc.property(record, (one) => {
        const [there, back] = [transformed(one), transformed(reversed(one))];
        expect(isDeepStrictEqual(back, 'news' in there && 'news' in back ? { ...there, news: back.news } : there)).toBe(
          true,
        );
      }),
      { numRuns: 200 },
    );
  });

  test('gives the same row whichever records are beside it in its message', () => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 4 }),
        fc.array(anyJson, { maxLength: 2 }),
        (ones, junk) => {
          const parts = readMessage(Buffer.from(writeJson({ records: [...junk, ...ones, ...ones] })));
          const together = parts.slice(junk.length).map((part) => part.kind === 'record' && transform(part, byDefault));
          const alone = [...ones, ...ones].map(transformed);
          expect(isDeepStrictEqual(together, alone)).toBe(true);
        },
      ),
    );
  });

  test('cannot reach the prototype of other objects', () => {
    const poison = objectOf([
      ['__proto__', { polluted: 1 }],
      ['constructor', { prototype: { polluted: 1 } }],
    ]);
    const columns = {
      Timestamp: '2026-01-01T00:00:00Z',
      AdditionalFields: poison,
      New: poison,
      __proto__: null,
      ...poison,
    };
    const row = rowOf(network(columns));
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(brokenRules(row)).toEqual([]);
  });

  test('reads no column from a prototype in its JSON', () => {
    const text =
      '{"category":"DeviceNetworkEvents","properties":{"Timestamp":"2026-01-01T00:00:00Z","ReportId":9007199254740993,"__proto__":{"LocalIP":"10.0.0.1","DeviceName":"forged"}}}';
    const [part] = readMessage(Buffer.from(text));
    const result = part?.kind === 'record' ? transform(part, byDefault) : undefined;
    expect(result?.kind === 'row' && [result.columns.SrcIpAddr, result.columns.DvcHostname]).toEqual([
      undefined,
      undefined,
    ]);
  });
});

function transformed(message: Json): Transformed {
  return transform(only(message), byDefault);
}

describe('source and destination', () => {
  test('never come from the same end, and a port stays with its address', () => {
    const ends = { LocalIP: '10.0.0.1', RemoteIP: '192.0.2.9' };
    const port = fc.integer({ min: 1, max: 65_535 });
    const direction = fc.constantFrom('In', 'Out', '', 'x');
    fc.assert(
      fc.property(fc.constantFrom(...actionTypes), port, port, direction, (ActionType, LocalPort, RemotePort, said) => {
        fc.pre(LocalPort !== RemotePort);
        const columns = { Timestamp: '2026-01-01T00:00:00Z', ActionType, LocalPort, RemotePort, ...ends };
        const category = /Firewall|NetworkProtection/.test(ActionType) ? 'DeviceEvents' : 'DeviceNetworkEvents';
        const row = rowOf({
          category,
          properties: { ...columns, AdditionalFields: JSON.stringify({ direction: said }) },
        });
        const local = ['10.0.0.1', LocalPort];
        const remote = ['192.0.2.9', RemotePort];
        const source = [row['SrcIpAddr'], row['SrcPortNumber']];
        const destination = [row['DstIpAddr'], row['DstPortNumber']];
        if (ActionType === 'ListeningConnectionCreated') {
          expect([source, destination]).toEqual([[undefined, undefined], local]);
        } else {
          expect([
            [local, remote],
            [remote, local],
          ]).toContainEqual([source, destination]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('empty text', () => {
  const nothing: [string, JsonObject][] = [
    ['a device name of a dash and a domain', { DeviceName: '-.example' }],
    ['a device name with an empty label', { DeviceName: '. .' }],
    ['a device whose domain is a dash', { DeviceName: 'host.-' }],
    ['a device whose domain is null', { DeviceName: 'host.null' }],
    ['a URL of credentials only', { RemoteUrl: 'user:password@' }],
    ['a URL of a query only', { RemoteUrl: '?a=b' }],
    ['a URL whose host is a dash', { RemoteUrl: 'https://-/' }],
    ['a URL whose host is null', { RemoteUrl: 'https://null/' }],
    ['a redacted dash', { RemoteUrl: 'user@-' }],
    [
      'a referrer of credentials only',
      { ActionType: 'HttpConnectionInspected', AdditionalFields: { referrer: 'user@', host: 'a.example', uri: '/' } },
    ],
  ];
  test.each(nothing)('leaves its column out: %s', (_, columns) => {
    for (const urlRedaction of urlRedactions) {
      const row = rowOf(network({ Timestamp: '2026-01-01T00:00:00Z', ...columns }), { ...byDefault, urlRedaction });
      expect(brokenRules(row)).toEqual([]);
    }
  });
});
