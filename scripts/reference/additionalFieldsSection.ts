import { stringifyJson } from '../../shared/json';
import { additionalFieldKeys } from '../../shared/transform/additionalFields';
import { initiatingProcessColumns } from '../../shared/transform/defenderColumns';
import { maxObjectBytes } from '../../shared/transform/fitObject';
import { heldInColumns } from '../../shared/transform/heldInColumns';
import { type AdditionalFieldsLevel, additionalFieldsLevels } from '../../shared/transform/transformSettings';
import type { Examples } from './examples';
import { code, codes, paragraphs, table } from './markdown';

const levelHeads = additionalFieldsLevels.map(code);

function marks(column: string, levels: readonly AdditionalFieldsLevel[]): string[] {
  return additionalFieldsLevels.map((level) => {
    if (!levels.includes(level)) return '';
    const held = level === 'lean' ? heldInColumns[column] : undefined;
    return held === undefined ? 'yes' : `unless in ${held.columns.map(code).join(' or ')}`;
  });
}

/** When a column holds a value, for each group of columns with one rule. */
function heldRules(): string {
  const rules = new Map<string, string[]>();
  for (const { columns, rule } of Object.values(heldInColumns)) {
    rules.set(rule, [...(rules.get(rule) ?? []), ...columns.filter((one) => !(rules.get(rule) ?? []).includes(one))]);
  }
  return Array.from(rules, ([rule, columns]) => `- ${codes(columns)}: ${rule}`).join('\n');
}

export function additionalFieldsSection(examples: Examples): string {
  const keys = additionalFieldKeys.map(({ key, from, rule, levels }) =>
    [code(key), from.length > 8 ? code('InitiatingProcess...') : codes(from), rule].concat(marks(key, levels)),
  );
  const process = initiatingProcessColumns.map(({ column, key, levels }) =>
    [code(key), code(column)].concat(marks(column, levels)),
  );
  const example = examples.ofAction('ConnectionAttempt');
  return paragraphs(
    '## AdditionalFields',
    `One JSON object with everything that has no column. Values are as Defender sent them: numbers stay numbers, text stays text. Nulls are removed at every level; empty objects and texts are left out. The setting ${code('ADDITIONAL_FIELDS')} decides how much is kept: ${codes(additionalFieldsLevels)}. ${code('OMIT_ADDITIONAL_FIELDS')} leaves out single keys at every level. Without any key the row has no AdditionalFields.`,
    table(['Key', 'From', 'What', ...levelHeads], keys),
    `${code('Truncated')} is \`true\` if something was cut to stay within ${maxObjectBytes.toLocaleString('en-US')} bytes.`,
    `Inside ${code('InitiatingProcess')}:`,
    table(['Key', 'From', ...levelHeads], process),
    '### What `lean` leaves out',
    `${code('lean')} is ${code('full')} without the keys whose value is in a column of the same row. A key is left out only where that column holds exactly what the key would:`,
    heldRules(),
    `So the key stays where the column is absent, holds another spelling (${code('TcpV4')}, ${code('::ffff:10.0.0.1')}, a port sent as text), is cut, or is left out by ${code('KEEP_COLUMNS')} or ${code('OMIT_COLUMNS')}. Addresses and ports also stay where EventSubType, NetworkDirection and DirectionBasis do not say which side is Local: where the device is unknown, or one of the three is left out. [Source and destination](#source-and-destination) is the rule that they follow. ${code('Detail')} stays whole: it is the evidence for columns that are made from several of its keys, and what columns repeat of it is less than 1% of a row.`,
    '[What each level saves](cost.md#what-each-setting-saves), measured.',
    '### Example',
    ...(example === undefined ? [] : exampleOf(example.value, example.caseName)),
  ).trimEnd();
}

function exampleOf(row: unknown, caseName: string): string[] {
  const fields = typeof row === 'object' && row !== null && 'AdditionalFields' in row ? row.AdditionalFields : {};
  const text = stringifyJson(typeof fields === 'object' && fields !== null ? fields : {});
  const pretty = JSON.stringify(JSON.parse(text), undefined, 2);
  return [`Example (${code(caseName)}):`, `\`\`\`json\n${pretty}\n\`\`\``];
}
