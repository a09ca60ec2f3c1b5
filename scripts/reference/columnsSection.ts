import { groupBy } from '../../shared/groupBy';
import { keysOf } from '../../shared/keysOf';
import { columns } from '../../shared/sessions/networkSessionsColumns';
import type { Column } from '../../shared/sessions/row';
import type { Filled, Platform, Unavailable } from '../../shared/transform/mappingEntry';
import { type Examples, shown } from './examples';
import { code, codes, paragraphs, table } from './markdown';

export type MappingEntries = Readonly<Record<Column, Filled<unknown> | Unavailable | Platform>>;

/** The parts of the schema, by column name. */
const parts: readonly { readonly title: string; readonly names: RegExp }[] = [
  { title: 'The event', names: /^(?:TimeGenerated$|Event)/ },
  { title: 'The device', names: /^Dvc/ },
  { title: 'The session', names: /^(?:Network|Threat)/ },
  { title: 'Source', names: /^Src/ },
  { title: 'Destination', names: /^Dst/ },
  { title: 'Web', names: /^(?:Url|Http)/ },
  { title: 'Everything else', names: /^AdditionalFields$/ },
];

const manySources = 12;

function fromWords(from: readonly string[]): string {
  if (from.length === 0) return 'nothing';
  return from.length > manySources ? 'every known column, and the envelope' : codes(from);
}

function example(column: Column, examples: Examples): string {
  const found = examples.ofColumn(column);
  return found === undefined ? '' : `${code(shown(found.value))} (${code(found.caseName)})`;
}

export function columnsSection(mapping: MappingEntries, examples: Examples): string {
  const sections = parts.flatMap(({ title, names }) => {
    const rows = keysOf(mapping).flatMap((column) => {
      const entry = mapping[column];
      if (entry.kind !== 'filled' || !names.test(column)) return [];
      return [[code(column), columns[column], fromWords(entry.from), entry.rule, example(column, examples)]];
    });
    return [`### ${title}`, table(['Column', 'Type', 'From', 'Condition and rule', 'Example (case)'], rows)];
  });
  return paragraphs(
    '## Columns',
    '`orientation` is the result of the section above: which end is the source, and which side is the device. `device side` in a rule means: only if this side of the row is the device. `peer` means: only if it is the other end.',
    ...sections,
    '### Not available, and why',
    table(['Columns', 'Why'], reasons(mapping, 'unavailable')),
    '### Sent by the platform',
    'An application cannot send these.',
    table(['Columns', 'What'], reasons(mapping, 'platform')),
  ).trimEnd();
}

function reasons(mapping: MappingEntries, kind: 'unavailable' | 'platform'): string[][] {
  const named = keysOf(mapping).flatMap((column) => {
    const entry = mapping[column];
    return entry.kind === kind ? [{ column, reason: entry.reason }] : [];
  });
  return [...groupBy(named, ({ reason }) => reason)].map(([reason, group]) => [
    codes(group.map(({ column }) => column)),
    reason,
  ]);
}

const mostAskedFor = [
  'TimeGenerated',
  'DvcHostname',
  'SrcIpAddr',
  'DstIpAddr',
  'DstPortNumber',
  'NetworkDirection',
  'NetworkApplicationProtocol',
  'SrcUserName',
  'DstDomainHostname',
  'EventResult',
] as const satisfies readonly Column[];

/** The columns that most queries need, for the README. */
export function shortColumns(mapping: MappingEntries, examples: Examples): string {
  const rows = mostAskedFor.flatMap((column) => {
    const entry = mapping[column];
    const found = examples.ofColumn(column);
    return entry.kind === 'filled'
      ? [[code(column), entry.rule, found === undefined ? '' : code(shown(found.value))]]
      : [];
  });
  return table(['Column', 'Rule', 'Example'], rows);
}
