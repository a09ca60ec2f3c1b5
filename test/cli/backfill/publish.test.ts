import { gzipSync } from 'node:zlib';
import type { ArchiveFile } from '../../../cli/backfill/archiveFile';
import { type BackfillAccount, newAccount } from '../../../cli/backfill/backfillAccount';
import { type Publishing, publishArchive, windowSize } from '../../../cli/backfill/publishArchive';
import { PublishedFiles } from '../../../cli/backfill/publishedFiles';
import { Rate } from '../../../cli/backfill/rateLimit';
import type { JsonObject } from '../../../shared/json';

function fileOf(name: string, content: string | Buffer, version = '1'): ArchiveFile {
  const stored = Buffer.from(content);
  return {
    name,
    size: stored.length,
    version,
    async *bytes() {
      yield stored;
    },
  };
}

interface Run {
  readonly account: BackfillAccount;
  readonly sent: string[];
  readonly warnings: string[];
  readonly entries: JsonObject[];
}

/** Publishes to nowhere; `entries` is the checkpoint, carried from run to run. */
async function run(
  files: readonly ArchiveFile[],
  entries: readonly JsonObject[] = [],
  options: Partial<Publishing> = {},
): Promise<Run> {
  const done: Run = { account: newAccount(files.length, false), sent: [], warnings: [], entries: [...entries] };
  const published = new PublishedFiles();
  for (const entry of entries) published.read(entry);
  await publishArchive({
    files,
    published,
    checkpoint: { append: async (added) => void done.entries.push(...added) },
    send: async (body) => done.sent.push(body.toString()) > 0,
    bytesRate: new Rate(Number.POSITIVE_INFINITY),
    recordsRate: new Rate(Number.POSITIVE_INFINITY),
    account: done.account,
    warn: (text) => done.warnings.push(text),
    onProgress: () => undefined,
    signal: new AbortController().signal,
    ...options,
  });
  return done;
}

/** Lines that are a message each. */
function lines(count: number): string {
  return Array.from({ length: count }, (_, i) => `{"records":[${i}]}\n`).join('');
}

test('a finished file is not published again; a changed one is, from its start', async () => {
  const first = await run([fileOf('a', '{"category":"A"}'), fileOf('b', '{"category":"B"}')]);
  expect(first.sent).toEqual(['{"records":[{"category":"A"}]}', '{"records":[{"category":"B"}]}']);
  const second = await run(
    [fileOf('a', '{"category":"A"}'), fileOf('b', '{"category":"B"}\n{"category":"C"}', '2')],
    first.entries,
  );
  expect(second.sent).toEqual(['{"records":[{"category":"B"},{"category":"C"}]}']);
  expect(second.account).toMatchObject({ files: 2, filesDoneBefore: 1, messages: 1, records: 2 });
});

test('stopped in the middle of a file, the next run continues after the last message sent', async () => {
  const files = [fileOf('a', lines(windowSize + 3)), fileOf('b', '{"category":"B"}')];
  const stopping = new AbortController();
  const first = await run(files, [], { signal: stopping.signal, onProgress: () => stopping.abort() });
  expect(first.sent).toHaveLength(windowSize);
  expect(first.account).toMatchObject({ stopped: true, messages: windowSize });
  const second = await run(files, first.entries);
  expect(second.sent).toEqual([
    '{"records":[8]}',
    '{"records":[9]}',
    '{"records":[10]}',
    '{"records":[{"category":"B"}]}',
  ]);
  expect(second.account).toMatchObject({ stopped: false, filesDoneBefore: 0 });
  expect((await run(files, second.entries)).account).toMatchObject({ filesDoneBefore: 2, messages: 0 });
});

test('a failed send ends the run, and the next run sends its window again', async () => {
  const files = [fileOf('a', lines(windowSize + 4))];
  const entries: JsonObject[] = [];
  const failing = run(files, [], {
    checkpoint: { append: async (added) => void entries.push(...added) },
    send: async (body) => {
      if (body.toString() === '{"records":[9]}') throw new Error('The hub is gone.');
      return true;
    },
  });
  await expect(failing).rejects.toThrow('The hub is gone.');
  expect((await run(files, entries)).sent).toEqual([
    '{"records":[8]}',
    '{"records":[9]}',
    '{"records":[10]}',
    '{"records":[11]}',
  ]);
});

test('a damaged file is published up to the damage, and the other files completely', async () => {
  const text = `${lines(3)}${'x'.repeat(5000)}`;
  const torn = gzipSync(text, { level: 0 }).subarray(0, 200);
  const files = [fileOf('a', torn), fileOf('b', 'Timestamp,ReportId\n1,2'), fileOf('c', '{"category":"C"}')];
  const first = await run(files);
  expect(first.sent).toEqual([
    '{"records":[0]}',
    '{"records":[1]}',
    '{"records":[2]}',
    '{"records":[{"category":"C"}]}',
  ]);
  expect(first.account).toMatchObject({ filesFailed: 2, messages: 4 });
  expect(first.warnings).toEqual([
    'a could not be read to its end: unexpected end of file',
    expect.stringContaining(
      'b could not be read to its end: these are rows of a query without the name of their table.',
    ),
  ]);
  const second = await run(files, first.entries);
  expect(second.sent).toEqual([]);
  expect(second.account).toMatchObject({ filesDoneBefore: 1, filesFailed: 2 });
});

test('a message that is too large is reported with its line, and all others are published', async () => {
  const { account, warnings, sent } = await run([fileOf('a', lines(3))], [], {
    send: async (body) => body.toString() !== '{"records":[1]}',
  });
  expect(account).toMatchObject({ messages: 2, tooLarge: 1 });
  expect(warnings).toEqual(['a, line 2: not published, 15 bytes are more than an event takes.']);
  expect(sent).toEqual([]);
});

test('each message waits for its share of both rates', async () => {
  const taken: string[] = [];
  class Watched extends Rate {
    constructor(private readonly what: string) {
      super(1);
    }
    override async take(amount: number): Promise<void> {
      taken.push(`${amount} ${this.what}`);
    }
  }
  const text = '{"category":"A"}\n{"category":"B"}\n{"records":[1]}\n';
  await run([fileOf('a', text)], [], { bytesRate: new Watched('bytes'), recordsRate: new Watched('records') });
  expect(taken).toEqual(['47 bytes', '2 records', '15 bytes', '1 records']);
});

test('a dry run counts without waiting', async () => {
  const { account } = await run([fileOf('a', `${lines(2)}{"cut`)], [], { send: undefined, bytesRate: new Rate(1e-9) });
  expect(account).toMatchObject({ messages: 3, records: 3, bytes: 35, noJson: 1 });
});
