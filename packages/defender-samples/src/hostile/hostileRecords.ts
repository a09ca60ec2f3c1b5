import { deckOf, type NonEmpty, type Random } from '../random';
import { anyCase, type Column, columns, detailColumns, valueOf } from './hostileColumns';
import { hostileValue, keys, listed, monster, nothings, quoted } from './hostileValues';
import { badTime, goodTime } from './times';

/** The expected outcome of a record, known from how it was made, never from running the product. */
export type HostileOutcome = 'row' | 'skipped' | 'duplicate' | DeadReason;
export type DeadReason = 'InvalidJson' | 'EmptyMessage' | 'NotARecord' | 'NoCategory' | 'NoProperties' | 'BadTimestamp';

export interface HostileRecord {
  /** JSON without line breaks. */
  readonly text: string;
  readonly outcome: HostileOutcome;
}

type Given = Readonly<Record<string, string>>;
/** A kind of record: hostile in everything except what decides its outcome. `serial` makes its EventUid unique. */
type Kind = (random: Random, serial: number) => HostileRecord;

const networkTables = ['DeviceNetworkEvents', 'NetworkCommunicationEvents'] as const;
const firewallActions = [
  'FirewallOutboundConnectionBlocked',
  'FirewallInboundConnectionBlocked',
  'FirewallInboundConnectionBlockedAggregatedReport',
] as const;
const protectionActions = [
  'ExploitGuardNetworkProtectionBlocked',
  'ExploitGuardNetworkProtectionAudited',
  'NetworkProtectionUserBypassEvent',
] as const;
const addressOfPeer = listed`"192.0.2.1" | "2001:db8::1" | "no address" | "<unknown>"`;
const urlOfPeer = listed`"https://a.example/" | "C:\\x.lnk" | "uri=" | "@"`;
const detailsOfPeer = listed`
  "{\"Uri\":\"https://a.example/\"}" | "[{\"REMOTEADDRESS\":\"192.0.2.1\"}]" | "{\"uri\":\"x\",\"Uri\":null,\"b" | {"remoteip":"no address"}`;
const detailsOfNobody: NonEmpty<string> = [
  ...nothings,
  ...listed`"{\"Uri\":\"-\"}" | "{\"RemoteAddress\":[]}" | "{\"Uri\":\"x"`,
];
/** Mostly near misses of known action types; none of them may match. */
const otherActions: NonEmpty<string> = [
  ...listed`
  "FirewallInboundConnectionToAppBlocked" | "DnsQueryResponse" | "Connection Success" | "ConnectionSuccess" | "FirewallOutboundConnectionBlocked."
  | "Firewall\u200bOutboundConnectionBlocked" | "F\u0131rewallOutboundConnectionBlocked" | "__proto__" | "toString" | "\ud800" | "" | "-" | null | 7
  | ["FirewallOutboundConnectionBlocked"]`,
  quoted('x'.repeat(5000)),
];
const otherTables: NonEmpty<string> = [
  ...listed`
  "AdvancedHunting-DeviceProcessEvents" | "AdvancedHunting-DeviceNetworkEvents2" | "AdvancedHunting-AdvancedHunting-DeviceNetworkEvents"
  | "AdvancedHunting-" | "AdvancedHunting- " | "Device NetworkEvents" | "DeviceNetworkEvents\u200b" | "-" | "null" | "__proto__" | "constructor"
  | "toString" | "hasOwnProperty" | "\ud800" | "\u0000" | "\u202e" | "../DeviceEvents"`,
  quoted('x'.repeat(20_000)),
];
const noNames = listed`null | 7 | {} | ["DeviceNetworkEvents"] | true | "" | " " | "\u00a0\t"`;
const notProperties = listed`
  null | 7 | [] | [{"Timestamp":"2026-01-01T00:00:00Z"}] | true | 9007199254740993 | 1e400 | "" | "text" | "{\"Timestamp\":" | "null" | "[]" | "7"
  | "\"{}\"" | "{'a':1}" | "{\"a\":1}{" | "\ud800"`;
const notRecords: NonEmpty<string> = [
  ...listed`
  null | 7 | -0 | 1e400 | 9007199254740993 | true | [] | [[[[]]]] | [{"category":"DeviceNetworkEvents"}] | "" | "heartbeat" | "{}"
  | "{\"category\":\"DeviceNetworkEvents\",\"properties\":{}}" | "\ud800"`,
  `${'['.repeat(3000)}${']'.repeat(3000)}`,
];

const deck = deckOf<Kind>([
  [networkRow, 760],
  [firewallRow, 60],
  [protectionEvent, 30],
  [otherEvent, 20],
  [otherTable, 40],
  [badTimestamp, 30],
  [noCategory, 20],
  [noProperties, 20],
  [(random) => ({ text: random.pick(notRecords), outcome: 'NotARecord' }), 20],
]);

