import type { HostileMessage } from 'defender-samples/hostile';
import { messagesOf } from '../../cli/input/inputMessages';
import { dryRun } from '../../cli/map/dryRun';
import { Books, balances, type Tally } from '../../shared/books';
import { defaultTransformSettings } from '../../shared/transform/transformSettings';
import { Expected } from './expected';
import { Memory, type MemoryUse } from './memoryUse';
import { brokenRulesOfText } from './rowRules';

/** The result of a check. */
export interface HostileAccount {
  /** Number of records that were generated. */
  readonly produced: number;
  readonly tally: Tally;
  readonly balances: boolean;
  /** Records and counts that are not as expected. */
  readonly differences: readonly string[];
  readonly rowsChecked: number;
  readonly brokenRows: number;
  /** The first rules that those rows break. */
  readonly brokenRules: readonly string[];
  readonly memory: MemoryUse;
  readonly seconds: number;
}

export function isWell({ balances: areBalanced, differences, brokenRows, memory }: HostileAccount): boolean {
  return areBalanced && differences.length === 0 && brokenRows === 0 && memory.isFlat;
}

const mostTold = 20;

/** Runs messages through the dry run of `map` and compares books, dead letters and rows with what is expected. */
export async function checkHostile(
  messages: Iterable<HostileMessage>,
  records: number,
  onProgress: (produced: number) => void = () => undefined,
): Promise<HostileAccount> {
  const started = performance.now();
  const books = new Books();
  const memory = new Memory(records);
  const expected = new Expected();
  const differences: string[] = [];
  const broken: string[] = [];
  let rowsChecked = 0;
  let brokenRows = 0;
  const differ = (text: string): void => {
    if (differences.length < mostTold) differences.push(text);
  };
  async function* lines(): AsyncGenerator<Uint8Array, void, undefined> {
    for (const { body, outcomes } of messages) {
      expected.message(outcomes);
      yield body;
      yield lineFeed;
      memory.at(expected.records);
      onProgress(expected.records);
    }
  }
  const rows = dryRun(
    messagesOf(lines()),
    {
      file: 'hostile',
      settings: defaultTransformSettings,
      table: undefined,
      explain: undefined,
      onDeadLetter: ({ id, reason, error }) => {
        const outcome = expected.of(id);
        if (outcome !== reason) differ(`${id}: ${outcome ?? 'no record'} became ${reason} (${error.slice(0, 300)})`);
      },
    },
    books,
  );
  for await (const text of rows) {
    expected.forgetSettled();
    for (const line of text.split('\n').slice(0, -1)) {
      rowsChecked++;
      const rules = brokenRulesOfText(line);
      if (rules.length === 0) continue;
      brokenRows++;
      if (broken.length < mostTold) broken.push(...rules);
    }
  }
  const tally = books.tally();
  for (const difference of expected.differences(tally, rowsChecked)) differ(difference);
  return {
    produced: expected.records,
    tally,
    balances: balances(tally),
    differences,
    rowsChecked,
    brokenRows,
    brokenRules: broken,
    memory: memory.use(),
    seconds: (performance.now() - started) / 1000,
  };
}

const lineFeed = Buffer.from('\n');
