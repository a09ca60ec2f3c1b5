import type { NonEmpty } from './random';
import type { Device } from './world/devices';
import type { ServerRole } from './world/offices';
import { type Program, windowsPrograms as win } from './world/programs';
import type { SiteKind } from './world/sites';
import { linuxPrograms as linux, macPrograms as mac } from './world/unixPrograms';

/** What Zeek inside the sensor can say about a connection. */
export type Inspection = 'http' | 'ssl' | 'ssh' | 'smtp' | 'ftp' | 'ntlm';

interface Weighted {
  /** How often a device of the profile does it, relative to the others. */
  readonly weight: number;
}

/** A program connects to a site, to a server of its office or to its own device. */
export interface Outgoing extends Weighted {
  readonly kind: 'outgoing';
  readonly program: Program;
  readonly to: SiteKind | { readonly server: ServerRole } | 'itself';
  readonly port: number;
  readonly protocol: 'Tcp' | 'Udp';
  readonly inspected?: Inspection;
}

/** A program accepts connections on a port. */
export interface Incoming extends Weighted {
  readonly kind: 'incoming';
  readonly program: Program;
  readonly port: number;
  readonly from: 'office' | 'internet';
  readonly inspected?: Inspection;
}

export interface Listening extends Weighted {
  readonly kind: 'listening';
  readonly program: Program;
  readonly port: number;
  readonly protocol: 'Tcp' | 'Udp';
}

/** Events that are no connection of a program with a known peer; `sightings` says what each means. */
export interface Sighting extends Weighted {
  readonly kind: 'sighting';
  readonly what: SightingName;
}
export type SightingName =
  | 'lookup'
  | 'ping'
  | 'scan'
  | 'signature'
  | 'firewallIn'
  | 'firewallOut'
  | 'protection'
  | 'otherEvent'
  | 'process'
  | 'legacy';

export type Activity = Outgoing | Incoming | Listening | Sighting;

function out(weight: number, program: Program, to: Outgoing['to'], port: number, inspected?: Inspection): Outgoing {
  return { kind: 'outgoing', weight, program, to, port, protocol: 'Tcp', ...(inspected && { inspected }) };
}

function datagrams(weight: number, program: Program, to: Outgoing['to'], port: number): Outgoing {
  return { kind: 'outgoing', weight, program, to, port, protocol: 'Udp' };
}

function accept(
  weight: number,
  program: Program,
  port: number,
  from: Incoming['from'],
  inspected?: Inspection,
): Incoming {
  return { kind: 'incoming', weight, program, port, from, ...(inspected && { inspected }) };
}

function listen(weight: number, program: Program, port: number, protocol: 'Tcp' | 'Udp' = 'Tcp'): Listening {
  return { kind: 'listening', weight, program, port, protocol };
}

function see(weight: number, what: SightingName): Sighting {
  return { kind: 'sighting', weight, what };
}

const everywhere = [see(36, 'lookup'), see(10, 'ping'), see(4, 'signature'), see(34, 'process')] as const;

const windows = [
  ...everywhere,
  out(40, win.sensor, 'telemetry', 443, 'ssl'),
  out(22, win.antivirus, 'telemetry', 443, 'ssl'),
  out(18, win.update, 'updates', 443, 'ssl'),
  out(14, win.transferService, 'updates', 80, 'http'),
  out(12, win.cryptography, 'certificates', 80, 'http'),
  out(16, win.authority, { server: 'domain' }, 88),
  out(12, win.authority, { server: 'domain' }, 389),
  out(8, win.backupAgent, { server: 'backup' }, 10_001, 'ssl'),
  accept(6, win.system, 5985, 'office', 'http'),
  listen(5, win.terminal, 3389),
  listen(4, win.discovery, 3702, 'Udp'),
  see(16, 'firewallIn'),
  see(7, 'firewallOut'),
  see(28, 'otherEvent'),
  see(3, 'legacy'),
] as const;

