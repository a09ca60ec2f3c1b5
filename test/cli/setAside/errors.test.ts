import { run } from '../replay/kit/replayCommand';
import { accountOf, type Bench, checkpointBlob, hub, startBench } from './kit/setAsideBench';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
  await bench.publish('a', 'b', 'c');
});
afterAll(() => bench.stop());
beforeEach(() => {
  bench.storage.onRequest = undefined;
  bench.storage.put(checkpointBlob, { sequencenumber: '0', offset: '0', clientidentifier: 'host' });
});

test.each<[string, readonly string[], Readonly<Record<string, string>>, string]>([
  ['no partition', [], {}, 'Name the partition: --partition N'],
  ['a partition that is not there', ['--partition', '7'], {}, `--partition 7: the hub ${hub} has the partitions 0, 1.`],
  [
    'a hub that the app does not read',
    ['--partition', '0', '--hub', 'x'],
    {},
    `--hub x: the app does not read this hub. EVENT_HUB_NAMES has ${hub}.`,
  ],
  ['several hubs and none named', ['--partition', '0'], { EVENT_HUB_NAMES: `${hub},b` }, 'name one with --hub.'],
  [
    'a hub that is not there',
    ['--partition', '0'],
    { EVENT_HUB_NAMES: 'nowhere' },
    'The hub nowhere cannot be reached',
  ],
  ['a checkpoint that is not there', ['--partition', '1'], {}, 'There is no checkpoint yet'],
  ['a message past the end', ['--partition', '0', '--through', '9'], {}, '--through 9: there are fewer messages.'],
  ['a gap', ['--partition', '0', '--from', '2', '--through', '2', '--yes'], {}, 'Begin with --from 1.'],
  ['--yes for nobody knows what', ['--partition', '0', '--count', '1', '--yes'], {}, '--yes needs --through.'],
  ['two ways to say it', ['--partition', '0', '--count', '1', '--all'], {}, 'choose one'],
  ['a word for a number', ['--partition', '0', '--count', 'all'], {}, '--count: expected a whole number'],
  ['an option of another task', ['--partition', '0', '--dry-run'], {}, '--dry-run: not an option of "set-aside".'],
  [
    'no storage',
    ['--partition', '0'],
    { AzureWebJobsStorage: '' },
    "Put the app's AzureWebJobsStorage settings into the environment",
  ],
  [
    'a folder of npm start that is gone',
    ['--partition', '0'],
    { EMBEDDED_HOST_CHECKPOINTS: 'gone' },
    'gone is no folder.',
  ],
  [
    'a dead-letter hub that is not there',
    ['--partition', '0'],
    { DEAD_LETTER_EVENT_HUB: 'nowhere' },
    'The dead-letter hub nowhere cannot be written to',
  ],
])('2 and what to do, without a stack: %s', async (_, args, environment, message) => {
  const before = [...bench.storage.blobs];
  const ended = await run('replay', ['set-aside', ...args], bench.folder, { ...bench.environment, ...environment });
  expect(ended.stderr).toContain(message);
  expect(ended.stderr).not.toMatch(/\n\s+at /);
  expect(ended.stdout).toBe('');
  expect(ended.code).toBe(2);
  expect([...bench.storage.blobs]).toEqual(before);
  expect(await bench.events()).toEqual([]);
});

test('403 of the storage names the role; after the dead letters it ends with the account and exit code 1', async () => {
  bench.storage.onRequest = () => ({ status: 403, code: 'AuthorizationPermissionMismatch' });
  const early = await bench.setAside('--count', '1');
  expect(early.stderr).toContain("role Storage Blob Data Contributor on the app's storage account");
  expect(early.code).toBe(2);
  bench.storage.onRequest = (method, name) =>
    method === 'PUT' && name === checkpointBlob ? { status: 403, code: 'AuthorizationPermissionMismatch' } : undefined;
  const late = await bench.setAside('--through', '1', '--yes');
  expect(late.stderr).toContain('Storage Blob Data Contributor');
  expect(accountOf(late)).toMatchObject({ messages: 0, checkpointAfter: 0, stopped: true });
  expect(late.code).toBe(1);
  expect(bench.checkpoint()).toBe('0');
});

test('a checkpoint without a sequence number is an error that names it', async () => {
  bench.storage.put(checkpointBlob, { offset: '12' });
  const { stderr, code } = await bench.setAside();
  expect(stderr).toContain(`The checkpoint azure-webjobs-eventhub/${checkpointBlob} has no sequence number (found "")`);
  expect(code).toBe(2);
});

test('a checkpoint of an earlier hub of the same name is an error', async () => {
  bench.storage.put(checkpointBlob, { sequencenumber: '4711', offset: '1', clientidentifier: 'host' });
  const { stderr, code } = await bench.setAside();
  expect(stderr).toContain('The checkpoint is at 4711, but the partition ends at 2');
  expect(code).toBe(2);
});

test('messages that expired before they were settled are reported, with exit code 1', async () => {
  const other = await startBench({ retentionBytes: 4000 });
  try {
    for (let i = 0; i < 6; i++) await other.publish('x'.repeat(1000));
    other.storage.put(checkpointBlob, { sequencenumber: '0', offset: '0', clientidentifier: 'host' });
    const dry = await other.setAside('--all');
    const [, expired = ''] = /"expired":(\d+)/.exec(dry.stdout) ?? [];
    expect(Number(expired)).toBeGreaterThan(0);
    expect(dry.stdout).toContain(`${expired} messages lost: retention deleted them`);
    expect(dry.code).toBe(1);
    const ended = await other.setAside('--through', '5', '--yes');
    expect(accountOf(ended)).toMatchObject({
      expired: Number(expired),
      messages: 5 - Number(expired),
      checkpointAfter: 5,
    });
    expect(ended.code).toBe(1);
  } finally {
    await other.stop();
  }
});
