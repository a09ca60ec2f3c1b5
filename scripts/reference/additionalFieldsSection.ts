import { stringifyJson } from '../../shared/json';
import { additionalFieldKeys } from '../../shared/transform/additionalFields';
import { initiatingProcessColumns } from '../../shared/transform/defenderColumns';
import { maxObjectBytes } from '../../shared/transform/fitObject';
import { type AdditionalFieldsLevel, additionalFieldsLevels } from '../../shared/transform/transformSettings';
import type { Examples } from './examples';
import { code, codes, paragraphs, table } from './markdown';

const levelHeads = additionalFieldsLevels.map(code);

function marks(levels: readonly AdditionalFieldsLevel[]): string[] {
  return additionalFieldsLevels.map((level) => (levels.includes(level) ? 'yes' : ''));
}

export function additionalFieldsSection(examples: Examples): string {
  const keys = additionalFieldKeys.map(({ key, from, rule, levels }) =>
    [code(key), from.length > 8 ? code('InitiatingProcess...') : codes(from), rule].concat(marks(levels)),
  );
  const process = initiatingProcessColumns.map(({ column, key, levels }) =>
    [code(key), code(column)].concat(marks(levels)),
  );
  const example = examples.ofAction('ConnectionAttempt');
  return paragraphs(
    '## AdditionalFields',
    `One JSON object with everything that has no column. Values are as Defender sent them: numbers stay numbers, text stays text. Nulls are removed at every level; empty objects and texts are left out. The setting ${code('ADDITIONAL_FIELDS')} decides how much is kept: ${codes(additionalFieldsLevels)}.`,
    table(['Key', 'From', 'What', ...levelHeads], keys),
    `${code('Truncated')} is \`true\` if something was cut to stay within ${maxObjectBytes.toLocaleString('en-US')} bytes.`,
    `Inside ${code('InitiatingProcess')}:`,
    table(['Key', 'From', ...levelHeads], process),
    ...(example === undefined ? [] : exampleOf(example.value, example.caseName)),
  ).trimEnd();
}

function exampleOf(row: unknown, caseName: string): string[] {
  const fields = typeof row === 'object' && row !== null && 'AdditionalFields' in row ? row.AdditionalFields : {};
  const text = stringifyJson(typeof fields === 'object' && fields !== null ? fields : {});
  const pretty = JSON.stringify(JSON.parse(text), undefined, 2);
  return [`Example (${code(caseName)}):`, `\`\`\`json\n${pretty}\n\`\`\``];
}
