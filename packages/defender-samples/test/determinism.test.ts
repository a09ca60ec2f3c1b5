import { createHash } from 'node:crypto';
import { generateStream, type StreamMessage, type StreamOptions } from '../src';
import { end, streamOf } from './streamSetup';

function digestOf(messages: readonly StreamMessage[]): string {
  const hash = createHash('sha256');
  for (const { body, partitionKey, expected, outcomes } of messages) {
    hash.update(body).update(`\n${partitionKey} ${JSON.stringify(expected)} ${JSON.stringify(outcomes)}\n`);
  }
  return hash.digest('hex');
}

describe('The same options make the same stream', () => {
  // Written down once: it changes with every change of what the generator writes, and with nothing else.
  test('on every platform and version of Node: its digest is known', () => {
    expect(digestOf(streamOf({ records: 3000, seed: 42 }))).toBe(
      '09b9abce8be33734302cb4ecf0efa8924282c5ee05020502f5f0ac433e34d50b',
    );
  });

  test('even when another stream is read at the same time', () => {
    const other = generateStream({ records: 1500, seed: 8, end, devices: 3 });
    const messages: StreamMessage[] = [];
    for (const message of generateStream({ records: 1500, seed: 7, end })) {
      messages.push(message);
      other.next();
    }
    expect(digestOf(messages)).toBe(digestOf(streamOf({ records: 1500, seed: 7 })));
  });

  test.each([
    ['seed', { seed: 2 }],
    ['end', { end: new Date('2026-11-21T08:15:28.189Z') }],
    ['devices', { devices: 199 }],
    ['processes', { processes: 4 }],
    ['minutes', { minutes: 61 }],
    ['share', { shares: { DeviceInfo: 1 } }],
    ['scenario', { scenarios: [{ name: 'portScan', at: 0.5 }] }],
    ['recordsPerMessage', { recordsPerMessage: [99, 400] }],
    ['records', { records: 501 }],
  ] satisfies [string, Partial<StreamOptions>][])('another %s makes another stream', (_option, change) => {
    expect(digestOf(streamOf({ records: 500, ...change }))).not.toBe(digestOf(streamOf({ records: 500 })));
  });
});
