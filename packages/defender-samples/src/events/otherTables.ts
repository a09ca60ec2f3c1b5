import { json, members, plain } from '../json';
import type { NonEmpty } from '../random';
import { skipped } from '../records';
import type { Event, Scene } from '../scene';
import { outbound } from '../session';
import { type Program, windowsPrograms } from '../world/programs';
import { sites } from '../world/sites';
import { linuxPrograms, macPrograms } from '../world/unixPrograms';
import { longReportId } from './deviceSightings';
import { classified, clientPort } from './endpoints';
import { nextReportId, portOf } from './networkEvent';
import { rowOf } from './rows';

/** Tables that are no network sessions, and the retired spelling of the one that is. */

/** DeviceProcessEvents: one of the device's programs was started. */
export function processCreated(scene: Scene): Event {
  const { random, clock, device, at, processes } = scene;
  const { windows, macOS, linux } = starters;
  const programs = device.os === 'Windows' ? windows : device.os === 'macOS' ? macOS : linux;
  const [program, parent] = random.pick(programs);
  const created = processes.of(device, program);
  const by = processes.of(device, parent);
  const info = program.versionInfo;
  device.reportId += 1 + random.below(3);
  const columns = {
    FileName: program.file,
    FolderPath: program.path,
    SHA1: created.build.sha1,
    SHA256: created.build.sha256,
    MD5: created.build.md5,
    FileSize: created.build.bytes,
    ProcessVersionInfoCompanyName: info?.company ?? null,
    ProcessVersionInfoProductName: info?.product ?? null,
    ProcessVersionInfoProductVersion: info === null ? null : created.build.version,
    ProcessId: created.id,
    ProcessCommandLine: created.commandLine,
    ProcessCreationTime: clock.timestamp(at),
    AccountDomain: created.account.domain,
    AccountName: created.account.name,
    AccountSid: created.account.sid,
    AccountUpn: created.account.upn,
    AccountObjectId: created.account.objectId,
    LogonId: random.between(1000, 999_999),
    ActionType: 'ProcessCreated',
    AdditionalFields: '[]',
  };
  return {
    table: 'DeviceProcessEvents',
    at,
    properties: `{${device.columns},"ReportId":${device.reportId},"Timestamp":${plain(clock.timestamp(at))},"MachineGroup":${device.machineGroup},${members(columns)},${by.start},${by.level},${by.identity},${by.version},${by.session}}`,
    outcome: skipped('DeviceProcessEvents'),
  };
}

type Started = readonly [program: Program, by: Program];
const starters: Readonly<Record<'windows' | 'macOS' | 'linux', NonEmpty<Started>>> = {
  windows: [
    [windowsPrograms.chrome, windowsPrograms.chrome],
    [windowsPrograms.edge, windowsPrograms.edge],
    [windowsPrograms.powershell, windowsPrograms.update],
    [windowsPrograms.sensor, windowsPrograms.transferService],
  ],
  macOS: [
    [macPrograms.shell, macPrograms.git],
    [macPrograms.safari, macPrograms.update],
  ],
  linux: [
    [linuxPrograms.curl, linuxPrograms.sshd],
    [linuxPrograms.apt, linuxPrograms.python],
  ],
};

