import { isDeepStrictEqual } from 'node:util';
import { generateStream } from 'defender-samples';
import * as fc from 'fast-check';
import { type Environment, readTransformSettings } from '../../../shared/config';
import type { DefenderRecord } from '../../../shared/defender/messageParts';
import { readMessage } from '../../../shared/defender/readMessage';
import { isObject, type Json, type JsonObject, parseJson } from '../../../shared/json';
import { Plans } from '../../../shared/transform/plans';
import { transformToText } from '../../../shared/transform/transform';
import { record } from '../kit/recordKit';
import { writeJson } from '../kit/valueKit';

/**
 * Which side of a row is the Local end, read from the row alone as docs/mapping.md says in "Source and destination": an own
 * reading of that table, without the code under test. Undefined where the row does not say it.
 */
function sideOfLocal(row: JsonObject): 'Src' | 'Dst' | undefined {
  const { EventSubType, NetworkDirection, AdditionalFields } = row;
  const basis = isObject(AdditionalFields) ? AdditionalFields['DirectionBasis'] : undefined;
  const action = (typeof EventSubType === 'string' ? EventSubType : '')
    .toLowerCase()
    .replace(/aggregatedreport$/, '')
    .trim();
  if (action === 'networksignatureinspected') return undefined;
  if (action === 'inboundinternetscaninspected') return 'Src';
  if (action === 'listeningconnectioncreated') return 'Dst';
  if (action.endsWith('inspected')) {
    if (NetworkDirection === undefined) return undefined;
    return basis === 'ports' ? 'Dst' : 'Src';
  }
  return NetworkDirection === 'Inbound' ? 'Dst' : 'Src';
}

/** The side that is the device, from the columns that are made for it alone. */
const either = ['Src', 'Dst'] as const;

function holders(row: JsonObject): Record<string, readonly (Json | undefined)[]> {
  const local = sideOfLocal(row);
  const remote = local === 'Src' ? 'Dst' : 'Src';
  const at = (side: string | undefined, column: string) => (side === undefined ? [] : [row[`${side}${column}`]]);
  const user = (part: string) => either.map((side) => row[`${side}User${part}`]);
  const protocol = row['NetworkProtocol'];
  return {
    ActionType: [row['EventSubType']],
    LocalIP: at(local, 'IpAddr'),
    LocalPort: at(local, 'PortNumber'),
    RemoteIP: at(local && remote, 'IpAddr'),
    RemotePort: at(local && remote, 'PortNumber'),
    Protocol: typeof protocol === 'string' ? [`${protocol[0]}${protocol.slice(1).toLowerCase()}`] : [],
    'InitiatingProcess.AccountName': user('Name'),
    'InitiatingProcess.AccountDomain': user('Domain'),
    'InitiatingProcess.AccountSid': user('Sid'),
    'InitiatingProcess.AccountUpn': user('Upn'),
    'InitiatingProcess.AccountObjectId': user('AadId'),
  };
}

function rowsOf(part: DefenderRecord, environment: Environment): JsonObject[] {
  const settings = readTransformSettings(environment);
  const plans = new Plans();
  return [1, 2, 3].flatMap(() => {
    const made = transformToText(part, settings, plans);
    const row = made.kind === 'row' ? parseJson(made.text) : undefined;
    return isObject(row) ? [row] : [];
  });
}

/** AdditionalFields as pairs, those inside InitiatingProcess too. */
function fieldsOf({ AdditionalFields: fields }: JsonObject): Map<string, Json> {
  const { InitiatingProcess: process = {}, ...others } = isObject(fields) ? fields : {};
  const inner = isObject(process) ? Object.entries(process) : [];
  return new Map([
    ...Object.entries(others),
    ...inner.map(([key, value]): [string, Json] => [`InitiatingProcess.${key}`, value]),
  ]);
}

interface Comparison {
  /** The keys that lean leaves out. */
  readonly leftOut: ReadonlySet<string>;
  /** What is neither as at full nor in a column. */
  readonly wrong: readonly unknown[];
}

