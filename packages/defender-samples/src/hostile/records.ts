import { deckOf, type NonEmpty, type Random } from '../random';
import { anyCase, firewallActions, protectionActions } from './actions';
import type { HostileRecord } from './outcomes';
import { propertiesOf } from './properties';
import { badTime, goodTime } from './times';
import { hostileValue, keys, nothings, quoted, texts } from './values';

/** Kinds of records. Each is hostile in all but what decides its outcome. */

type Kind = (random: Random, serial: number) => HostileRecord;

const kinds: NonEmpty<{ readonly weight: number; readonly of: Kind }> = [
  { weight: 760, of: networkEvent },
  { weight: 60, of: firewallEvent },
  { weight: 30, of: protectionEvent },
  { weight: 20, of: otherDeviceEvent },
  { weight: 40, of: otherTable },
  { weight: 30, of: badTimestamp },
  { weight: 20, of: noCategory },
  { weight: 20, of: noProperties },
  { weight: 20, of: notARecord },
];
const deck = deckOf(kinds);

/** One record in this many makes a row larger than one call to the service takes, unless the row is shortened. */
const largestInterval = 10_000;

/** `serial` makes the record's EventUid its own. */
export function hostileRecord(random: Random, serial: number): HostileRecord {
  return random.oneIn(largestInterval) ? largest(random, serial) : random.pick(deck).of(random, serial);
}

const networkTables: NonEmpty<string> = ['DeviceNetworkEvents', 'NetworkCommunicationEvents'];

function networkEvent(random: Random, serial: number): HostileRecord {
  const properties = propertiesOf(random, { ...identity(random, serial), ...timed(random) });
  return { text: published(random, tableIn(random, random.pick(networkTables)), properties), outcome: 'row' };
}

function firewallEvent(random: Random, serial: number): HostileRecord {
  const given = { ...identity(random, serial), ...timed(random), ...action(random, random.pick(firewallActions)) };
  return { text: deviceEvent(random, given), outcome: 'row' };
}

const addressOfPeer: NonEmpty<string> = texts('192.0.2.1', '2001:db8::1', 'no address', '<unknown>');
const urlOfPeer: NonEmpty<string> = texts('https://a.example/', 'C:\\x.lnk', 'uri=', '@');

const detailsOfPeer: NonEmpty<string> = [
  ...texts('{"Uri":"https://a.example/"}', '[{"REMOTEADDRESS":"192.0.2.1"}]', '{"uri":"x","Uri":null,"b'),
  '{"remoteip":"no address"}',
];
const detailsOfNobody: NonEmpty<string> = [...nothings, ...texts('{"Uri":"-"}', '{"RemoteAddress":[]}', '{"Uri":"x')];

/** A session only when it names a peer, be it one that no column can take. */
function protectionEvent(random: Random, serial: number): HostileRecord {
  const named = random.below(8);
  const given = {
    ...identity(random, serial),
    ...timed(random),
    ...action(random, random.pick(protectionActions)),
    RemoteIP: random.pick(named % 2 === 1 ? addressOfPeer : nothings),
    RemoteUrl: random.pick(named % 4 >= 2 ? urlOfPeer : nothings),
    AdditionalFields: random.pick(named >= 4 ? detailsOfPeer : detailsOfNobody),
  };
  return { text: deviceEvent(random, given), outcome: named === 0 ? 'skipped' : 'row' };
}

/** Spelled as a known action type would be if the spelling did not count, which it does. */
const otherActions: NonEmpty<string> = [
  ...texts('FirewallInboundConnectionToAppBlocked', 'DnsQueryResponse', 'Connection Success', 'ConnectionSuccess'),
  ...texts('FirewallOutboundConnectionBlocked.', 'Firewall\u200bOutboundConnectionBlocked', '__proto__', 'toString'),
  ...texts('F\u0131rewallOutboundConnectionBlocked', 'x'.repeat(5000), '\ud800', '', '-'),
  'null',
  '7',
  '["FirewallOutboundConnectionBlocked"]',
];

function otherDeviceEvent(random: Random, serial: number): HostileRecord {
  const time = random.oneIn(2) ? timed(random) : { Timestamp: badTime(random), EventTime: 'null' };
  const given = { ...identity(random, serial), ...time, ActionType: random.pick(otherActions) };
  return { text: deviceEvent(random, given), outcome: 'skipped' };
}

const otherTables: NonEmpty<string> = texts(
  'AdvancedHunting-DeviceProcessEvents',
  'AdvancedHunting-DeviceNetworkEvents2',
  'AdvancedHunting-AdvancedHunting-DeviceNetworkEvents',
  'AdvancedHunting-',
  'AdvancedHunting- ',
  'Device NetworkEvents',
  'DeviceNetworkEvents\u200b',
  '-',
  'null',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '\ud800',
  '\u0000',
  '\u202e',
  '../DeviceEvents',
  'x'.repeat(20_000),
);

function otherTable(random: Random, serial: number): HostileRecord {
  const unknown = random.oneIn(4) ? quoted(`Table${random.word()}`) : random.pick(otherTables);
  return { text: published(random, unknown, propertiesOf(random, identity(random, serial))), outcome: 'skipped' };
}