const columnList = [...columns];
const detailList = [...detailColumns];

/** One record in this many makes a row larger than one call to the service takes, unless the row is shortened. */
const largestInterval = 10_000;
/** One record in this many holds a value that is large or deep. */
const monsterInterval = 500;

export function hostileRecord(random: Random, serial: number): HostileRecord {
  if (!random.oneIn(largestInterval)) return random.pick(deck)(random, serial);
  // Three columns are made of it, each of 65,536 characters that JSON writes as six.
  const ActionType = `"${'\\u0000'.repeat(70_000)}"`;
  return { text: networkEvent(random, { ...identity(random, serial), ...timed(random), ActionType }), outcome: 'row' };
}

function networkRow(random: Random, serial: number): HostileRecord {
  return { text: networkEvent(random, { ...identity(random, serial), ...timed(random) }), outcome: 'row' };
}

function firewallRow(random: Random, serial: number): HostileRecord {
  const given = { ...identity(random, serial), ...timed(random), ...action(random, firewallActions) };
  return { text: deviceEvent(random, given), outcome: 'row' };
}

function otherEvent(random: Random, serial: number): HostileRecord {
  const time = random.oneIn(2) ? timed(random) : { Timestamp: badTime(random), EventTime: 'null' };
  const given = { ...identity(random, serial), ...time, ActionType: random.pick(otherActions) };
  return { text: deviceEvent(random, given), outcome: 'skipped' };
}

function otherTable(random: Random, serial: number): HostileRecord {
  const table = random.oneIn(4) ? quoted(`Table${random.word()}`) : random.pick(otherTables);
  return { text: published(random, table, propertiesOf(random, identity(random, serial))), outcome: 'skipped' };
}

function noCategory(random: Random, serial: number): HostileRecord {
  const properties = propertiesOf(random, { ...identity(random, serial), ...timed(random) });
  return {
    text: published(random, random.oneIn(4) ? undefined : random.pick(noNames), properties),
    outcome: 'NoCategory',
  };
}

function noProperties(random: Random): HostileRecord {
  const properties = random.oneIn(4) ? undefined : random.pick(notProperties);
  return { text: published(random, tableIn(random, 'DeviceNetworkEvents'), properties), outcome: 'NoProperties' };
}

/** A session only if it names a peer, even one that fits no column. */
function protectionEvent(random: Random, serial: number): HostileRecord {
  const named = random.below(8);
  const given = {
    ...identity(random, serial),
    ...timed(random),
    ...action(random, protectionActions),
    RemoteIP: random.pick(named % 2 === 1 ? addressOfPeer : nothings),
    RemoteUrl: random.pick(named % 4 >= 2 ? urlOfPeer : nothings),
    AdditionalFields: random.pick(named >= 4 ? detailsOfPeer : detailsOfNobody),
  };
  return { text: deviceEvent(random, given), outcome: named === 0 ? 'skipped' : 'row' };
}

function badTimestamp(random: Random, serial: number): HostileRecord {
  const bad = badTime(random);
  // The old name of the column counts only where the modern one is null or missing.
  const EventTime = bad === 'null' ? badTime(random) : goodTime(random);
  const given = { ...identity(random, serial), Timestamp: bad, EventTime };
  const text = random.oneIn(4)
    ? deviceEvent(random, { ...given, ...action(random, firewallActions) })
    : networkEvent(random, given);
  return { text, outcome: 'BadTimestamp' };
}

function timed(random: Random): Given {
  if (!random.oneIn(8)) return { Timestamp: goodTime(random) };
  return random.oneIn(2)
    ? { EventTime: goodTime(random) }
    : { EventTime: goodTime(random), Timestamp: random.pick(['null', goodTime(random)]) };
}

const noIds: NonEmpty<string> = [...nothings, ...listed`1.5 | 1e400 | -0.5 | "x" | "1.0" | "0x5" | [7] | {"id":7}`];
const devices = listed`"0123456789abcdef" | " 0123456789ABCDEF " | "\u0130" | "|" | "\ud800"`;

/** Makes every EventUid different: by the ReportId, in every spelling; without a ReportId by another column. */
function identity(random: Random, serial: number): Given {
  const device: Given = random.oneIn(8) ? {} : { DeviceId: random.pick(devices) };
  const spellings: readonly (() => Given)[] = [
    () => ({ ReportId: random.pick(noIds), InitiatingProcessId: String(serial) }),
    () => ({ InitiatingProcessId: quoted(String(serial)) }),
    () => ({ ReportId: String(9_223_372_036_854_775_807n + BigInt(serial)) }),
    () => ({ ReportId: `-${serial + 1}` }),
    () => ({ ReportId: quoted(` ${serial} `) }),
    () => ({ ReportId: quoted(random.oneIn(200) ? `${serial}${'0'.repeat(70_000)}` : String(serial)) }),
  ];
  return { ...device, ...(spellings[random.below(16)]?.() ?? { ReportId: String(serial) }) };
}