/** A record at `lean` and at `full`, made with a plan and without. */
function compared(part: DefenderRecord, environment: Environment = {}): Comparison {
  const leftOut = new Set<string>();
  const wrong: unknown[] = [];
  const [whole] = rowsOf(part, environment);
  const full = whole === undefined ? undefined : fieldsOf(whole);
  if (whole === undefined || full === undefined || full.has('Truncated')) return { leftOut, wrong };
  const rows = rowsOf(part, { ...environment, ADDITIONAL_FIELDS: 'lean' });
  for (const row of rows) {
    if (!isDeepStrictEqual(row, rows[0])) wrong.push({ withPlan: row, without: rows[0] });
    const { AdditionalFields: _, ...columns } = row;
    const { AdditionalFields: __, ...wholeColumns } = whole;
    if (!isDeepStrictEqual(columns, wholeColumns)) wrong.push({ columns, wholeColumns });
    const lean = fieldsOf(row);
    const found = holders(row);
    for (const [key, value] of lean) {
      if (!isDeepStrictEqual(value, full.get(key))) wrong.push({ key, value, full: full.get(key) });
    }
    for (const [key, value] of full) {
      if (lean.has(key)) continue;
      if (found[key]?.includes(value) !== true) wrong.push({ key, value, columns: found[key] });
      leftOut.add(key);
    }
  }
  return { leftOut, wrong };
}

function partOf(message: Json): DefenderRecord {
  const [part] = readMessage(Buffer.from(writeJson(message)));
  if (part?.kind !== 'record') throw new Error('The test meant a record.');
  return part;
}

