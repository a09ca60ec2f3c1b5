import * as fc from 'fast-check';
import { Books, balances } from '../../../shared/books';
import { Pipeline } from '../../../shared/pipeline';
import { DropRules } from '../../../shared/rules/dropRules';
import { NetworkEvent } from '../../../shared/transform/event';
import { defaultTransformSettings } from '../../../shared/transform/transformSettings';
import { transformBatch } from '../../../shared/transformBatch';
import { batchOf, message, recordOf } from '../kit/batches';
import { MemoryDeadLetters, MemorySender } from '../kit/doubles';
import { ruled, rulesOf } from '../kit/ruleKit';

const all = 'true';

test('the first drop or sample that matches decides; a count before it counts, one after it does not', async () => {
  const rules = rulesOf(
    { name: 'first', action: 'count', when: all },
    { name: 'second', when: 'row.DstPortNumber == 53' },
    { name: 'third', when: all },
    { name: 'last', action: 'count', when: all },
  );
  const { tally } = await ruled(rules, { RemotePort: 53 }, { RemotePort: 80 });
  expect(tally.droppedByRule).toEqual({ second: 1, third: 1 });
  expect(tally.countedByRule).toEqual({ first: 2 });
});

test('a record that becomes no row is not asked: skipped and dead records stay what they are', async () => {
  const undated = { Timestamp: 'never' };
  const books = new Books();
  const skipped = { category: 'AdvancedHunting-DeviceInfo', properties: {} };
  const batch = batchOf([message(recordOf(1, undated), skipped, 5, recordOf(2))]);
  const { letters } = await transformBatch(batch, defaultTransformSettings, books, { rules: rulesOf({ when: all }) });
  const { received, skipped: others, dropped } = books.tally();
  expect([received, others, dropped, letters.map(({ reason }) => reason)]).toEqual([
    4,
    1,
    1,
    ['BadTimestamp', 'NotARecord'],
  ]);
});

test('a copy of a dropped record is dropped, not a duplicate', async () => {
  const record = recordOf(1);
  const books = new Books();
  await transformBatch(batchOf([message(record, record)]), defaultTransformSettings, books, {
    rules: rulesOf({ when: all }),
  });
  const { dropped, duplicates } = books.tally();
  expect([dropped, duplicates]).toEqual([2, 0]);
});

test('a row that is larger than a call is dropped, not dead-lettered', async () => {
  const { tally } = await ruled(rulesOf({ when: all }), {
    AdditionalFields: JSON.stringify({ a: 'é'.repeat(900_000) }),
  });
  expect([tally.dropped, tally.deadLettered]).toEqual([1, 0]);
});

describe('sample', () => {
  const sample = { name: 's', action: 'sample', keepOneIn: 10, when: all };
  const bodies = [message(...Array.from({ length: 2000 }, (_, i) => recordOf(i)))];

  async function settled(): Promise<readonly string[]> {
    const sender = new MemorySender();
    const ingestion = { ruleIds: ['dcr-1'], concurrency: 4, budgetSeconds: 20 };
    const pipeline = new Pipeline({
      transform: defaultTransformSettings,
      rules: rulesOf(sample),
      ingestion,
      sender,
      deadLetters: new MemoryDeadLetters(),
    });
    const tally = await pipeline.settle(batchOf(bodies));
    expect(balances(tally)).toBe(true);
    expect(tally.dropped + tally.sent).toBe(2000);
    return sender.stored.map((row) => JSON.stringify(row));
  }

  test('about one in N is kept, and the same ones on another instance', async () => {
    const [one, other] = [await settled(), await settled()];
    expect(one).toEqual(other);
    // 200 expected; the standard deviation is 13.
    expect(one.length).toBeGreaterThan(130);
    expect(one.length).toBeLessThan(270);
  });

  test('what it keeps, no later rule drops', async () => {
    const half = { ...sample, keepOneIn: 2 };
    const records = Array.from({ length: 100 }, () => ({}));
    const { rows } = await ruled(rulesOf(half, { name: 'rest', when: all }), ...records);
    expect(rows.length).toBeGreaterThan(20);
  });

  test('the last twelve digits of the EventUid decide', async () => {
    const { rows } = await ruled(rulesOf({ ...sample, keepOneIn: 2 }), ...Array.from({ length: 50 }, () => ({})));
    const ends = rows.map((row) => /"EventUid":"[0-9a-f-]{35}(.)"/.exec(row)?.[1]);
    expect(ends.length).toBeGreaterThan(5);
    expect(ends.filter((end) => !'02468ace'.includes(end ?? 'x'))).toEqual([]);
  });
});

