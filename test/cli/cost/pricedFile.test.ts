import * as fc from 'fast-check';
import { leversOf } from '../../../cli/cost/costArguments';
import { lever, ruleLevers, standardLevers } from '../../../cli/cost/levers';
import { MeasuredRows } from '../../../cli/cost/measuredRows';
import { assumedEventsPerDevice, periodOf, spanText } from '../../../cli/cost/period';
import { type PricedFile, pricedFile } from '../../../cli/cost/pricedFile';
import { pricesWith } from '../../../cli/cost/prices';
import { sampleMessages } from '../../../cli/cost/sample';
import { batched } from '../../../cli/map/batchMessages';
import type { Message } from '../../../shared/batch';
import type { Environment } from '../../../shared/config';
import type { DropRules } from '../../../shared/rules/dropRules';
import { readRules } from '../../../shared/rules/ruleFile';

const nothing = { eventsPerDevice: assumedEventsPerDevice };

function price(
  messages: AsyncIterable<Message>,
  environment: Environment = {},
  options: Partial<Parameters<typeof pricedFile>[1]> = {},
): Promise<PricedFile> {
  return pricedFile(messages, { environment, levers: [], amount: nothing, prices: pricesWith(), days: 90, ...options });
}

/** Each of the sample's savings, by the setting that another run has in its environment. */
describe('each saving alone is the difference of two runs', () => {
  let base: PricedFile | undefined;
  const levers = standardLevers({});
  beforeAll(async () => {
    base = await price(sampleMessages(), {}, { levers: leversOf([], {}) });
  });

  test.each(levers.map(({ name, change }) => [name, change] as const))('%s', async (name, change) => {
    const { rows = 0, bytesPerRow = 0, gbPerMonth = 0, savings = [] } = base ?? {};
    const saving = savings.find((one) => one.name === name);
    const other = await price(sampleMessages(), change);
    expect(saving?.rows).toBe(other.rows);
    expect(saving?.bytesPerRow).toBeCloseTo(other.bytesPerRow, 6);
    expect(saving?.gbPerMonth).toBeCloseTo((gbPerMonth ?? 0) - (other.gbPerMonth ?? 0), 9);
    expect(saving?.saved).toBeCloseTo(1 - (other.bytesPerRow * other.rows) / (bytesPerRow * rows), 9);
    const { Analytics: before = 0 } = base?.costPerMonth ?? {};
    const { Analytics: after = 0 } = other.costPerMonth ?? {};
    expect(saving?.costPerMonth?.Analytics).toBeCloseTo(before - after, 9);
  });

  test('together: the settings that lose nothing, as one run with all of them', async () => {
    const saving = base?.savings.find(({ name }) => name === 'together');
    const both = { ADDITIONAL_FIELDS: 'lean', OMIT_COLUMNS: 'EventMessage,EventSeverity' };
    const { bytesPerRow } = await price(sampleMessages(), both);
    expect(saving?.bytesPerRow).toBeCloseTo(bytesPerRow, 6);
  });

  test('bytes by column add up to those of a row', () => {
    const sum = Object.values(base?.columns ?? {}).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(base?.bytesPerRow ?? 0, 6);
  });
});

function rulesOf(...rules: readonly Readonly<Record<string, unknown>>[]): DropRules {
  const read = readRules(JSON.stringify({ rules }));
  if (read.kind === 'wrong') throw new Error(read.problems.join('\n'));
  return read.rules;
}

function named({ savings }: PricedFile, name: string): PricedFile['savings'][number] | undefined {
  return savings.find((one) => one.name === name);
}

describe('rules', () => {
  const listening = { name: 'listening', action: 'drop', when: 'row.EventSubType == "ListeningConnectionCreated"' };
  const loopback = { name: 'loopback', action: 'drop', when: 'inCidr(row.DstIpAddr, ["127.0.0.0/8", "::1"])' };

  test('save alone, and all together, what a run with a file of only them saves', async () => {
    const base = await price(sampleMessages(), {}, { levers: leversOf([], {}, rulesOf(listening, loopback)) });
    const [one, other, both] = await Promise.all(
      [[listening], [loopback], [listening, loopback]].map(async (rules) => {
        const measured = new MeasuredRows({}, [rulesOf(...rules)]);
        for await (const batch of batched(sampleMessages())) await measured.add(batch, undefined);
        expect(measured.tally().dropped).toBeGreaterThan(0);
        return measured;
      }),
    );
    for (const [name, measured] of [
      ['rule listening', one],
      ['rule loopback', other],
      ['all rules', both],
    ] as const) {
      expect(named(base, name)?.rows).toBe(measured?.rows);
      expect(named(base, name)?.saved).toBeCloseTo(1 - (measured?.bytes ?? 0) / (base.bytesPerRow * base.rows), 9);
    }
    const { rows = 0 } = named(base, 'together') ?? {};
    expect(rows).toBe(both?.rows);
  });

  test('that only count are tried as if they dropped', async () => {
    const counting = rulesOf({ ...listening, action: 'count' });
    const { savings } = await price(sampleMessages(), {}, { levers: ruleLevers(counting) });
    const dropping = await price(sampleMessages(), {}, { levers: ruleLevers(rulesOf(listening)) });
    expect(savings).toEqual(dropping.savings);
    expect(savings[0]?.saved).toBeGreaterThan(0);
  });

  test('of the environment apply already', async () => {
    const set = { DROP_RULES_FILE: 'infra/rules/examples.json' };
    const tried = await price(
      sampleMessages(),
      {},
      { levers: leversOf(['DROP_RULES_FILE=infra/rules/examples.json'], {}) },
    );
    const { rows, bytesPerRow } = await price(sampleMessages(), set);
    expect(tried.savings).toEqual([expect.objectContaining({ rows, bytesPerRow })]);
    expect(rows).toBeLessThan(tried.rows);
  });
});