function action(random: Random, names: NonEmpty<string>): Given {
  const name = random.pick(names);
  return { ActionType: quoted(random.oneIn(2) ? name : anyCase(random, name)) };
}

function networkEvent(random: Random, given: Given): string {
  return published(random, tableIn(random, random.pick<string>(networkTables)), propertiesOf(random, given));
}

function deviceEvent(random: Random, given: Given): string {
  return published(random, tableIn(random, 'DeviceEvents'), propertiesOf(random, given));
}

function tableIn(random: Random, name: string): string {
  const category = random.oneIn(4) ? name : `AdvancedHunting-${name}`;
  return quoted(random.oneIn(2) ? category : anyCase(random, category));
}

/**
 * JSON of `properties`: any columns with any values. Those that decide what becomes of the record are given, and no
 * other column has their name.
 */
function propertiesOf(random: Random, given: Given): string {
  const members = Object.entries(given).map(([name, value]) => `"${name}":${value}`);
  const free = columnList.filter(([name]) => !Object.hasOwn(given, name));
  addColumns(random, free, members);
  const hasDetails = Object.hasOwn(given, 'AdditionalFields');
  if (!hasDetails && !random.oneIn(4)) members.push(`"AdditionalFields":${additionalFields(random)}`);
  while (random.oneIn(4)) members.push(`${random.pick(keys)}:${hostileValue(random)}`);
  if (random.oneIn(monsterInterval)) {
    // Of two equal keys the last one counts, so the hostile value replaces an ordinary one.
    const name = free[random.below(free.length + 20)]?.[0];
    const otherwise = random.pick(hasDetails ? keys : ['"AdditionalFields"', ...keys]);
    members.push(`${name === undefined ? otherwise : `"${name}"`}:${monster(random)}`);
  }
  return `{${members.join(',')}}`;
}

function addColumns(random: Random, from: readonly (readonly [string, Column])[], members: string[]): void {
  const missingOfEight = random.pick([0, 1, 3, 7]);
  for (const [name, column] of from) {
    const draw = random.word();
    if (draw % 8 < missingOfEight) continue;
    const isHostile = (draw >>> 3) % 8 === 0;
    members.push(`"${name}":${isHostile ? hostileValue(random) : valueOf(column, random)}`);
  }
}

const oddDetails = listed`"{}" | " [] " | "[\"a\",null]" | "{\"a\":1}{" | "null" | "{\"direction\":\"Out\"}"`;

/** Defender's own AdditionalFields: an object, the JSON of one in a string, or anything else. */
function additionalFields(random: Random): string {
  const members: string[] = [];
  addColumns(random, detailList, members);
  while (random.oneIn(4)) members.push(`${random.pick(keys)}:${hostileValue(random)}`);
  const object = `{${members.join(',')}}`;
  const form = random.below(8);
  if (form < 2) return object;
  if (form === 2) return hostileValue(random);
  if (form === 3) return random.pick(oddDetails);
  return quoted(form === 4 ? object.slice(0, random.below(object.length)) : object);
}

const tenants = listed`"11111111-2222-3333-4444-555555555555" | " AAAAAAAA-2222-3333-4444-555555555555 " | "contoso"`;

/** The record around its properties: keys in any spelling and order, some missing, some repeated. */
function published(random: Random, category: string | undefined, properties: string | undefined): string {
  const members: string[] = [];
  const add = (name: string, value: string): void => {
    members.push(`"${random.oneIn(8) ? anyCase(random, name).trim() : name}":${value}`);
  };
  if (!random.oneIn(8)) add('tenantId', random.oneIn(8) ? hostileValue(random) : random.pick(tenants));
  if (category !== undefined) add('category', category);
  if (!random.oneIn(8)) add('time', random.oneIn(8) ? hostileValue(random) : goodTime(random));
  if (random.oneIn(8)) add('_TimeReceivedBySvc', random.oneIn(2) ? hostileValue(random) : goodTime(random));
  if (random.oneIn(8)) members.push(`${random.pick(keys)}:${hostileValue(random)}`);
  if (properties !== undefined)
    add('properties', random.oneIn(16) && properties.startsWith('{') ? quoted(properties) : properties);
  const ordered = random.oneIn(2) ? members : members.toReversed();
  // Of two equal keys the last one counts.
  const twice = random.oneIn(16) ? ordered.map((member) => `${member.slice(0, member.indexOf(':'))}:null`) : [];
  return `{${[...twice, ...ordered].join(',')}}`;
}
