import * as fc from 'fast-check';
import { accountedFor, Books, balances, type Tally } from '../../../shared/books';
import { type Environment, readTransformSettings } from '../../../shared/config';
import { DeliveryError } from '../../../shared/errors/batchErrors';
import { Pipeline } from '../../../shared/pipeline';
import type { DropRules } from '../../../shared/rules/dropRules';
import { readRules } from '../../../shared/rules/ruleFile';
import { countSent, transformBatch } from '../../../shared/transformBatch';
import { connection } from '../flows/kit';
import { batchOf, message } from '../kit/batches';
import { MemoryDeadLetters, MemorySender, type SentRow } from '../kit/doubles';
import { repeatedMessages } from '../kit/repeatedMessages';
import { writeJson } from '../kit/valueKit';

/** What one deployment has set. */
interface Levers {
  readonly environment: Environment;
  readonly hasRules: boolean;
}

/** They ask only what the EventUid is made from, so that copies of a record meet the same fate. */
function someRules(): DropRules {
  const rules = [
    { name: 'web', action: 'drop', when: 'record.RemotePort == 443' },
    { name: 'half of the others', action: 'sample', keepOneIn: 2, when: 'record.RemotePort > 1' },
    { name: 'counted only', action: 'count', when: 'record.RemotePort > 0' },
  ];
  const read = readRules(JSON.stringify({ rules }));
  if (read.kind === 'wrong') throw new Error(read.problems.join('\n'));
  return read.rules;
}

const anyLevers: fc.Arbitrary<Levers> = fc
  .record({
    columns: fc.constantFrom<Environment>(
      {},
      { OMIT_COLUMNS: 'EventMessage,UrlOriginal' },
      { KEEP_COLUMNS: 'SrcIpAddr,DstIpAddr,AdditionalFields' },
      { OMIT_COLUMNS: 'AdditionalFields' },
    ),
    fields: fc.constantFrom<Environment>({}, { OMIT_ADDITIONAL_FIELDS: 'MachineGroup,LocalIP,InitiatingProcess.SHA1' }),
    level: fc.constantFrom('full', 'lean', 'process', 'minimal'),
    merging: fc.constantFrom('off', 'message'),
    hasRules: fc.boolean(),
  })
  .map(({ columns, fields, level, merging, hasRules }) => ({
    environment: { ...columns, ...fields, ADDITIONAL_FIELDS: level, MERGE_FLOWS: merging },
    hasRules,
  }));

/** All of them on. */
const allLevers: Levers = {
  environment: {
    OMIT_COLUMNS: 'EventMessage',
    OMIT_ADDITIONAL_FIELDS: 'MachineGroup',
    ADDITIONAL_FIELDS: 'lean',
    MERGE_FLOWS: 'message',
  },
  hasRules: true,
};
const levers = fc.oneof(fc.constant(allLevers), anyLevers);

function pipelineWith(
  { environment, hasRules }: Levers,
  sender: MemorySender,
  deadLetters = new MemoryDeadLetters(),
): Pipeline {
  return new Pipeline({
    transform: readTransformSettings(environment),
    rules: hasRules ? someRules() : undefined,
    ingestion: { ruleIds: ['dcr-1'], concurrency: 4, budgetSeconds: 20 },
    sender,
    deadLetters,
  });
}

interface Sizes {
  /** Of each row, in bytes. */
  readonly rows: readonly number[];
  readonly tally: Tally;
}