describe('what lean leaves out is in a column of the same row, and all else is as at full', () => {
  test('for 2,000 believable records, of which each key is left out of some', () => {
    const counts = new Map<string, number>();
    const wrong: unknown[] = [];
    let records = 0;
    for (const { body } of generateStream({ records: 2100, seed: 7, end: new Date('2026-01-01T00:00:00Z') })) {
      for (const part of readMessage(body)) {
        if (part.kind !== 'record') continue;
        records++;
        const found = compared(part);
        wrong.push(...found.wrong);
        for (const key of found.leftOut) counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    expect(wrong).toEqual([]);
    expect(records).toBeGreaterThan(2000);
    expect([...counts.keys()].toSorted()).toEqual(Object.keys(holders({})).toSorted());
    for (const count of counts.values()) expect(count).toBeGreaterThan(50);
  });

  test('for 2,000 records with any values', () => {
    fc.assert(
      fc.property(record, (one) => {
        expect(compared(partOf(one)).wrong).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a key stays at lean', () => {
  const properties = {
    Timestamp: '2026-01-01T00:00:00Z',
    DeviceId: 'd',
    DeviceName: 'ws01.corp.example',
    ReportId: 1,
    ActionType: 'ConnectionSuccess',
    LocalIP: '10.0.0.1',
    LocalPort: 50_123,
    RemoteIP: '203.0.113.80',
    RemotePort: 443,
    Protocol: 'Tcp',
    InitiatingProcessAccountName: 'adele',
    InitiatingProcessAccountDomain: 'corp',
    InitiatingProcessAccountSid: 'S-1-5-21-1-2-3-1104',
    InitiatingProcessAccountUpn: 'adele@corp.example',
    InitiatingProcessAccountObjectId: '5c0f9a52-8a34-4d0b-a3b7-6b1e2c9d4f10',
  };
  const account = ['AccountDomain', 'AccountName', 'AccountObjectId', 'AccountSid', 'AccountUpn'];
  const all = [
    'ActionType',
    ...account.map((key) => `InitiatingProcess.${key}`),
    'LocalIP',
    'LocalPort',
    'Protocol',
    'RemoteIP',
    'RemotePort',
  ];
  const message = (more: JsonObject): Json => ({
    category: 'DeviceNetworkEvents',
    properties: { ...properties, ...more },
  });
  const leftOutOf = (more: JsonObject, environment: Environment = {}): string[] => {
    const { leftOut, wrong } = compared(partOf(message(more)), environment);
    expect(wrong).toEqual([]);
    return [...leftOut].toSorted();
  };
  const allBut = (...keys: string[]): string[] => all.filter((key) => !keys.includes(key));
  const ends = ['LocalIP', 'LocalPort', 'RemoteIP', 'RemotePort'];

  test('not at all where every column holds its value', () => {
    expect(leftOutOf({})).toEqual(all);
  });

  test.each<[string, JsonObject, string[]]>([
    ['an address in another spelling', { RemoteIP: '::ffff:203.0.113.80' }, ['RemoteIP']],
    ['an address with a port', { RemoteIP: '203.0.113.80:443' }, ['RemoteIP']],
    ['what is no address', { RemoteIP: 'unknown' }, ['RemoteIP']],
    ['a port sent as text', { LocalPort: '50123' }, ['LocalPort']],
    ['port 0', { LocalPort: 0 }, ['LocalPort']],
    ['a protocol with a version', { Protocol: 'TcpV4' }, ['Protocol']],
    ['a protocol in other letters', { Protocol: 'TCP' }, ['Protocol']],
    ['a protocol by its number', { Protocol: 6 }, ['Protocol']],
    ['an action type with white space', { ActionType: ' ConnectionSuccess' }, ['ActionType']],
    [
      'a SID in small letters',
      { InitiatingProcessAccountSid: 's-1-5-21-1-2-3-1104' },
      ['InitiatingProcess.AccountSid'],
    ],
    ['the SID of nobody', { InitiatingProcessAccountSid: 'S-1-0-0' }, ['InitiatingProcess.AccountSid']],
    ['a name without a domain', { InitiatingProcessAccountDomain: '' }, ['InitiatingProcess.AccountName']],
    ['a domain without a name', { InitiatingProcessAccountName: '' }, ['InitiatingProcess.AccountDomain']],
    ['a UPN with white space', { InitiatingProcessAccountUpn: ' a@b.example ' }, ['InitiatingProcess.AccountUpn']],
  ])('with %s', (_, more, kept) => {
    const empty = Object.entries(more).flatMap(([key, value]) =>
      value === '' ? [key.replace('Process', 'Process.')] : [],
    );
    expect(leftOutOf(more)).toEqual(allBut(...kept, ...empty));
  });

  test('with an action type that its column cannot hold as a whole', () => {
    const [row] = rowsOf(partOf(message({ ActionType: 'x'.repeat(65_537) })), { ADDITIONAL_FIELDS: 'lean' });
    expect(row?.['AdditionalFields']).toMatchObject({
      ActionType: expect.stringMatching(/^x{50000}/) as unknown,
      Truncated: true,
    });
  });

  test('where the row does not say which side is the device', () => {
    const signature = { ActionType: 'NetworkSignatureInspected' };
    expect(leftOutOf(signature)).toEqual(['ActionType', 'Protocol']);
    expect(leftOutOf({ ActionType: 'HttpConnectionInspected' })).toEqual(['ActionType', 'Protocol']);
  });

  test('for the end that has no side, and the port that an aggregated report does not have', () => {
    expect(leftOutOf({ ActionType: 'ListeningConnectionCreated' })).toEqual(allBut('RemoteIP', 'RemotePort'));
    expect(leftOutOf({ ActionType: 'ConnectionSuccessAggregatedReport' })).toEqual(allBut('LocalPort'));
  });

  test('for an account beside a login', () => {
    const ntlm = {
      ActionType: 'NtlmAuthenticationInspected',
      AdditionalFields: '{"direction":"In","username":"adele"}',
    };
    expect(leftOutOf(ntlm)).toEqual(allBut('InitiatingProcess.AccountDomain', 'InitiatingProcess.AccountName'));
  });

  test.each<[Environment, string[]]>([
    [{ OMIT_COLUMNS: 'NetworkProtocol' }, ['Protocol']],
    [{ OMIT_COLUMNS: 'SrcIpAddr' }, ['LocalIP', 'RemoteIP']],
    [{ OMIT_COLUMNS: 'DstPortNumber' }, ['LocalPort', 'RemotePort']],
    [{ OMIT_COLUMNS: 'NetworkDirection' }, ends],
    [{ OMIT_COLUMNS: 'DstUserSid' }, ['InitiatingProcess.AccountSid']],
    [{ OMIT_COLUMNS: 'SrcUserDomain' }, ['InitiatingProcess.AccountDomain', 'InitiatingProcess.AccountName']],
    [{ KEEP_COLUMNS: 'AdditionalFields' }, allBut('ActionType')],
    [{ OMIT_ADDITIONAL_FIELDS: 'DirectionBasis' }, ends],
    [{ OMIT_COLUMNS: 'EventMessage,UrlOriginal' }, []],
  ])('where a setting leaves out a column or key that it takes: %j', (environment, kept) => {
    expect(leftOutOf({}, environment)).toEqual(allBut(...kept));
  });
});

test('half a surrogate pair, which rows have as U+FFFD, is in its column and nowhere else, escaped or replaced before', () => {
  const sent = ['"a\\ud800"', '"a\ufffd"'].map((account) => {
    const properties = `{"Timestamp":"2026-01-01T00:00:00Z","ActionType":"ConnectionSuccess","InitiatingProcessAccountObjectId":${account}}`;
    const [part] = readMessage(`{"records":[{"category":"DeviceNetworkEvents","properties":${properties}}]}`);
    if (part?.kind !== 'record') throw new Error('The test meant a record.');
    return rowsOf(part, { ADDITIONAL_FIELDS: 'lean' }).map((row) => [
      row['SrcUserAadId'],
      fieldsOf(row).get('InitiatingProcess.AccountObjectId'),
    ]);
  });
  const [escaped] = sent;
  expect(escaped).toEqual([
    ['a\ufffd', undefined],
    ['a\ufffd', undefined],
    ['a\ufffd', undefined],
  ]);
  expect(sent[1]).toEqual(escaped);
});
