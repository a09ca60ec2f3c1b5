import { nested } from '../json';
import type { NonEmpty } from '../random';
import type { Event, Scene } from '../scene';
import { inbound, outbound } from '../session';
import { workstationAddress } from '../world/offices';
import { type Program, windowsPrograms } from '../world/programs';
import { sites } from '../world/sites';
import { deviceEvent } from './deviceEvent';
import { bare, clientPort } from './endpoints';
import { ownBlockList, protections } from './phrases';

/** Rows of DeviceEvents: the firewall, network protection, and others that are no network sessions. */

export function firewallIn(scene: Scene): Event {
  const { random, device, at, processes } = scene;
  const [port, program] = random.pick(refused);
  const isMulticast = random.oneIn(6);
  return deviceEvent(scene, {
    action: 'FirewallInboundConnectionBlocked',
    at,
    process: processes.of(device, program),
    local: isMulticast ? bare('224.0.0.251', 5353) : bare(device.address, port),
    remote: bare(workstationAddress(device.officeIndex, random.below(28)), clientPort('Windows', random)),
    isInFolder: true,
    meaning: { ...inbound, deviceAction: 'Deny' },
  });
}

const refused: NonEmpty<readonly [port: number, program: Program]> = [
  [137, windowsPrograms.system],
  [138, windowsPrograms.system],
  [445, windowsPrograms.system],
  [5357, windowsPrograms.system],
  [5353, windowsPrograms.names],
  [3702, windowsPrograms.discovery],
];

export function firewallOut(scene: Scene): Event {
  const { random, device, at, processes } = scene;
  const program = random.pick([windowsPrograms.cryptography, windowsPrograms.ledger, windowsPrograms.powershell]);
  const site = random.pick(program === windowsPrograms.cryptography ? sites.certificates : sites.partners);
  return deviceEvent(scene, {
    action: 'FirewallOutboundConnectionBlocked',
    at,
    process: processes.of(device, program),
    local: bare(device.address, clientPort('Windows', random)),
    remote: bare(site.addresses[0], program === windowsPrograms.cryptography ? 80 : random.pick([21, 22, 8443])),
    isInFolder: true,
    meaning: { ...outbound, deviceAction: 'Deny' },
  });
}

/** A rule of network protection was met: blocked, only written down, or overruled by the user. Some know no peer. */
export function protection(scene: Scene): Event {
  const { random, device, at, processes } = scene;
  const site = random.pick(sites.blocked);
  const { category, name } = protections.get(site.host) ?? ownBlockList;
  const action = random.pick([
    'ExploitGuardNetworkProtectionBlocked',
    'ExploitGuardNetworkProtectionBlocked',
    'ExploitGuardNetworkProtectionBlocked',
    'ExploitGuardNetworkProtectionAudited',
    'NetworkProtectionUserBypassEvent',
  ]);
  const isAddressKnown = random.oneIn(2);
  const isUrlKnown = !random.oneIn(8);
  return deviceEvent(scene, {
    action,
    at,
    process: processes.of(
      device,
      random.pick([windowsPrograms.chrome, windowsPrograms.edge, windowsPrograms.powershell]),
    ),
    local: isAddressKnown ? bare(device.address, clientPort('Windows', random)) : bare(device.address, null),
    ...(isAddressKnown ? { remote: bare(site.addresses[0], 443) } : {}),
    url: isUrlKnown ? `https://${site.host}/` : null,
    additionalFields: nested({
      ...(action.startsWith('Exploit') ? { IsAudit: action.endsWith('Audited') } : {}),
      ResponseCategory: category,
      DisplayName: name,
    }),
    meaning:
      isAddressKnown || isUrlKnown
        ? { ...outbound, deviceAction: action === 'ExploitGuardNetworkProtectionBlocked' ? 'Deny' : 'Allow' }
        : undefined,
  });
}

/** Event rows that are skipped by their action type. */
export function otherEvent(scene: Scene): Event {
  const { random, device, at, processes } = scene;
  const other = random.pick(others);
  const long = other.action === 'NamedPipeEvent' && random.oneIn(100);
  return deviceEvent(scene, {
    action: other.action,
    at,
    process: processes.of(device, other.program),
    ...(other.url === undefined ? {} : { url: other.url }),
    additionalFields: other.additionalFields,
    isInFolder: true,
    ...(long ? { reportId: longReportId(scene) } : {}),
    meaning: undefined,
  });
}

/** Past what a double holds exactly; always odd, so that rounding would show. */
export function longReportId({ random }: Scene): string {
  return `6392${random.between(10_000_000, 99_999_999)}${String(random.below(100_000)).padStart(5, '0')}1`;
}

const answer = { DnsQueryType: 'A', Result: sites.web[0].addresses[0] };
const others: NonEmpty<{
  readonly action: string;
  readonly program: Program;
  readonly additionalFields: string;
  readonly url?: string;
}> = [
  {
    action: 'NamedPipeEvent',
    program: windowsPrograms.authority,
    additionalFields: nested({ PipeName: '\\Device\\NamedPipe\\lsass', FileOperation: 'File opened' }),
  },
  {
    action: 'NamedPipeEvent',
    program: windowsPrograms.editor,
    additionalFields: nested({ PipeName: '\\Device\\NamedPipe\\mojo.6120.8844', FileOperation: 'File created' }),
  },
  {
    action: 'DnsQueryResponse',
    program: windowsPrograms.names,
    additionalFields: nested({ DnsQueryString: sites.web[0].host, DnsQueryResult: [JSON.stringify(answer)] }),
  },
  {
    action: 'FirewallInboundConnectionToAppBlocked',
    program: windowsPrograms.ledger,
    additionalFields: nested({ Profiles: 'Private' }),
  },
  {
    action: 'BrowserLaunchedToOpenUrl',
    program: windowsPrograms.outlook,
    additionalFields: 'null',
    url: `https://${sites.sign[0].host}/start`,
  },
  {
    action: 'LdapSearch',
    program: windowsPrograms.powershell,
    additionalFields: nested({
      AttributeList: ['cn'],
      ScopeOfSearch: 'Subtree',
      SearchFilter: '(objectClass=printQueue)',
    }),
  },
  {
    action: 'RemoteWmiOperation',
    program: windowsPrograms.system,
    additionalFields: nested({ OperationType: 'Connect' }),
  },
];