test('with rules that match nothing the rows are the same, byte by byte', async () => {
  const records = [
    { RemotePort: 443, LocalIP: '10.0.0.1' },
    { DeviceName: 'pc', AdditionalFields: '{"a":1}' },
  ];
  const without = await ruled(rulesOf(), ...records);
  const withRule = await ruled(
    rulesOf({ when: 'row.DstPortNumber == 1 || inCidr(row.SrcIpAddr, "192.0.2.0/24")' }),
    ...records,
  );
  expect(withRule.rows).toEqual(without.rows);
});

/** Rules on a clock of our own; `takes` gives the milliseconds of the next run. */
function clocked(takes: () => number) {
  let clock = 0;
  let runs = 0;
  const condition = (): boolean => {
    runs++;
    clock += takes();
    return true;
  };
  const off: string[] = [];
  const rules = new DropRules([{ name: 'slow', action: 'drop', keepOneIn: 1, condition }], () => clock);
  rules.onSwitchedOff = (rule, milliseconds) => off.push(`${rule} ${milliseconds}`);
  return { rules, off, runs: () => runs };
}

describe('a rule that takes long', () => {
  const event = new NetworkEvent(
    {
      kind: 'record',
      index: 0,
      table: 'DeviceNetworkEvents',
      tenantId: 't',
      time: undefined,
      received: undefined,
      properties: { Timestamp: '2026-01-01T00:00:00Z', ActionType: 'ConnectionSuccess' },
      source: () => ({}),
      unknownFields: {},
      isRepaired: false,
      original: () => '',
    },
    'DeviceNetworkEvents',
    defaultTransformSettings,
  );

  test('is switched off after three such records, told once, and the records after that are kept', () => {
    const { rules, off } = clocked(() => 10);
    const fates = [1, 2, 3, 4, 5].map(() => rules.rulingOn(event)?.droppedBy);
    expect(fates).toEqual(['slow', 'slow', 'slow', undefined, undefined]);
    expect(off).toEqual(['slow 10']);
  });

  test('is not blamed for a pause of the process: the second measurement of the record is quick', () => {
    let runs = 0;
    const { rules, off } = clocked(() => (runs++ % 2 === 0 ? 500 : 0));
    for (let i = 0; i < 100; i++) rules.rulingOn(event);
    expect(off).toEqual([]);
  });

  test('stays on if slow records are rare: three must come among 1,000', () => {
    let record = 0;
    const { rules, off } = clocked(() => (record % 600 === 0 ? 10 : 0));
    for (record = 0; record < 6000; record++) rules.rulingOn(event);
    expect(off).toEqual([]);
  });

  test('an expression that is slow on purpose stops no batch, and every record is dropped or sent', async () => {
    const items = Array.from({ length: 460 }, () => 1).join(',');
    const rules = rulesOf({
      name: 'slow',
      when: `[${items}].exists(a, [${items}].exists(b, a + b == 3)) || row.EventCount == 1`,
    });
    const off: string[] = [];
    rules.onSwitchedOff = (rule) => off.push(rule);
    const records = Array.from({ length: 12 }, () => ({}));
    const { tally, rows } = await ruled(rules, ...records);
    expect(tally.dropped + rows.length).toBe(12);
    expect(tally.dropped).toBeGreaterThanOrEqual(3);
    expect(new Set(off).size).toBe(off.length);
  });
});

test('with rules that drop, count, sample and throw the books balance, and a redelivered batch ends the same way', async () => {
  const rules = [
    { name: 'throws', when: '1 / (row.DstPortNumber - 53) == 0' },
    { name: 'counts', action: 'count', when: 'row.DstPortNumber > 100' },
    { name: 'samples', action: 'sample', keepOneIn: 3, when: 'row.DstPortNumber == 443' },
    { name: 'drops', when: 'inCidr(row.DstIpAddr, "10.0.0.0/8")' },
  ];
  const record = fc.record({
    RemotePort: fc.constantFrom(53, 443, 80, null, 'x'),
    RemoteIP: fc.constantFrom('10.0.0.1', '::ffff:10.0.0.1', '203.0.113.1', null, 5),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(record, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 }),
      async (messages) => {
        let id = 0;
        const batch = batchOf(messages.map((records) => message(...records.map((one) => recordOf(id++ % 7, one)))));
        const ends = await Promise.all(
          [1, 2].map(async () => {
            const sender = new MemorySender();
            const ingestion = { ruleIds: ['dcr-1'], concurrency: 1, budgetSeconds: 20 };
            const pipeline = new Pipeline({
              transform: defaultTransformSettings,
              rules: rulesOf(...rules),
              ingestion,
              sender,
              deadLetters: new MemoryDeadLetters(),
            });
            const tally = await pipeline.settle(batch);
            expect(balances(tally)).toBe(true);
            return { tally, stored: sender.stored };
          }),
        );
        expect(ends[1]).toEqual(ends[0]);
      },
    ),
    { numRuns: 60 },
  );
});
