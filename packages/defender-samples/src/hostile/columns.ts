import { actionTypes, anyCase } from './actions';
import { address, among, either, type NamedColumns, name, port, sid, time, url, yesNo } from './kinds';
import { quoted, texts } from './values';

const processText = among(...texts('chrome.exe', '', '-', ' x ', '\u0000'), 'null', '5');
const processNumber = among('4', '0', '"0"', '9007199254740993', '1.5', 'null', '"13510798882111570"');

/** The columns of the tables, except those that say which record this is and what becomes of it. */
export const columns: NamedColumns = Object.entries({
  ActionType: either(
    (random) => quoted(anyCase(random, random.pick(actionTypes))),
    (random) => quoted(random.pick(actionTypes)),
    among(
      ...texts('SomethingNew', 'QuicConnectionInspected', 'connectionINSPECTED', '', '-', '__proto__'),
      'null',
      '7',
    ),
  ),
  DeviceId: among(...texts('0123456789abcdef', ' 0123456789ABCDEF ', '', '-', '\u0130'), 'null', '5', '{}'),
  DeviceName: name,
  MachineId: among(...texts('0123456789abcdef', ''), 'null'),
  ComputerName: name,
  MachineGroup: among(...texts('servers', ''), 'null', '[]'),
  LocalIP: address,
  LocalPort: port,
  LocalIPType: among(...texts('Public', 'Private', 'FourToSixMapping', ''), 'null', '1'),
  RemoteIP: address,
  RemotePort: port,
  RemoteIPType: among(...texts('Public', 'Private', 'FourToSixMapping', ''), 'null', '1'),
  RemoteUrl: url,
  Protocol: among(
    ...texts('Tcp', 'TcpV4', ' udp ', 'Icmp', 'Unknown', 'quic', '\u0131cmp', '\u00df', '-'),
    '6',
    'null',
  ),
  AppGuardContainerId: among(...texts('', 'x'), 'null'),
  InitiatingProcessFileName: processText,
  InitiatingProcessFolderPath: processText,
  InitiatingProcessCommandLine: either(
    (random) => `"cmd.exe /c ${random.letters(random.below(300))} \\"x\\" \\\\ \\u0001"`,
    processText,
  ),
  InitiatingProcessCreationTime: time,
  InitiatingProcessSHA1: among(quoted('da39a3ee5e6b4b0d3255bfef95601890afd80709'), '""', 'null', '5'),
  InitiatingProcessSHA256: among(quoted('e3b0c442'.repeat(8)), '""', 'null'),
  InitiatingProcessMD5: among(quoted('d41d8cd98f00b204e9800998ecf8427e'), '""', 'null'),
  InitiatingProcessAccountName: among(...texts('alice', 'nt instans\\system', '', '-', ' '), 'null', '5'),
  InitiatingProcessAccountDomain: among(...texts('corp', '-', '', '\u00e5'), 'null'),
  InitiatingProcessAccountSid: sid,
  InitiatingProcessAccountUpn: among(...texts('alice@corp.example', 'null', '@', ''), 'null'),
  InitiatingProcessAccountObjectId: among(...texts('11111111-2222-3333-4444-555555555555', '', '-'), 'null', '{}'),
  InitiatingProcessParentFileName: processText,
  InitiatingProcessParentId: processNumber,
  InitiatingProcessParentCreationTime: time,
  InitiatingProcessUniqueId: processNumber,
  InitiatingProcessFileSize: processNumber,
  InitiatingProcessIntegrityLevel: processText,
  InitiatingProcessTokenElevation: processText,
  InitiatingProcessVersionInfoCompanyName: processText,
  InitiatingProcessVersionInfoFileDescription: processText,
  InitiatingProcessSessionId: processNumber,
  IsInitiatingProcessRemoteSession: yesNo,
  InitiatingProcessRemoteSessionDeviceName: name,
  InitiatingProcessRemoteSessionIP: address,
});
