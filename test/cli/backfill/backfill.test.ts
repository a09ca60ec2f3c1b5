import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { readMessage } from '../../../shared/defender/readMessage';
import { type Bench, source, startBench } from '../replay/kit/replayBench';
import { accountOf, type Ended, run, start } from '../replay/kit/replayCommand';
import { startBlobServer } from './kit/archiveServer';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
  await mkdir(join(bench.folder, 'archive', 'h=10'), { recursive: true });
});
afterEach(() => bench.stop());

function backfill(...args: readonly string[]): Promise<Ended> {
  return run('backfill', [...args, '--json'], bench.folder, bench.environment);
}

function write(name: string, content: string | Buffer): Promise<void> {
  return writeFile(join(bench.folder, 'archive', name), content);
}

function record(number: number, padding = ''): string {
  return `{"category":"AdvancedHunting-DeviceNetworkEvents","properties":{"ReportId":${number},"Pad":"${padding}"}}`;
}

/** The ReportIds that the app would read, and what it could not. */
async function published(): Promise<unknown[]> {
  const found = (await bench.published()).flatMap(({ body }) => readMessage(Buffer.from(body)));
  return found.map((part) => (part.kind === 'record' ? part.properties['ReportId'] : part.reason)).toSorted(byText);
}

function byText(a: unknown, b: unknown): number {
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

test('a dry run without settings counts every file', async () => {
  await write('1.json', `${record(1)}\n${record(2)}\n`);
  const { stdout, stderr, code } = await run('backfill', ['archive', '--dry-run'], bench.folder, {});
  expect(stdout).toContain('Would publish 2 records in 1 message');
  expect(stderr).toContain('every file is counted');
  expect(code).toBe(0);
});

test('publishes a folder of lines, documents and gzip, once; a dry run only counts', async () => {
  await write('1.json', `\ufeff${record(1)}\r\n${record(2)}\r\n`);
  await write('2.json.gz', gzipSync(`${record(3)}\n`));
  await write('h=10/PT1H.json', `{\n  "records": [\n    ${record(4)}\n  ]\n}\n`);
  await write('h=10/mixed.ndjson', `${record(5)}\nnot json\n`);

  const dry = await backfill('archive', '--dry-run');
  const account = { files: 4, filesDoneBefore: 0, records: 6, messages: 5, noJson: 1, filesFailed: 0 };
  expect(accountOf(dry)).toMatchObject({ ...account, dryRun: true });
  expect(bench.count()).toBe(0);

  const first = await backfill('archive');
  expect(accountOf(first)).toMatchObject({ ...account, dryRun: false });
  expect(first.stdout).toContain('Not JSON: 1 line; whole records in them become rows, the rest dead letters.');
  expect(first.code).toBe(1);
  expect(await published()).toEqual([1, 2, 3, 4, 5, 'InvalidJson']);

  const second = await backfill('archive');
  expect(accountOf(second)).toMatchObject({ files: 4, filesDoneBefore: 4, messages: 0 });
  expect(second.code).toBe(0);
  expect(bench.count()).toBe(5);
  // An upgrade must go on where the version before it ended.
  const [heading] = (await readFile(join(bench.folder, 'backfill-checkpoint.ndjson'), 'utf8')).split('\n');
  const namespace = /:\/\/([^/;]+)/.exec(bench.environment.EventHub)?.[1];
  const checkpoint = `backfill of ${join(bench.folder, 'archive')} into ${source} in ${namespace}`;
  expect(heading).toBe(JSON.stringify({ checkpoint }));
});

test('after a kill the next run continues: every record is published, and at most one window of messages twice', async () => {
  // Each of the 30 records is a message of its own.
  const padding = 'x'.repeat(500_000);
  await write('big.json', Array.from({ length: 30 }, (_, i) => `${record(i, padding)}\n`).join(''));
  const stall = bench.eventHubs.faults.inject({ on: 'send', kind: 'stall', hub: source, after: 11, times: 100 });
  const fast = ['archive', '--megabytes-per-second', '1000'];
  const first = start('backfill', fast, bench.folder, bench.environment);
  // The checkpoint has the first 8; three of the next 8 are stored, and the others get no answer.
  while (bench.count() < 11 || stall.fired < 5) await sleep(5);
  await first.kill();
  stall.remove();
  const second = await backfill(...fast);
  expect(accountOf(second)).toMatchObject({ messages: 22, records: 22, stopped: false });
  expect(second.code).toBe(0);
  const ids = await published();
  expect(new Set(ids)).toEqual(new Set(Array.from({ length: 30 }, (_, i) => i)));
  expect(ids).toHaveLength(33);
});

test('publishes blobs through the Blob Storage client', async () => {
  const server = await startBlobServer();
  try {
    for (const [hour, content] of [`${record(1)}\n${record(2)}\n`, `${record(3)}\n`, `${record(4)}\n`].entries()) {
      server.blobs.set(`d=20/h=0${hour}/PT1H.json`, { content: Buffer.from(content) });
    }
    const first = await backfill(server.url('/d=20/'));
    expect(accountOf(first)).toMatchObject({ files: 3, records: 4, messages: 3 });
    expect(first.code).toBe(0);
    expect(await published()).toEqual([1, 2, 3, 4]);
    server.downloads.length = 0;
    server.blobs.set('d=20/h=02/PT1H.json', { content: Buffer.from(`${record(4)}\n${record(5)}\n`), etag: '0x2' });
    expect(accountOf(await backfill(server.url('/d=20/')))).toMatchObject({ filesDoneBefore: 2, records: 2 });
    expect(server.downloads).toEqual(['d=20/h=02/PT1H.json']);
  } finally {
    await server.stop();
  }
});

test.each<[string, readonly string[], Readonly<Record<string, string>>, string]>([
  ['no source', [], {}, 'Name one folder, file or URL.'],
  ['no such folder', ['nowhere'], {}, 'nowhere cannot be read (ENOENT'],
  ['a folder without files', ['archive'], {}, 'holds no file to publish: expected names that end in .json'],
  [
    'a rate of nothing',
    ['archive', '--megabytes-per-second', '0'],
    {},
    '--megabytes-per-second: expected a number above',
  ],
  [
    'several hubs',
    ['archive'],
    { EVENT_HUB_NAMES: 'a,b' },
    'EVENT_HUB_NAMES has several hubs (a, b): name one with --hub.',
  ],
  ['a wrong connection', ['archive'], { EventHub: 'Endpoint=none' }, 'EventHub: expected a connection string'],
])('2 and what to do, without a stack: %s', async (_, args, environment, message) => {
  const { code, stdout, stderr } = await run('backfill', args, bench.folder, { ...bench.environment, ...environment });
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});
