import { loadPackagedRules } from '../../../shared/rules/loadRules';
import { ruled } from '../kit/ruleKit';

const examples = loadPackagedRules('infra/rules/examples.json');

const service = {
  InitiatingProcessFileName: 'svchost.exe',
  InitiatingProcessFolderPath: 'C:\\Windows\\System32\\svchost.exe',
  InitiatingProcessCommandLine: 'svchost.exe -k netsvcs -p -s BITS',
};
const sensor = {
  InitiatingProcessFileName: 'MsSense.exe',
  InitiatingProcessFolderPath: 'C:\\Program Files\\Windows Defender Advanced Threat Protection\\MsSense.exe',
};
const site = { LocalIP: '10.1.1.1', LocalPort: 50_000, RemoteIP: '203.0.113.7', RemotePort: 443 };

describe('each example takes what it says, and nothing near it', () => {
  test.each<[string, Readonly<Record<string, unknown>>, string | undefined]>([
    ['a connection of a device to itself', { ...site, LocalIP: '127.0.0.1', RemoteIP: '127.0.0.1' }, 'loopback'],
    ['the same over IPv6', { ...site, LocalIP: '::1', RemoteIP: '::1' }, 'loopback'],
    [
      'a socket that listens on loopback',
      { ActionType: 'ListeningConnectionCreated', LocalIP: '127.0.0.1', LocalPort: 80 },
      'listening sockets',
    ],
    ['mDNS', { ...site, RemoteIP: '224.0.0.251', RemotePort: 5353 }, 'multicast and broadcast'],
    ['multicast over IPv6', { ...site, LocalIP: 'fe80::1', RemoteIP: 'ff02::fb' }, 'multicast and broadcast'],
    ['a broadcast', { ...site, RemoteIP: '255.255.255.255' }, 'multicast and broadcast'],
    ['a name asked of the own resolver', { ...site, RemoteIP: '10.0.0.10', RemotePort: 53 }, 'dns to own resolvers'],
    ['a name asked of another resolver', { ...site, RemoteIP: '8.8.8.8', RemotePort: 53 }, undefined],
    ['an update by its site', { ...site, RemoteUrl: 'au.download.windowsupdate.com' }, 'update services'],
    ['an update by its service', { ...site, ...service }, 'update services'],
    [
      'another service',
      { ...site, ...service, InitiatingProcessCommandLine: 'svchost.exe -k netsvcs -p -s Schedule' },
      undefined,
    ],
    [
      'a program of that name in another folder',
      { ...site, ...service, InitiatingProcessFolderPath: 'C:\\Users\\a\\svchost.exe' },
      undefined,
    ],
    ["Defender's sensor", { ...site, ...sensor }, 'one process'],
    [
      'a program of its name elsewhere',
      { ...site, ...sensor, InitiatingProcessFolderPath: 'C:\\Temp\\MsSense.exe' },
      undefined,
    ],
    ['a session inside the network', { ...site, RemoteIP: '192.168.1.1' }, 'private network'],
    ['a session between sites of the internet', { ...site, LocalIP: '198.51.100.1' }, undefined],
    ['a connection to a site', site, undefined],
  ])('%s', async (_, record, rule) => {
    if (examples.kind === 'wrong') throw new Error(examples.problems.join('\n'));
    const { tally } = await ruled(examples.rules, record);
    expect(tally.droppedByRule).toEqual(rule === undefined ? {} : { [rule]: 1 });
    expect(tally.ruleErrorsByRule).toEqual({});
  });
});

test('each example says what it gives up', () => {
  if (examples.kind === 'wrong') throw new Error(examples.problems.join('\n'));
  expect(examples.givesUp.filter((text) => text.length < 20)).toEqual([]);
  expect(examples.givesUp).toHaveLength(7);
});
