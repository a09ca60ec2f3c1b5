import { type Clock, second } from '../clock';
import { members, nested } from '../json';
import type { Random } from '../random';
import { type AccountColumns, accountOf } from './accounts';
import type { Device } from './devices';
import type { Program } from './programs';

/** A running program on a device; its columns are written once, as they stand in every event that it causes. */
export interface Process {
  readonly program: Program;
  readonly build: Build;
  readonly id: number;
  readonly commandLine: string | null;
  readonly createdAt: string;
  readonly account: AccountColumns;
  /** InitiatingProcessCreationTime to …FileName. */
  readonly start: string;
  /** The same as the firewall reports it: the folder without the file. */
  readonly startInFolder: string;
  /** …IntegrityLevel and …TokenElevation. */
  readonly level: string;
  /** …SHA256, …AccountUpn, …AccountObjectId. */
  readonly identity: string;
  /** …FileSize and …VersionInfo. */
  readonly version: string;
  /** Columns that came later: sessions and the unique id. */
  readonly session: string;
  /** AdditionalFields of a process on macOS or Linux, null on Windows. */
  readonly posix: string;
}

/** The parts of a process's columns; see Process. */
export type ProcessColumns = Pick<Process, 'start' | 'level' | 'identity' | 'version' | 'session'>;

/** One version of a program: the same file on every device that has it. */
export interface Build {
  readonly version: string;
  readonly sha1: string;
  readonly sha256: string;
  readonly md5: string;
  readonly bytes: number;
}

const noVersion = members({
  InitiatingProcessFileSize: null,
  InitiatingProcessVersionInfoCompanyName: null,
  InitiatingProcessVersionInfoProductName: null,
  InitiatingProcessVersionInfoProductVersion: null,
  InitiatingProcessVersionInfoInternalFileName: null,
  InitiatingProcessVersionInfoOriginalFileName: null,
  InitiatingProcessVersionInfoFileDescription: null,
});
const noIdentity = members({
  InitiatingProcessSHA256: null,
  InitiatingProcessAccountUpn: null,
  InitiatingProcessAccountObjectId: null,
});
const noSession = members({
  InitiatingProcessSessionId: null,
  IsInitiatingProcessRemoteSession: false,
  InitiatingProcessRemoteSessionDeviceName: null,
  InitiatingProcessRemoteSessionIP: null,
  InitiatingProcessUniqueId: '0',
});

function startOf(path: string | null, file: string | null): string {
  return members({
    InitiatingProcessCreationTime: null,
    InitiatingProcessId: 0,
    InitiatingProcessCommandLine: null,
    InitiatingProcessParentCreationTime: null,
    InitiatingProcessParentId: 0,
    InitiatingProcessParentFileName: null,
    InitiatingProcessSHA1: null,
    InitiatingProcessMD5: null,
    InitiatingProcessFolderPath: path,
    InitiatingProcessAccountName: null,
    InitiatingProcessAccountDomain: null,
    InitiatingProcessAccountSid: null,
    InitiatingProcessFileName: file,
  });
}

/** Events that the sensor takes from the wire know no process. */
export const noProcess: ProcessColumns = {
  start: startOf(null, null),
  level: members({ InitiatingProcessIntegrityLevel: null, InitiatingProcessTokenElevation: 'None' }),
  identity: noIdentity,
  version: noVersion,
  session: noSession,
};

/** A connection that was found open: the file's name and nothing else. */
export function nameOnly({ program }: Process): ProcessColumns {
  return { ...noProcess, start: startOf(program.path, program.file) };
}

/** Starts the programs of devices when they are first heard of, and knows their builds. */
export class Processes {
  readonly #builds = new Map<Program, Build[]>();

  constructor(
    private readonly random: Random,
    private readonly clock: Clock,
  ) {}

  of(device: Device, program: Program): Process {
    let process = device.processes.get(program);
    if (process === undefined) {
      process = this.start(device, program);
      device.processes.set(program, process);
    }
    return process;
  }

