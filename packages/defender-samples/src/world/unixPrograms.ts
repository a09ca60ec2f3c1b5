import type { NonEmpty } from '../random';
import type { Account, Program } from './programs';

function program(
  path: string,
  command: string,
  parent: string,
  account: Account,
  bytes: number,
  versions: NonEmpty<string> = ['1'],
): Program {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return { file, path: path.toLowerCase(), command, parent, account, versionInfo: null, versions, bytes };
}

/** Versions only tell builds apart here: Defender reports no version information on these systems. */
export const macPrograms = {
  safari: program(
    '/system/library/frameworks/webkit.framework/xpcservices/com.apple.webkit.networking.xpc/contents/macos/com.apple.WebKit.Networking',
    '/System/Library/Frameworks/WebKit.framework/XPCServices/com.apple.WebKit.Networking.xpc/Contents/MacOS/com.apple.WebKit.Networking',
    'launchd',
    'user',
    134_896,
  ),
  chrome: program(
    '/applications/google chrome.app/contents/frameworks/google chrome framework.framework/helpers/google chrome helper.app/contents/macos/Google Chrome Helper',
    '"Google Chrome Helper" --type=utility --utility-sub-type=network.mojom.NetworkService --lang=en-GB --shared-files --metrics-shmem-handle=#',
    'Google Chrome',
    'user',
    296_208,
    ['142', '141'],
  ),
  teams: program(
    '/applications/microsoft teams.app/contents/macos/MSTeams',
    '"/Applications/Microsoft Teams.app/Contents/MacOS/MSTeams"',
    'launchd',
    'user',
    58_112_560,
  ),
  outlook: program(
    '/applications/microsoft outlook.app/contents/macos/Microsoft Outlook',
    '"/Applications/Microsoft Outlook.app/Contents/MacOS/Microsoft Outlook"',
    'launchd',
    'user',
    61_204_272,
  ),
  update: program(
    '/system/library/coreservices/softwareupdate.app/contents/resources/softwareupdated',
    '/System/Library/CoreServices/Software Update.app/Contents/Resources/softwareupdated',
    'launchd',
    'root',
    1_904_128,
  ),
  shell: program('/usr/bin/ssh', 'ssh -A deploy@jump', 'zsh', 'user', 1_411_552),
  git: program(
    '/usr/bin/git-remote-https',
    'git-remote-https origin https://git.devcommons.example.org/team/#.git',
    'git',
    'user',
    2_310_176,
  ),
} satisfies Record<string, Program>;

export const linuxPrograms = {
  sshd: program(
    '/usr/sbin/sshd',
    'sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups',
    'systemd',
    'root',
    921_416,
  ),
  nginx: program('/usr/sbin/nginx', 'nginx: worker process', 'nginx', 'daemon', 1_274_080),
  apt: program('/usr/lib/apt/methods/https', '/usr/lib/apt/methods/https', 'apt-get', 'root', 146_520),
  curl: program(
    '/usr/bin/curl',
    'curl -fsS --max-time 20 https://registry.modules.example.org/healthz?probe=#',
    'bash',
    'daemon',
    260_328,
  ),
  python: program(
    '/usr/bin/python3.12',
    '/usr/bin/python3 /opt/inventory/collect.py --shard #',
    'systemd',
    'daemon',
    8_021_824,
  ),
  postfix: program('/usr/lib/postfix/sbin/smtp', 'smtp -t unix -u -c', 'master', 'daemon', 178_432),
  postfixIn: program(
    '/usr/lib/postfix/sbin/smtpd',
    'smtpd -n smtp -t inet -u -c -o stress=',
    'master',
    'daemon',
    244_120,
  ),
  ftpd: program('/usr/sbin/vsftpd', '/usr/sbin/vsftpd /etc/vsftpd.conf', 'systemd', 'root', 173_544),
  backup: program(
    '/opt/quayside/bin/qbserver',
    '/opt/quayside/bin/qbserver --config /etc/quayside/server.yaml',
    'systemd',
    'daemon',
    24_117_248,
  ),
  defender: program(
    '/opt/microsoft/mdatp/sbin/wdavdaemon',
    '/opt/microsoft/mdatp/sbin/wdavdaemon',
    'systemd',
    'root',
    4_226_040,
  ),
  agent: program(
    '/usr/local/bin/node_exporter',
    '/usr/local/bin/node_exporter --web.listen-address=:9100',
    'systemd',
    'daemon',
    20_025_119,
  ),
} satisfies Record<string, Program>;
