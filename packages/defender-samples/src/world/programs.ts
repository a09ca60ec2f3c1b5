import type { NonEmpty } from '../random';

/** A program that opens or accepts connections, as Defender describes an initiating process. */
export interface Program {
  readonly file: string;
  /** As FolderPath has it: lower case on Windows and macOS, with the file name. */
  readonly path: string;
  /** `#` stands for a number that differs from process to process; null where Defender reports none. */
  readonly command: string | null;
  readonly parent: string | null;
  readonly account: Account;
  readonly versionInfo: VersionInfo | null;
  /** Product versions in use at the same time. */
  readonly versions: NonEmpty<string>;
  readonly bytes: number;
}

export type Account = 'user' | 'system' | 'network service' | 'local service' | 'root' | 'daemon';

export interface VersionInfo {
  readonly company: string;
  readonly product: string;
  readonly internal: string;
  readonly original: string;
  readonly description: string;
}

const system32 = 'c:\\windows\\system32\\';
const operatingSystem = 'Microsoft® Windows® Operating System';
const windowsVersions: NonEmpty<string> = ['10.0.26100.4768', '10.0.22631.5624'];

function service(name: string, group: string, account: Account): Program {
  return {
    file: 'svchost.exe',
    path: `${system32}svchost.exe`,
    command: `svchost.exe -k ${group} -p -s ${name}`,
    parent: 'services.exe',
    account,
    versionInfo: {
      company: 'Microsoft Corporation',
      product: operatingSystem,
      internal: 'svchost.exe',
      original: 'svchost.exe',
      description: 'Host Process for Windows Services',
    },
    versions: windowsVersions,
    bytes: 88_232,
  };
}

function windowsPart(file: string, description: string, bytes: number, parent: string, command = file): Program {
  const versionInfo = {
    company: 'Microsoft Corporation',
    product: operatingSystem,
    internal: file,
    original: file,
    description,
  };
  return {
    file,
    path: system32 + file.toLowerCase(),
    command,
    parent,
    account: 'system',
    versionInfo,
    versions: windowsVersions,
    bytes,
  };
}

function application(
  [company, product]: readonly [company: string, product: string],
  path: string,
  command: string,
  versions: NonEmpty<string>,
  bytes: number,
  rest: Partial<Pick<Program, 'parent' | 'account'>> & { readonly description?: string } = {},
): Program {
  const file = path.slice(path.lastIndexOf('\\') + 1);
  const { description = product, parent = 'explorer.exe', account = 'user' } = rest;
  const versionInfo = { company, product, internal: file.replace('.', '_'), original: file, description };
  return { file, path: path.toLowerCase(), command, parent, account, versionInfo, versions, bytes };
}

