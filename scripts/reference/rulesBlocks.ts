import { generateStream } from 'defender-samples';
import { Books } from '../../shared/books';
import { readMessage } from '../../shared/defender/readMessage';
import { maxListItems, maxTextLength } from '../../shared/rules/celValue';
import { amongRecords, mostMs, slowMs, slowRecords, slowTogetherMs } from '../../shared/rules/dropRules';
import { functions, limits, maxNestedMacros, maxSums } from '../../shared/rules/language';
import { maxLoopSteps } from '../../shared/rules/listSizes';
import { loadPackagedRules } from '../../shared/rules/loadRules';
import { maxRules, ruleFields } from '../../shared/rules/ruleFile';
import { maxPatternLength, maxProgramSize, maxSteps } from '../../shared/rules/textTests';
import { Plans } from '../../shared/transform/plans';
import { transformToText } from '../../shared/transform/transform';
import { defaultTransformSettings } from '../../shared/transform/transformSettings';
import { code, codes, table } from './markdown';

const records = 20_000;
const examplesFile = 'infra/rules/examples.json';

/** The blocks of docs/rules.md. */
export function rulesBlocks(): Readonly<Record<string, string>> {
  return {
    fields: table(
      ['Key', 'Holds'],
      Object.entries(ruleFields).map(([name, holds]) => [code(name), holds]),
    ),
    functions: `Functions: ${codes(Object.keys(functions))}.`,
    limits: table(
      ['What', 'At most'],
      [
        ['rules of a file', String(maxRules)],
        ['characters of an expression', String(limits.maxLength)],
        ['parts of an expression: names, constants, operators, calls', String(limits.maxAstNodes)],
        ['parts inside each other', String(limits.maxDepth)],
        ['operators `+` of an expression', String(maxSums)],
        ['items of a list that is written in the expression', String(limits.maxListElements)],
        ['`exists`, `all` and `exists_one` inside each other', String(maxNestedMacros)],
        [
          `items of the lists of two of them inside each other, multiplied; a list of the record counts as ${maxListItems}`,
          String(maxLoopSteps),
        ],
        ['characters of a pattern, and instructions that it compiles to', `${maxPatternLength}, and ${maxProgramSize}`],
        ['characters of a text in the record; a longer one has no answer', String(maxTextLength)],
        [
          'characters of a text that `matches` looks at, times the instructions of the pattern; a longer one has no answer',
          String(maxSteps),
        ],
        [
          'items of a list in the record, with those of lists in it, and keys of an object that are counted or gone through; a longer one has no answer',
          String(maxListItems),
        ],
        ['time of one evaluation; one that takes longer is ended', `${mostMs} ms`],
        [
          'time of a rule',
          `${slowMs} ms for each of ${slowRecords} records among ${amongRecords}; ${slowTogetherMs} ms for ${amongRecords} records together`,
        ],
      ],
    ),
    examples: examplesTable(),
  };
}

/** What the examples take of generated events: each alone, and all in the order of the file. */
function examplesTable(): string {
  const read = loadPackagedRules(examplesFile);
  if (read.kind === 'wrong') throw new Error(read.problems.join('\n'));
  const { rules, givesUp } = read;
  const books = new Books();
  const alone = new Map<string, number>();
  let rows = 0;
  const plans = new Plans();
  const single = rules.each();
  for (const { body } of generateStream({ records, seed: 1, end: new Date('2026-01-01T00:00:00Z'), devices: 2000 })) {
    for (const part of readMessage(body)) {
      if (part.kind !== 'record') continue;
      const made = transformToText(part, defaultTransformSettings, plans, {
        rulingOn(event) {
          for (const [name, one] of single) {
            if (one.rulingOn(event)?.droppedBy === name) alone.set(name, (alone.get(name) ?? 0) + 1);
          }
          return rules.rulingOn(event);
        },
      });
      if (made.kind !== 'row') continue;
      rows++;
      if (made.ruling?.droppedBy !== undefined) books.count('dropped', { reason: made.ruling.droppedBy });
    }
  }
  const { droppedByRule, dropped } = books.tally();
  const share = (count: number): string => `${((100 * count) / rows).toFixed(1)}%`;
  return table(
    ['Rule', 'Takes alone', 'In the order of the file', 'What it gives up'],
    [
      ...rules.names.map((name, i) => [
        name,
        share(alone.get(name) ?? 0),
        share(droppedByRule[name] ?? 0),
        givesUp[i] ?? '',
      ]),
      ['all together', '', share(dropped), ''],
    ],
  );
}
