import { exec } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LetterView } from '../../cli/page/keptLetters';
import type { PageCounts } from '../../cli/page/pageState';
import type { RecordView } from '../../cli/page/recordView';
import type { FoundRows } from '../../cli/page/storedRows';
import { read } from '../cli/page/kit/servedPage';
import { lastLine, root, runCommand, start } from './childCommand';

const outputs: string[] = [];

afterAll(() => {
  for (const path of outputs) rmSync(path, { recursive: true, force: true });
});

test('npm start says first where its page is; the page counts what the run counts, and opens a row beside the very record it came from', async () => {
  const running = start('start', ['--events', '600', '--seed', '7', '--json'], {
    environment: { MERGE_FLOWS: 'message', OMIT_COLUMNS: 'EventMessage' },
  });
  await running.printed('Endpoint=');
  const output = running.stdout();
  const out = /"out":"([^"]+)"/.exec(output)?.[1] ?? '';
  outputs.push(out);
  const [first = ''] = output.split('\n');
  expect(first).toMatch(/^Watch it on this page: http:\/\/127\.0\.0\.1:\d+\/$/);
  const url = first.slice(first.indexOf('http'));
  const get = async <T>(path: string): Promise<T> => read<T>(await (await fetch(new URL(path, url))).text());

  const counts = await get<PageCounts>('/api/counts');
  const result = read<Record<string, unknown>>(/^\{.*\}$/m.exec(output)?.[0] ?? '');
  const { received, sent, skipped, duplicates, deadLettered, rowsStored } = result;
  expect(counts).toMatchObject({ phase: 'waiting', rowsStored, rowSettings: { MERGE_FLOWS: 'message' } });
  expect(counts.tally).toMatchObject({ received, sent, skipped, duplicates, deadLettered });
  expect(counts.messagesInHub).toBe(result['messages']);
  expect(counts.tally.bytesSavedByLever['OMIT_COLUMNS']).toBeGreaterThan(0);

  const stored = readFileSync(join(out, 'Custom-NetworkSessions.ndjson'), 'utf8').trimEnd().split('\n');
  const { rows } = await get<FoundRows>('/api/rows?limit=500');
  expect(rows).toHaveLength(Math.min(500, stored.length));
  for (const { id } of rows.filter((_, i) => i % 50 === 0)) {
    const { rowText, record } = await get<{ rowText: string; record: RecordView }>(`/api/row?id=${id}`);
    expect(stored).toContain(rowText);
    const row = read<Record<string, unknown>>(rowText);
    const fields = new Map(record.fields.map(({ name, value }) => [name, value]));
    expect(row['EventOriginalUid'] ?? fields.get('ReportId')).toBe(fields.get('ReportId'));
    expect(row['EventSubType']).toBe(fields.get('ActionType'));
    expect(record.rowText.replaceAll(/\s/g, '')).toBe(rowText.replaceAll(/\s/g, ''));
    expect(record.position).toMatch(/^insights-logs-advancedhunting-devicenetworkevents\/[0-3]\/\d+\/\d+$/);
  }

  // Each command that it shows for a dead letter does what it says.
  const { letters, written } = await get<{ letters: LetterView[]; written: number }>('/api/letters');
  expect(written).toBe(deadLettered);
  const letter = letters.find(({ scope }) => scope === 'record');
  const repaired = join(root, 'repaired.json');
  expect(existsSync(repaired)).toBe(false);
  const { show = '', send = '', repair = '' } = letter?.commands ?? {};
  expect((await promisify(exec)(show, { cwd: root })).stdout).toContain(letter?.reason);
  try {
    await promisify(exec)(repair, { cwd: root });
    expect(readFileSync(repaired).length).toBeGreaterThan(0);
  } finally {
    rmSync(repaired, { force: true });
  }
  const checkpoint = join(out, 'replay.ndjson');
  const { stdout: said } = await promisify(exec)(`${send} --checkpoint ${checkpoint}`, { cwd: root });
  expect(said).toContain('1 sent');
  await running.printed('1 message: 1 record, 1 dead-lettered');

  running.kill('SIGINT');
  expect((await running.ended).code).toBe(0);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test('--no-page serves none; everything else is the same', async () => {
  const { code, stdout } = await runCommand('start', ['--once', '--json', '--events', '50', '--no-page']);
  outputs.push(String(lastLine(stdout)['out']));
  expect(code).toBe(0);
  expect(stdout).not.toContain('Watch it on this page');
  expect(stdout).toContain('Everything is accounted for');
});

test('--page-port names a port that is in use, and nothing is started', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { code, stdout, stderr } = await runCommand('start', ['--page-port', String(port)]);
  await new Promise((resolve) => server.close(resolve));
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`The page of npm start: port ${port} of 127.0.0.1 is already in use.`);
});