function badTimestamp(random: Random, serial: number): HostileRecord {
  const bad = badTime(random);
  // The retired name of the column counts only where the modern one is null or missing.
  const old = bad === 'null' ? badTime(random) : goodTime(random);
  const given = { ...identity(random, serial), Timestamp: bad, EventTime: old };
  const text = random.oneIn(4)
    ? deviceEvent(random, { ...given, ...action(random, random.pick(firewallActions)) })
    : published(random, tableIn(random, random.pick(networkTables)), propertiesOf(random, given));
  return { text, outcome: 'BadTimestamp' };
}

const noNames: NonEmpty<string> = ['null', '7', '{}', '["DeviceNetworkEvents"]', 'true', '""', '" "', '"\\u00a0\\t"'];

function noCategory(random: Random, serial: number): HostileRecord {
  const properties = propertiesOf(random, { ...identity(random, serial), ...timed(random) });
  const category = random.oneIn(4) ? undefined : random.pick(noNames);
  return { text: published(random, category, properties), outcome: 'NoCategory' };
}

const notProperties: NonEmpty<string> = [
  'null',
  '7',
  '[]',
  '[{"Timestamp":"2026-01-01T00:00:00Z"}]',
  'true',
  '9007199254740993',
  '1e400',
  ...texts('', 'text', '{"Timestamp":', 'null', '[]', '7', '"{}"', "{'a':1}", '{"a":1}{', '\ud800'),
];

function noProperties(random: Random): HostileRecord {
  const properties = random.oneIn(4) ? undefined : random.pick(notProperties);
  return { text: published(random, tableIn(random, 'DeviceNetworkEvents'), properties), outcome: 'NoProperties' };
}

const notRecords: NonEmpty<string> = [
  'null',
  '7',
  '-0',
  '1e400',
  '9007199254740993',
  'true',
  '[]',
  '[[[[]]]]',
  '[{"category":"DeviceNetworkEvents"}]',
  ...texts('', 'heartbeat', '{}', '{"category":"DeviceNetworkEvents","properties":{}}', '\ud800'),
  `${'['.repeat(3000)}${']'.repeat(3000)}`,
];

function notARecord(random: Random): HostileRecord {
  return { text: random.pick(notRecords), outcome: 'NotARecord' };
}

/** An ActionType of which three columns are made, each of 65,536 characters that JSON writes as six. */
function largest(random: Random, serial: number): HostileRecord {
  const given = { ...identity(random, serial), ...timed(random), ActionType: `"${'\\u0000'.repeat(70_000)}"` };
  const text = published(random, tableIn(random, 'DeviceNetworkEvents'), propertiesOf(random, given));
  return { text, outcome: 'row' };
}

function deviceEvent(random: Random, given: Readonly<Record<string, string>>): string {
  return published(random, tableIn(random, 'DeviceEvents'), propertiesOf(random, given));
}

function action(random: Random, name: string): { readonly ActionType: string } {
  return { ActionType: quoted(random.oneIn(2) ? name : anyCase(random, name)) };
}

function timed(random: Random): Readonly<Record<string, string>> {
  if (!random.oneIn(8)) return { Timestamp: goodTime(random) };
  return random.oneIn(2)
    ? { EventTime: goodTime(random) }
    : { EventTime: goodTime(random), Timestamp: random.pick(['null', goodTime(random)]) };
}

const noIds: NonEmpty<string> = [...nothings, '1.5', '1e400', '-0.5', '"x"', '"1.0"', '"0x5"', '[7]', '{"id":7}'];

/** Every EventUid is another: by the ReportId, in all spellings, and where there is none by another column. */
function identity(random: Random, serial: number): Readonly<Record<string, string>> {
  const device = random.oneIn(8) ? {} : { DeviceId: random.pick(devices) };
  return { ...device, ...numbered(random, serial) };
}

const devices: NonEmpty<string> = texts('0123456789abcdef', ' 0123456789ABCDEF ', '\u0130', '|', '\ud800');

function numbered(random: Random, serial: number): Readonly<Record<string, string>> {
  switch (random.below(16)) {
    case 0:
      return { ReportId: random.pick(noIds), InitiatingProcessId: String(serial) };
    case 1:
      return { InitiatingProcessId: quoted(String(serial)) };
    case 2:
      return { ReportId: String(9_223_372_036_854_775_807n + BigInt(serial)) };
    case 3:
      return { ReportId: `-${serial + 1}` };
    case 4:
      return { ReportId: quoted(` ${serial} `) };
    case 5:
      return { ReportId: quoted(random.oneIn(200) ? `${serial}${'0'.repeat(70_000)}` : String(serial)) };
    default:
      return { ReportId: String(serial) };
  }
}

function tableIn(random: Random, name: string): string {
  const category = random.oneIn(4) ? name : `AdvancedHunting-${name}`;
  return quoted(random.oneIn(2) ? category : anyCase(random, category));
}

const tenants: NonEmpty<string> = texts(
  '11111111-2222-3333-4444-555555555555',
  ' AAAAAAAA-2222-3333-4444-555555555555 ',
  'contoso',
);

/** The record around its properties: keys in any spelling and order, some missing, some there twice. */
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
  if (properties !== undefined) {
    const isPacked = properties.startsWith('{') && random.oneIn(16);
    add('properties', isPacked ? quoted(properties) : properties);
  }
  const ordered = random.oneIn(2) ? members : members.toReversed();
  // Of two equal keys the last one counts.
  const twice = random.oneIn(16) ? ordered.map((member) => `${member.slice(0, member.indexOf(':'))}:null`) : [];
  return `{${[...twice, ...ordered].join(',')}}`;
}