export const windowsPrograms = {
  chrome: application(
    ['Google LLC', 'Google Chrome'],
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    '"chrome.exe" --type=utility --utility-sub-type=network.mojom.NetworkService --lang=en-GB --service-sandbox-type=none --start-stack-profiler --field-trial-handle=#,i,262144 --variations-seed-version --mojo-platform-channel-handle=# /prefetch:3',
    ['142.0.7444.176', '141.0.7390.123'],
    3_402_848,
    { parent: 'chrome.exe' },
  ),
  edge: application(
    ['Microsoft Corporation', 'Microsoft Edge'],
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
    '"msedge.exe" --type=utility --utility-sub-type=network.mojom.NetworkService --lang=en-US --service-sandbox-type=none --metrics-shmem-handle=#,i,524288 --mojo-platform-channel-handle=# /prefetch:3',
    ['142.0.3595.94', '142.0.3595.80'],
    4_812_328,
    { parent: 'msedge.exe' },
  ),
  firefox: application(
    ['Mozilla Corporation', 'Firefox'],
    'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
    '"firefox.exe" -osint -url #',
    ['145.0.1', '140.5.0'],
    698_296,
  ),
  teams: application(
    ['Microsoft Corporation', 'Microsoft Teams'],
    'C:\\Program Files\\WindowsApps\\MSTeams_x64\\ms-teams.exe',
    '"ms-teams.exe" msteams:system-initiated',
    ['25306.804.4102.7193', '25290.205.4069.4894'],
    389_120,
  ),
  outlook: application(
    ['Microsoft Corporation', 'Microsoft Outlook'],
    'C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE',
    '"OUTLOOK.EXE" ',
    ['16.0.19328.20190', '16.0.19231.20216'],
    47_284_520,
  ),
  drive: application(
    ['Microsoft Corporation', 'Microsoft OneDrive'],
    'C:\\Program Files\\Microsoft OneDrive\\OneDrive.exe',
    '"OneDrive.exe" /background',
    ['25.209.1026.0002', '25.199.1012.0002'],
    4_529_984,
  ),
  ledger: application(
    ['Fjordline Software', 'LedgerDesk'],
    'C:\\Program Files\\Fjordline\\LedgerDesk\\LedgerDesk.exe',
    '"C:\\Program Files\\Fjordline\\LedgerDesk\\LedgerDesk.exe" --tenant # --server ledger',
    ['8.4.2.0', '8.3.9.0'],
    12_874_240,
  ),
  editor: application(
    ['Microsoft Corporation', 'Visual Studio Code'],
    'C:\\Users\\Public\\Apps\\VS Code\\Code.exe',
    '"Code.exe" --type=utility --utility-sub-type=node.mojom.NodeService --lang=en-US --inspect-port=0 --mojo-platform-channel-handle=#',
    ['1.106.2', '1.105.1'],
    192_412_712,
    { parent: 'Code.exe' },
  ),
  remoteDesktop: windowsUser('mstsc.exe', 'Remote Desktop Connection', '"mstsc.exe" /v:# /f', 1_740_800),
  shell: windowsUser(
    'ssh.exe',
    'OpenSSH for Windows',
    'ssh.exe -p 22 deploy@jump -o ServerAliveInterval=30',
    1_172_992,
  ),
  powershell: windowsUser(
    'powershell.exe',
    'Windows PowerShell',
    'powershell.exe -NoProfile -File C:\\Tools\\Sync-Inventory.ps1 -Batch #',
    454_656,
  ),
  transfer: windowsUser('ftp.exe', 'File Transfer Program', 'ftp -s:C:\\Jobs\\freight-#.txt', 57_344),
  system: {
    file: 'System',
    path: `${system32}ntoskrnl.exe`,
    command: null,
    parent: null,
    account: 'system',
    versionInfo: {
      company: 'Microsoft Corporation',
      product: operatingSystem,
      internal: 'ntkrnlmp.exe',
      original: 'ntkrnlmp.exe',
      description: 'NT Kernel & System',
    },
    versions: windowsVersions,
    bytes: 12_091_712,
  },
  authority: windowsPart('lsass.exe', 'Local Security Authority Process', 83_384, 'wininit.exe'),
  spooler: windowsPart('spoolsv.exe', 'Spooler SubSystem App', 937_984, 'services.exe'),
  sensor: application(
    ['Microsoft Corporation', 'Microsoft Defender for Endpoint'],
    'C:\\Program Files\\Windows Defender Advanced Threat Protection\\MsSense.exe',
    '"MsSense.exe"',
    ['10.8805.26100.1', '10.8804.22621.1'],
    527_680,
    {
      parent: 'services.exe',
      account: 'system',
      description: 'Windows Defender Advanced Threat Protection Service Executable',
    },
  ),
  antivirus: application(
    ['Microsoft Corporation', operatingSystem],
    'C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\MsMpEng.exe',
    '"MsMpEng.exe"',
    ['4.18.25100.9008', '4.18.25090.3009'],
    281_520,
    { parent: 'services.exe', account: 'system', description: 'Antimalware Service Executable' },
  ),
  backupAgent: application(
    ['Quayside Backup AS', 'Quayside Backup Agent'],
    'C:\\Program Files\\Quayside\\Agent\\qbagent.exe',
    '"C:\\Program Files\\Quayside\\Agent\\qbagent.exe" --service --node #',
    ['5.2.118', '5.2.104'],
    9_412_608,
    { parent: 'services.exe', account: 'system' },
  ),
  database: application(
    ['Microsoft Corporation', 'Microsoft SQL Server'],
    'C:\\Program Files\\Microsoft SQL Server\\MSSQL16.MSSQLSERVER\\MSSQL\\Binn\\sqlservr.exe',
    '"sqlservr.exe" -sMSSQLSERVER',
    ['16.0.4215.2'],
    675_880,
    { parent: 'services.exe', account: 'network service', description: 'SQL Server Windows NT - 64 Bit' },
  ),
  webWorker: windowsPart(
    'w3wp.exe',
    'IIS Worker Process',
    36_864,
    'svchost.exe',
    'w3wp.exe -ap "Intranet" -v "v4.0" -l "webengine4.dll" -a pipe#',
  ),
  transferService: service('BITS', 'netsvcs', 'system'),
  update: service('wuauserv', 'netsvcs', 'system'),
  names: service('Dnscache', 'NetworkService', 'network service'),
  cryptography: service('CryptSvc', 'NetworkService', 'network service'),
  delivery: service('DoSvc', 'NetworkService', 'network service'),
  terminal: service('TermService', 'NetworkService', 'network service'),
  discovery: service('FDResPub', 'LocalServiceAndNoImpersonation', 'local service'),
} satisfies Record<string, Program>;

function windowsUser(file: string, description: string, command: string, bytes: number): Program {
  return { ...windowsPart(file, description, bytes, 'explorer.exe', command), account: 'user' };
}