/** DeviceInfo: the inventory of a device. Its ReportId is longer than a double holds. */
export function inventory(scene: Scene): Event {
  const { clock, device, at } = scene;
  const { user } = device;
  const columns = {
    ClientVersion: device.os === 'Windows' ? '10.8805.26100.1' : '101.25092.0005',
    PublicIP: device.office.publicAddress,
    OSArchitecture: '64-bit',
    OSPlatform:
      device.os === 'Windows' ? (device.role === 'workstation' ? 'Windows11' : 'WindowsServer2025') : device.os,
    OSBuild: device.os === 'Windows' ? 26100 : null,
    OSVersion: device.os === 'Windows' ? '10.0' : '15.7',
    IsAzureADJoined: user.sid.startsWith('S-1-12-1-'),
    LoggedOnUsers: JSON.stringify([{ UserName: user.name, DomainName: user.domain, Sid: user.sid }]),
    DeviceType: device.role === 'workstation' ? 'Workstation' : 'Server',
    OnboardingStatus: 'Onboarded',
    SensorHealthState: 'Active',
    ExposureLevel: 'Low',
    AdditionalFields: '{}',
  };
  return {
    table: 'DeviceInfo',
    at,
    properties: `{"Timestamp":${plain(clock.timestamp(at))},${device.columns},"ReportId":${longReportId(scene)},"MachineGroup":${device.machineGroup},${members(columns)}}`,
    outcome: skipped('DeviceInfo'),
  };
}

/** UrlClickEvents: another product's table, with a text for ReportId and no device. */
export function urlClick({ random, clock, device, at }: Scene): Event {
  const site = random.pick(sites.web);
  const columns = {
    Timestamp: clock.timestamp(at),
    Url: `https://${site.host}/offers?ref=mail`,
    ActionType: 'ClickAllowed',
    AccountUpn: device.user.upn,
    Workload: 'Email',
    NetworkMessageId: `${random.hex(8)}-${random.hex(8).slice(0, 4)}-4${random.hex(8).slice(0, 3)}-8${random.hex(8).slice(0, 3)}-${random.hex(16).slice(0, 12)}`,
    IPAddress: device.office.publicAddress,
    ThreatTypes: null,
    DetectionMethods: null,
    IsClickedThrough: false,
    UrlChain: JSON.stringify([`https://${site.host}/offers?ref=mail`]),
    ReportId: random.hex(32),
  };
  return { table: 'UrlClickEvents', at, properties: json(columns), outcome: skipped('UrlClickEvents') };
}

/** CloudAppEvents: here AdditionalFields is an object. */
export function cloudAppEvent({ random, clock, device, at }: Scene): Event {
  const columns = {
    Timestamp: clock.timestamp(at),
    ActionType: 'FileDownloaded',
    Application: 'FileCove',
    ApplicationId: 20_892,
    AccountObjectId: device.user.objectId,
    AccountDisplayName: device.user.name,
    IPAddress: device.office.publicAddress,
    ReportId: `${random.hex(8)}_${random.between(10_000, 99_999)}`,
    AdditionalFields: { IsSatelliteProvider: false, Workload: 'Files' },
  };
  return { table: 'CloudAppEvents', at, properties: json(columns), outcome: skipped('CloudAppEvents') };
}

/** NetworkCommunicationEvents, as old exports have it: EventTime, MachineId, ComputerName, and fewer columns. */
export function legacyEvent(scene: Scene): Event {
  const { random, clock, device, at, processes } = scene;
  const process = processes.of(device, windowsPrograms.edge);
  const site = random.pick(sites.web);
  const local = classified(device.address, clientPort(device.os, random));
  const remote = classified(site.addresses[0], 443);
  const action = 'ConnectionSuccess';
  const reportId = nextReportId(scene);
  return {
    table: 'NetworkCommunicationEvents',
    at,
    properties: `{"EventTime":${plain(clock.timestamp(at))},"MachineId":${plain(device.id)},"ComputerName":${plain(device.name)},"ActionType":"${action}","RemoteIP":${plain(remote.ip)},"RemotePort":${portOf(remote)},"RemoteUrl":${plain(site.host)},"LocalIP":${plain(local.ip)},"LocalPort":${portOf(local)},"Protocol":"Tcp","LocalIPType":${plain(local.type)},"RemoteIPType":${plain(remote.type)},${process.start},${process.level},"ReportId":${reportId},"AppGuardContainerId":${device.appGuardContainerId}}`,
    outcome: rowOf(
      scene,
      { table: 'DeviceNetworkEvents', at, reportId: String(reportId), action, local, remote, url: site.host },
      outbound,
    ),
  };
}
