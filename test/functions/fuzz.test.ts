import { InvocationContext } from '@azure/functions';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { createHandler } from '../../functions/networkSessions';
import { balances, type Tally } from '../../shared/books';
import { Pipeline } from '../../shared/pipeline';
import { defaultTransformSettings } from '../../shared/transform/transformSettings';
import { MemoryDeadLetters, MemorySender } from '../shared/kit/doubles';

const record = {
  category: 'AdvancedHunting-DeviceNetworkEvents',
  tenantId: '11111111-2222-3333-4444-555555555555',
  properties: {
    Timestamp: '2026-11-21T08:15:28Z',
    DeviceId: 'd',
    ReportId: 1,
    ActionType: 'ConnectionSuccess',
    LocalIP: '10.0.0.1',
  },
};
const template = Buffer.from(JSON.stringify({ records: [record] }));
const messages = 100_000;
const batchSize = 16;

test('100,000 messages of random bytes are settled: each batch returns, and its books balance', async () => {
  const random = xoroshiro128plus(20_261_121);
  const pick = (below: number): number => uniformInt(random, 0, below - 1);
  /** Noise, or a good message with some bytes changed, cut off or doubled. */
  const fuzz = (): Buffer => {
    if (pick(4) === 0) return Buffer.from(Array.from({ length: pick(64) }, () => pick(256)));
    const body = Buffer.from(template);
    for (let i = pick(4); i > 0; i--) body[pick(body.length)] = pick(256);
    return pick(4) === 0 ? body.subarray(pick(body.length)) : pick(8) === 0 ? Buffer.concat([body, body]) : body;
  };
  const [sender, deadLetters] = [new MemorySender(), new MemoryDeadLetters()];
  const ingestion = { ruleIds: ['dcr-1'], concurrency: 4, budgetSeconds: 60 };
  const pipeline = new Pipeline({ transform: defaultTransformSettings, ingestion, sender, deadLetters });
  const tallies: Tally[] = [];
  const settle = async (batch: Parameters<Pipeline['settle']>[0]): Promise<Tally> => {
    const tally = await pipeline.settle(batch);
    tallies.push(tally);
    return tally;
  };
  const handler = createHandler({ settle });
  for (let first = 0; first < messages; first += batchSize) {
    const systemPropertiesArray = Array.from({ length: batchSize }, (_, i) => ({ sequenceNumber: first + i }));
    const triggerMetadata = { partitionContext: { eventHubName: 'hub', partitionId: '0' }, systemPropertiesArray };
    const context = new InvocationContext({ triggerMetadata, logHandler: () => undefined });
    expect(await handler(Array.from({ length: batchSize }, fuzz), context)).toBeUndefined();
  }
  expect(tallies.filter((tally) => !balances(tally))).toEqual([]);
  const sum = (of: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + of(tally), 0);
  expect(sum((tally) => tally.messages)).toBe(messages);
  expect(sum((tally) => tally.deadLettered)).toBe(new Set(deadLetters.letters.map(({ id }) => id)).size);
  expect(sum((tally) => tally.sent)).toBe(sender.stored.length);
});