  private start(device: Device, program: Program): Process {
    const { random, clock } = this;
    const build = random.pick(this.buildsOf(program));
    const account = accountOf(device, program.account);
    const isWindows = device.os === 'Windows';
    const isKernel = program.parent === null;
    const isUser = program.account === 'user';
    const step = isWindows ? 4 : 1;
    const id = isKernel ? 4 : step * random.between(300, 8000);
    const parentId = isKernel ? 0 : step * random.between(100, 290);
    // Some time between the start of the device and an hour before the end, when the first events come.
    const created = Math.floor(device.bootedAt / 2) - second * 1800 - random.below(20 * second);
    const createdAt = clock.timestamp(isWindows ? created : Math.floor(created / 10) * 10);
    const commandLine = program.command?.replaceAll('#', () => String(random.between(1000, 9999))) ?? null;
    const start = (path: string): string =>
      members({
        InitiatingProcessCreationTime: createdAt,
        InitiatingProcessId: id,
        InitiatingProcessCommandLine: commandLine,
        InitiatingProcessParentCreationTime: isKernel ? null : clock.timestamp(created - 3 * second),
        InitiatingProcessParentId: parentId,
        InitiatingProcessParentFileName: program.parent,
        InitiatingProcessSHA1: build.sha1,
        InitiatingProcessMD5: build.md5,
        InitiatingProcessFolderPath: path,
        InitiatingProcessAccountName: account.name,
        InitiatingProcessAccountDomain: account.domain,
        InitiatingProcessAccountSid: account.sid,
        InitiatingProcessFileName: program.file,
      });
    const isRemote = isUser && device.role === 'terminal';
    const info = program.versionInfo;
    return {
      program,
      build,
      id,
      commandLine,
      createdAt,
      account,
      start: start(program.path),
      startInFolder: start(
        program.path.slice(0, Math.max(program.path.lastIndexOf('\\'), program.path.lastIndexOf('/'))),
      ),
      level: members({
        InitiatingProcessIntegrityLevel: isWindows ? (isUser ? 'Medium' : 'System') : null,
        InitiatingProcessTokenElevation: isWindows
          ? isUser
            ? 'TokenElevationTypeLimited'
            : 'TokenElevationTypeDefault'
          : 'None',
      }),
      identity: members({
        InitiatingProcessSHA256: build.sha256,
        InitiatingProcessAccountUpn: account.upn,
        InitiatingProcessAccountObjectId: account.objectId,
      }),
      version: members({
        InitiatingProcessFileSize: build.bytes,
        InitiatingProcessVersionInfoCompanyName: info?.company ?? null,
        InitiatingProcessVersionInfoProductName: info?.product ?? null,
        InitiatingProcessVersionInfoProductVersion: info === null ? null : build.version,
        InitiatingProcessVersionInfoInternalFileName: info?.internal ?? null,
        InitiatingProcessVersionInfoOriginalFileName: info?.original ?? null,
        InitiatingProcessVersionInfoFileDescription: info?.description ?? null,
      }),
      session: members({
        InitiatingProcessSessionId: isUser ? (isRemote ? random.between(2, 9) : 1) : 0,
        IsInitiatingProcessRemoteSession: isRemote,
        InitiatingProcessRemoteSessionDeviceName: isRemote
          ? `${device.office.code}-lt-${random.between(1000, 1099)}`
          : null,
        InitiatingProcessRemoteSessionIP: isRemote
          ? `10.${20 + device.officeIndex}.16.${random.between(10, 60)}`
          : null,
        InitiatingProcessUniqueId: `1351079888${2_100_000 + random.below(90_000)}`,
      }),
      posix: isWindows ? 'null' : posixColumns(account, isUser, id),
    };
  }

  private buildsOf(program: Program): [Build, ...Build[]] {
    const known = this.#builds.get(program);
    const [first, ...others] = known ?? [];
    if (first !== undefined) return [first, ...others];
    const [newest, ...older] = program.versions;
    const builds: [Build, ...Build[]] = [
      this.build(program, newest),
      ...older.map((version) => this.build(program, version)),
    ];
    this.#builds.set(program, builds);
    return builds;
  }

  private build(program: Program, version: string): Build {
    const { random } = this;
    const bytes = program.bytes + (version === program.versions[0] ? 0 : -8 * random.between(1, 400));
    return { version, sha1: random.hex(40), sha256: random.hex(64), md5: random.hex(32), bytes };
  }
}

function posixColumns({ name, domain, sid, upn }: AccountColumns, isUser: boolean, id: number): string {
  const group = isUser ? { Name: 'staff', PosixGroupId: 20 } : { Name: name, PosixGroupId: name === 'root' ? 0 : 998 };
  const user = {
    Sid: sid,
    Name: name,
    DomainName: domain,
    LogonId: 0,
    ...(upn === null ? {} : { AadUserUpn: upn }),
    PosixUserId: isUser ? 501 : name === 'root' ? 0 : 998,
    PrimaryPosixGroup: group,
  };
  return nested({
    InitiatingProcessPosixEffectiveUser: user,
    InitiatingProcessPosixEffectiveGroup: group,
    InitiatingProcessPosixProcessGroupId: id,
    InitiatingProcessPosixSessionId: isUser ? 1 : id,
    InitiatingProcessCurrentWorkingDirectory: '/',
    InitiatingProcessPosixFilePermissions: ['None'],
    InitiatingProcessPosixRealUser: user,
  });
}
