import type { FamilyName } from './families';

/** An attack: one device of the stream connects to its peers, again and again. */
interface Scenario {
  /** What an analyst should find. */
  readonly about: string;
  readonly times: number;
  /** Seconds from one time to the next. */
  readonly every: number;
  /** What the device reports. */
  readonly family: FamilyName;
  /** What it connects to: one server, or a different workstation each time. */
  readonly peer: { readonly ip: string; readonly host?: string } | 'workstations';
  /** The family of the records that those workstations report. */
  readonly answer?: FamilyName;
  readonly port: number | ((time: number) => number);
  /** Whether all its records describe one connection. */
  readonly isOne?: boolean;
}

const scenarioTable = {
  beaconing: {
    about: 'A device calls the same host on the internet every minute.',
    times: 30,
    every: 60,
    family: 'ConnectionSuccess',
    peer: { ip: '198.51.100.250', host: 'beacon.quietriver.example.org' },
    port: 443,
  },
  lateralMovementSmb: {
    about: 'A device connects to a dozen workstations by SMB, one after the other.',
    times: 12,
    every: 45,
    family: 'ConnectionSuccess to a server',
    peer: 'workstations',
    answer: 'InboundConnectionAccepted',
    port: 445,
  },
  lateralMovementRdp: {
    about: 'A device connects to a dozen workstations by Remote Desktop, one after the other.',
    times: 12,
    every: 45,
    family: 'ConnectionSuccess to a server',
    peer: 'workstations',
    answer: 'InboundConnectionAccepted',
    port: 3389,
  },
  portScan: {
    about: 'A device tries a hundred ports of one server within a minute.',
    times: 100,
    every: 0.5,
    family: 'ConnectionFailed to a server',
    peer: { ip: '10.0.0.40' },
    port: (time) => 20 + time,
  },
  rareDestination: {
    about: 'A device connects to a host and a port that no other device uses.',
    times: 3,
    every: 100,
    family: 'ConnectionSuccess',
    peer: { ip: '198.51.100.251', host: 'drop.coldharbour.example.net' },
    port: 4444,
  },
  clearTextLogin: {
    about: 'A user logs in to a server on the internet by FTP, without encryption.',
    times: 2,
    every: 5,
    family: 'FtpConnectionInspected',
    peer: { ip: '198.51.100.252' },
    port: 21,
  },
  longSession: {
    about: 'A device keeps one Remote Desktop session with a host on the internet open for most of an hour.',
    times: 11,
    every: 290,
    family: 'ConnectionFound',
    peer: { ip: '198.51.100.253' },
    port: 3389,
    isOne: true,
  },
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarioTable;
/** The attacks that a stream can hold, by name. */
export const scenarios: Readonly<Record<ScenarioName, Scenario>> = scenarioTable;