/** The rows of a message, with every row measured. */
async function sizesOf(body: Buffer, { environment, hasRules }: Levers): Promise<Sizes> {
  const books = new Books();
  const rules = hasRules ? someRules() : undefined;
  const settings = readTransformSettings(environment);
  const { rows } = await transformBatch(batchOf([body]), settings, books, { rules, measuredOneIn: 1 });
  countSent(books, rows);
  return { rows: rows.map(({ text }) => Buffer.byteLength(text)), tally: books.tally() };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const sorted = (rows: readonly SentRow[]): string[] => rows.map((row) => writeJson({ ...row })).toSorted();

function savedBy(tally: Tally, lever: string): number {
  const rows = Object.entries(tally.rowsSavedByLever).filter(([name]) => name.split('/')[0] === lever);
  return sum(rows.map(([, count]) => count));
}

test('what is sent and what the levers save are together what is sent without any, for any message and any levers', async () => {
  const shown = new Set<string>();
  await fc.assert(
    fc.asyncProperty(repeatedMessages, levers, async ([body = Buffer.alloc(0)], given) => {
      const { MERGE_FLOWS: _, ...columns } = given.environment;
      const off = await sizesOf(body, { environment: {}, hasRules: false });
      const smaller = await sizesOf(body, { environment: columns, hasRules: false });
      const on = await sizesOf(body, given);
      // A row that its settings make larger saves nothing.
      const before = sum(off.rows.map((bytes, i) => Math.max(bytes, smaller.rows[i] ?? 0)));
      expect(sum(on.rows) + sum(Object.values(on.tally.bytesSavedByLever))).toBe(before);
      expect(on.rows.length + sum(Object.values(on.tally.rowsSavedByLever))).toBe(off.rows.length);
      expect(savedBy(on.tally, 'MERGE_FLOWS')).toBe(on.tally.merged);
      expect(savedBy(on.tally, 'DROP_RULES_FILE')).toBeLessThanOrEqual(on.tally.dropped);
      for (const name of Object.keys(on.tally.bytesSavedByLever)) shown.add(name);
    }),
    { numRuns: 300 },
  );
  expect([...shown].toSorted()).toEqual([
    'ADDITIONAL_FIELDS/lean',
    'ADDITIONAL_FIELDS/minimal',
    'ADDITIONAL_FIELDS/process',
    'DROP_RULES_FILE/half of the others',
    'DROP_RULES_FILE/web',
    'KEEP_COLUMNS',
    'MERGE_FLOWS/message',
    'OMIT_ADDITIONAL_FIELDS',
    'OMIT_COLUMNS',
  ]);
});

test('a batch that is held and redelivered, here and on another instance, comes to the same rows and books with any levers', async () => {
  await fc.assert(
    fc.asyncProperty(repeatedMessages, levers, fc.integer({ min: 1, max: 3 }), async (bodies, given, failures) => {
      const undisturbed = new MemorySender();
      const books = await pipelineWith(given, undisturbed).settle(batchOf(bodies));
      expect(balances(books)).toBe(true);
      const sender = new MemorySender((call) => {
        if (call <= failures) throw new DeliveryError('Forbidden', 403, 'no role');
      });
      const held = pipelineWith(given, sender);
      let settled: Tally | undefined;
      for (let attempt = 0; attempt <= failures && settled === undefined; attempt++) {
        settled = await held.settle(batchOf(bodies)).catch(() => undefined);
      }
      expect(settled).toEqual(books);
      expect(sorted(sender.stored)).toEqual(sorted(undisturbed.stored));
      // An instance that has stored other rows before.
      const elsewhere = new MemorySender();
      const other = pipelineWith(given, elsewhere);
      await other.settle({ ...batchOf([message(connection({ RemotePort: 1 }))]), partition: '5' });
      elsewhere.stored.length = 0;
      expect(await other.settle(batchOf(bodies))).toEqual(books);
      expect(sorted(elsewhere.stored)).toEqual(sorted(undisturbed.stored));
    }),
    { numRuns: 100 },
  );
});

test('whichever rows are rejected, the books balance with any levers, and their dead letters become the same rows', async () => {
  let [again, shared] = [0, 0];
  await fc.assert(
    fc.asyncProperty(
      repeatedMessages,
      levers,
      fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }),
      async (bodies, given, isBad) => {
        const undisturbed = new MemorySender();
        const whole = await pipelineWith(given, undisturbed).settle(batchOf(bodies));
        const bad = new Set(undisturbed.stored.filter((_, i) => isBad[i % isBad.length]).map((row) => row['EventUid']));
        const sender = new MemorySender((_, rows) => {
          if (rows.some((row) => bad.has(row['EventUid'] ?? null))) throw new DeliveryError('BadRequest', 400, 'no');
        });
        const deadLetters = new MemoryDeadLetters();
        const proven = pipelineWith(given, sender, deadLetters);
        // A DCR that has accepted nothing yet may be at fault itself.
        await proven.settle({ ...batchOf([message(connection({ RemotePort: 1 }))]), partition: '5' });
        sender.stored.length = 0;
        const tally = await proven.settle(batchOf(bodies));
        expect(accountedFor(tally)).toBe(tally.received);
        expect(balances(tally)).toBe(true);
        expect(tally.droppedByRule).toEqual(whole.droppedByRule);
        expect(savedBy(tally, 'DROP_RULES_FILE')).toBe(savedBy(whole, 'DROP_RULES_FILE'));
        expect(savedBy(tally, 'MERGE_FLOWS')).toBeLessThanOrEqual(tally.merged);
        const refused = deadLetters.letters.filter(({ reason }) => reason === 'Refused');
        expect(tally.deadLetteredByReason['Refused'] ?? 0).toBe(sum(refused.map(({ records = 1 }) => records)));
        const bodiesAgain = refused.map(({ scope, body }) =>
          scope === 'message' ? Buffer.from(body) : Buffer.from(`{"records":[${Buffer.from(body).toString()}]}`),
        );
        const replayed = new MemorySender();
        await pipelineWith(given, replayed).settle(batchOf(bodiesAgain));
        expect(sorted([...sender.stored, ...replayed.stored])).toEqual(sorted(undisturbed.stored));
        again += refused.length;
        shared += refused.filter(({ records }) => records !== undefined).length;
      },
    ),
    { numRuns: 150 },
  );
  expect(again).toBeGreaterThan(20);
  // Dead letters of rows that several records share.
  expect(shared).toBeGreaterThan(5);
});
