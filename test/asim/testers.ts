import { isIP } from 'node:net';
import type { Columns } from '../../scripts/kql/languageService';
import { type Logical, type TesterRule, testerRules } from './testerRules';

/** The names of IANA's list of IP protocols that a device is likely to see. */
const protocols = new Set(
  'ICMP IGMP IPv4 TCP EGP IGP UDP RDP DCCP IPv6 IPv6-Route IPv6-Frag RSVP GRE ESP AH IPv6-ICMP EIGRP OSPFIGP PIM SCTP UDPLite'.split(
    ' ',
  ),
);

const forms: Readonly<Record<Logical, (value: string) => boolean>> = {
  'IP address': (value) => isIP(value) > 0,
  Hostname: (value) => /^[a-zA-Z0-9-]{1,61}$/.test(value) || isIP(value) > 0,
  Domain: (value) => /^([_a-zA-Z0-9][_a-zA-Z0-9-]{0,62}\.)*[a-zA-Z]{2,63}$/.test(value),
  FQDN: (value) => /^([_a-zA-Z0-9][_a-zA-Z0-9-]{0,62}\.)+[a-zA-Z]{2,63}$/.test(value),
  'MAC address': (value) => /^[a-fA-F0-9]{2}(:[a-fA-F0-9]{2}){5}$/.test(value),
  GUID: (value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value),
  Protocol: (value) => protocols.has(value),
  'Risk level': (value) => Number(value) >= 0 && Number(value) <= 100,
};

/** What ASIM's schema tester says of a result with these columns: its errors, and the recommended columns that are missing. */
export function schemaProblems(columns: Columns): string[] {
  return Object.entries(testerRules).flatMap(([name, rule]) => {
    const type = columns[name];
    if (type !== undefined) return type === rule.type ? [] : [`${name} is ${type}, not ${rule.type}`];
    return isNeeded(rule, columns) ? [`${name} is missing (${rule.necessity})`] : [];
  });
}

function isNeeded({ necessity, of = '' }: TesterRule, columns: Columns): boolean {
  if (necessity === 'Alias' || necessity === 'Conditional') return of in columns;
  return necessity !== 'Optional';
}

/** A cell as text, empty if there is no value. */
export type Cells = Readonly<Record<string, string>>;

/** What ASIM's data tester says of a row: no mandatory column is empty, closed lists and forms hold, a type goes with its value. */
export function dataProblems(cells: Cells): string[] {
  return Object.entries(testerRules).flatMap(([name, rule]) => {
    const value = cells[name] ?? '';
    if (value === '') return isMissed(rule, cells) ? [`${name} is empty`] : [];
    if (rule.values?.includes(value) === false) return [`${name} has "${value}", which is not in its list`];
    if (rule.logical !== undefined && !forms[rule.logical](value))
      return [`${name} has "${value}", no ${rule.logical}`];
    if (rule.necessity === 'Conditional' && cells[rule.of ?? ''] === '') return [`${name} says the type of nothing`];
    return [];
  });
}

function isMissed({ necessity, of = '' }: TesterRule, cells: Cells): boolean {
  return necessity === 'Mandatory' || (necessity === 'Conditional' && (cells[of] ?? '') !== '');
}
