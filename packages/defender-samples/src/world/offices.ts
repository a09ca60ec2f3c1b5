import type { NonEmpty } from '../random';

/** The company whose devices report: its offices, and what its servers are for. */
export const company = { domain: 'corp.example.com', netbios: 'corp', mail: 'example.com' } as const;

export interface Office {
  readonly code: string;
  /** Defender's device group; null for devices that nobody has put into one. */
  readonly machineGroup: string | null;
  /** Where its devices appear on the internet. */
  readonly publicAddress: string;
  /** How Windows there calls the authority of built-in accounts. */
  readonly authority: string;
}

export const offices: NonEmpty<Office> = [
  { code: 'osl', machineGroup: 'Oslo', publicAddress: '192.0.2.241', authority: 'nt authority' },
  { code: 'ham', machineGroup: 'Hamburg', publicAddress: '192.0.2.242', authority: 'nt-autorität' },
  { code: 'lyo', machineGroup: 'Lyon', publicAddress: '192.0.2.243', authority: 'autorite nt' },
  { code: 'gda', machineGroup: 'Gdansk', publicAddress: '192.0.2.244', authority: 'nt authority' },
  { code: 'tor', machineGroup: null, publicAddress: '192.0.2.245', authority: 'nt authority' },
  { code: 'sin', machineGroup: 'Singapore', publicAddress: '192.0.2.246', authority: 'nt authority' },
];

/** Server roles, with the short name that their hosts carry. The order decides addresses; add at the end. */
export const serverRoles = {
  domain: { name: 'dc', os: 'Windows' },
  files: { name: 'fs', os: 'Windows' },
  web: { name: 'web', os: 'Linux' },
  database: { name: 'sql', os: 'Windows' },
  jump: { name: 'jmp', os: 'Linux' },
  print: { name: 'prt', os: 'Windows' },
  mail: { name: 'mx', os: 'Linux' },
  terminal: { name: 'rds', os: 'Windows' },
  backup: { name: 'bkp', os: 'Linux' },
  intranet: { name: 'iis', os: 'Windows' },
} as const satisfies Record<string, { name: string; os: 'Windows' | 'Linux' }>;

export type ServerRole = keyof typeof serverRoles;

export const serverRoleNames: NonEmpty<ServerRole> = [
  'domain',
  'files',
  'web',
  'database',
  'jump',
  'print',
  'mail',
  'terminal',
  'backup',
  'intranet',
];

export interface ServerPlace {
  /** Index into `offices`. */
  readonly office: number;
  readonly role: ServerRole;
  /** From 1. */
  readonly number: number;
}

export function serverHost({ office, role, number }: ServerPlace): string {
  const code = (offices[office] ?? offices[0]).code;
  return `${code}-${serverRoles[role].name}${String(number).padStart(2, '0')}`;
}

/** Eight servers of a role share a /24 with those of the other roles. */
export function serverAddress({ office, role, number }: ServerPlace): string {
  const network = 1 + Math.floor((number - 1) / 8);
  return `10.${20 + office}.${network}.${10 + serverRoleNames.indexOf(role) * 8 + ((number - 1) % 8)}`;
}

/** Workstations start at 10.x.16.0. `place` counts from 0 within the office. */
export function workstationAddress(office: number, place: number): string {
  return `10.${20 + office}.${16 + Math.floor(place / 240)}.${10 + (place % 240)}`;
}