const workstation: NonEmpty<Activity> = [
  ...windows,
  out(120, win.chrome, 'web', 443, 'ssl'),
  out(110, win.edge, 'web', 443, 'ssl'),
  out(14, win.edge, 'web', 80, 'http'),
  out(28, win.firefox, 'web', 443, 'ssl'),
  out(12, win.edge, 'sign', 443, 'ssl'),
  out(34, win.teams, 'meetings', 443, 'ssl'),
  datagrams(24, win.teams, 'meetings', 3478),
  out(40, win.outlook, 'mail', 443, 'ssl'),
  out(30, win.drive, 'storage', 443, 'ssl'),
  out(10, win.ledger, { server: 'database' }, 1433),
  out(8, win.editor, 'repositories', 443, 'ssl'),
  out(6, win.editor, 'itself', 9229),
  out(22, win.system, { server: 'files' }, 445, 'ntlm'),
  out(6, win.spooler, { server: 'print' }, 9100),
  out(5, win.remoteDesktop, { server: 'terminal' }, 3389, 'ssl'),
  out(6, win.shell, { server: 'jump' }, 22, 'ssh'),
  out(5, win.powershell, { server: 'intranet' }, 80, 'http'),
  out(2, win.transfer, 'partners', 21, 'ftp'),
  datagrams(8, win.names, { server: 'domain' }, 53),
  accept(8, win.delivery, 7680, 'office'),
  accept(5, win.system, 445, 'office', 'ntlm'),
  listen(4, win.delivery, 7680),
  listen(3, win.editor, 9229),
  see(6, 'protection'),
];

const macWorkstation: NonEmpty<Activity> = [
  ...everywhere,
  out(120, mac.safari, 'web', 443, 'ssl'),
  out(90, mac.chrome, 'web', 443, 'ssl'),
  out(40, mac.teams, 'meetings', 443, 'ssl'),
  out(40, mac.outlook, 'mail', 443, 'ssl'),
  out(14, mac.update, 'updates', 443, 'ssl'),
  out(16, mac.git, 'repositories', 443, 'ssl'),
  out(16, mac.shell, { server: 'jump' }, 22, 'ssh'),
  out(8, mac.safari, 'web', 80, 'http'),
];

const windowsServer = [
  ...windows,
  accept(26, win.terminal, 3389, 'office', 'ssl'),
  accept(36, win.system, 445, 'office', 'ntlm'),
  accept(20, win.system, 5985, 'office', 'http'),
  out(10, win.powershell, 'updates', 443, 'ssl'),
] as const;

const linuxServer = [
  ...everywhere,
  out(40, linux.defender, 'telemetry', 443, 'ssl'),
  out(26, linux.apt, 'packages', 443, 'ssl'),
  out(24, linux.curl, 'packages', 443, 'ssl'),
  out(30, linux.python, { server: 'database' }, 1433),
  accept(24, linux.sshd, 22, 'office', 'ssh'),
  accept(36, linux.agent, 9100, 'office', 'http'),
  listen(4, linux.agent, 9100),
  listen(3, linux.sshd, 22),
] as const;

export const profiles: Readonly<Record<'macOS' | Device['role'], NonEmpty<Activity>>> = {
  workstation,
  macOS: macWorkstation,
  domain: [
    ...windowsServer,
    accept(90, win.authority, 88, 'office'),
    accept(70, win.authority, 389, 'office'),
    accept(40, win.names, 53, 'office'),
  ],
  files: [...windowsServer, accept(220, win.system, 445, 'office', 'ntlm')],
  database: [...windowsServer, accept(160, win.database, 1433, 'office'), listen(4, win.database, 1433)],
  print: [
    ...windowsServer,
    accept(90, win.spooler, 9100, 'office'),
    out(30, win.spooler, { server: 'files' }, 445, 'ntlm'),
  ],
  terminal: [
    ...windowsServer,
    accept(80, win.terminal, 3389, 'office', 'ssl'),
    out(90, win.edge, 'web', 443, 'ssl'),
    out(30, win.outlook, 'mail', 443, 'ssl'),
    out(30, win.ledger, { server: 'database' }, 1433),
  ],
  intranet: [
    ...windowsServer,
    accept(160, win.system, 80, 'office', 'http'),
    out(40, win.webWorker, { server: 'database' }, 1433),
  ],
  web: [
    ...linuxServer,
    accept(240, linux.nginx, 443, 'internet', 'ssl'),
    accept(40, linux.nginx, 80, 'internet', 'http'),
    listen(4, linux.nginx, 443),
    see(30, 'scan'),
  ],
  jump: [...linuxServer, accept(120, linux.sshd, 22, 'internet', 'ssh'), see(20, 'scan')],
  mail: [
    ...linuxServer,
    accept(80, linux.postfixIn, 25, 'internet', 'smtp'),
    out(80, linux.postfix, 'mailExchangers', 25, 'smtp'),
    see(30, 'scan'),
  ],
  backup: [
    ...linuxServer,
    accept(160, linux.backup, 10_001, 'office', 'ssl'),
    accept(40, linux.ftpd, 21, 'office', 'ftp'),
    listen(4, linux.ftpd, 21),
  ],
};