describe('levers', () => {
  test('what is tried together leaves out all that each leaves out', () => {
    const all = leversOf(['OMIT_COLUMNS=EventMessage', 'OMIT_COLUMNS=EventSeverity', 'ADDITIONAL_FIELDS=lean'], {}).at(
      -1,
    );
    expect(all).toMatchObject({
      name: 'together',
      change: { OMIT_COLUMNS: 'EventMessage,EventSeverity', ADDITIONAL_FIELDS: 'lean' },
    });
  });

  test('one setting alone is not tried together', () => {
    expect(leversOf(['ADDITIONAL_FIELDS=lean'], {})).toEqual([lever({ ADDITIONAL_FIELDS: 'lean' }, true)]);
  });

  test('settings of the environment stay, and what it does already is not offered again', () => {
    const environment = { ADDITIONAL_FIELDS: 'lean', OMIT_COLUMNS: 'EventSeverity, UrlOriginal' };
    const levers = standardLevers(environment);
    expect(levers.map(({ name }) => name)).not.toContain('ADDITIONAL_FIELDS=lean');
    expect(levers).toContainEqual({
      name: 'OMIT_COLUMNS=EventMessage',
      change: { OMIT_COLUMNS: 'EventSeverity,UrlOriginal,EventMessage' },
      isTogether: true,
    });
    // Together with OMIT_COLUMNS it would be rejected.
    expect(levers.map(({ change }) => change)).not.toContainEqual(
      expect.objectContaining({ KEEP_COLUMNS: expect.anything() as unknown }),
    );
  });
});

describe('how many events a month has', () => {
  const noon = Date.UTC(2026, 0, 1, 12);
  const hour = 3_600_000;

  test('follows from the times of the events: ten in an hour are 7,300 in 730 hours', () => {
    const { eventsPerMonth, why } = periodOf(10, noon, noon + hour, nothing);
    expect(eventsPerMonth).toBeCloseTo(7300, 6);
    expect(why).toContain('span 1 h, from 2026-01-01 12:00 to 2026-01-01 13:00 UTC');
    expect(why).toContain('730 times this file');
  });

  test.each([
    [{ devices: 10, eventsPerDevice: 240 }, 73_000],
    [{ eventsPerDay: 2400, eventsPerDevice: 1 }, 73_000],
    [{ filesPerDay: 24, eventsPerDevice: 1 }, 7300],
  ])('follows from what the user says instead: %j', (amount, expected) => {
    expect(periodOf(10, noon, noon + hour, amount).eventsPerMonth).toBeCloseTo(expected, 6);
  });

  test('is unknown for events of one time, and says which options tell it', () => {
    const { eventsPerMonth, why } = periodOf(1, noon, noon, nothing);
    expect(eventsPerMonth).toBeUndefined();
    expect(why).toContain('--devices, --events-per-day or --files-per-day');
  });

  test.each([
    [900, '1 s'],
    [61_000, '1 min 1 s'],
    [26 * hour + 60_000, '1 d 2 h'],
  ])('%i ms is written as %s', (span, text) => {
    expect(spanText(span)).toBe(text);
  });
});

test('twice the events cost twice as much, on every plan', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), async (eventsPerDay) => {
      const [one, two] = await Promise.all(
        [eventsPerDay, 2 * eventsPerDay].map((perDay) =>
          price(few(), {}, { amount: { eventsPerDay: perDay, eventsPerDevice: 1 } }),
        ),
      );
      for (const [plan, cost] of Object.entries(one?.costPerMonth ?? {})) {
        expect(Object.entries(two?.costPerMonth ?? {})).toContainEqual([plan, expect.closeTo(2 * cost, 6)]);
      }
    }),
    { numRuns: 10 },
  );
});

async function* few(): AsyncGenerator<Message, void, undefined> {
  for await (const message of sampleMessages()) {
    yield message;
    return;
  }
}
