import * as fc from 'fast-check';
import { Books, balances } from '../../../shared/books';
import { Pipeline } from '../../../shared/pipeline';
import { DropRules } from '../../../shared/rules/dropRules';
import { readRules } from '../../../shared/rules/ruleFile';
import { TimeLimit } from '../../../shared/rules/timeLimit';
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
  const rules = new DropRules([{ name: 'slow', action: 'drop', keepOneIn: 1, condition }], new TimeLimit(() => clock));
  rules.onSwitchedOff = (rule, milliseconds) => off.push(`${rule} ${milliseconds}`);
  return { rules, off, runs: () => runs };
}

const list = (length: number): string => `[${Array.from({ length }, () => 1).join(',')}]`;
const nested = `${list(100)}.exists(a, ${list(100)}.exists(b, a + b == 3))`;

/** Rules whose clock moves on by `step` milliseconds whenever somebody looks at it. */
function ticking(when: string, step: (look: number) => number) {
  let looks = 0;
  let clock = 0;
  const limit = new TimeLimit(() => (clock += step(++looks)));
  const text = JSON.stringify({ rules: [{ name: 'slow', action: 'drop', when }] });
  const read = readRules(text, limit);
  if (read.kind === 'wrong') throw new Error(read.problems.join('\n'));
  return { rules: read.rules, looks: () => looks };
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

  test('is switched off if a thousand records together take half a second, and none of them is slow', () => {
    const { rules, off } = clocked(() => 2);
    const fates = Array.from({ length: 260 }, () => rules.rulingOn(event)?.droppedBy);
    expect(fates.filter((rule) => rule === 'slow')).toHaveLength(250);
    expect(off).toEqual(['slow 2']);
    expect(rules.switchedOff).toEqual(['slow']);
  });

  test('stays on if it takes a little of every record', () => {
    const { rules, off } = clocked(() => 0.4);
    for (let i = 0; i < 5000; i++) rules.rulingOn(event);
    expect(off).toEqual([]);
  });

  test.each([
    ['a loop inside a loop', nested],
    ['an answer beside it that would decide', `${nested} || row.EventCount == 1`],
    ['its opposite', `!(${nested})`],
    ['all', `${list(100)}.all(a, ${list(100)}.all(b, a + b == 2))`],
    ['exists_one', `${list(100)}.exists_one(a, ${list(100)}.exists_one(b, a + b == 3))`],
    ['many tests of a long text', Array.from({ length: 60 }, () => 'record.X.contains("b")').join('||')],
  ])('one evaluation is ended after 15 ms, its record is kept and the error counted: %s', async (_, when) => {
    const { rules, looks } = ticking(when.replaceAll('record.X', 'record["X"]'), () => 1);
    const X = 'a'.repeat(1000);
    const { tally, rows } = await ruled(rules, { X }, { X }, { X }, { X }, { X });
    expect([rows.length, tally.dropped, tally.ruleErrorsByRule]).toEqual([5, 0, { slow: 3 }]);
    expect(rules.switchedOff).toEqual(['slow']);
    // Each of the three records is asked twice, and each time the clock is looked at once a millisecond.
    expect(looks()).toBeLessThan(3 * 2 * 18);
  });

  test('an evaluation that a pause of the process ended is made again, and that answer counts', async () => {
    const { rules } = ticking(`${list(100)}.exists(a, a == 2) || row.EventCount == 1`, (look) =>
      look === 5 ? 500 : 0,
    );
    const { tally } = await ruled(rules, {}, {});
    expect([tally.dropped, tally.ruleErrorsByRule]).toEqual([2, {}]);
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
