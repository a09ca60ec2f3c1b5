import { bodyOf, commentOf } from './queryHeader';

/** A hunting query: its body, and what the comment at its top says, as data. */
export interface HuntingQuery {
  /** Of its file, without the extension. */
  readonly name: string;
  readonly title: string;
  /** The first sentences of the comment. */
  readonly finds: string;
  readonly falsePositives: string;
  readonly tactics: readonly string[];
  /** Of MITRE ATT&CK, with sub-techniques. */
  readonly techniques: readonly string[];
  readonly entities: readonly Entity[];
  /** How far back the query reads, such as `8d`. */
  readonly period: string;
  readonly cost: string;
  /** Rows that the query depends on, where not every deployment has them. */
  readonly needs: string | undefined;
  /** Present if the query is also a scheduled analytics rule. */
  readonly rule: Rule | undefined;
  /** How many rows it returns on the ordinary sample. */
  readonly hits: number;
  /** Why they are no attack; empty without any. */
  readonly hitsExplained: string;
  readonly body: string;
}

/** A column of the result that names an entity of Microsoft Sentinel. */
export interface Entity {
  readonly type: string;
  readonly identifier: string;
  readonly column: string;
}

export interface Rule {
  readonly every: string;
  readonly over: string;
  readonly severity: string;
  /** Type of the entity whose alerts become one incident. */
  readonly groupBy: string;
}

const required = [
  'Title',
  'False positives',
  'Tactics',
  'Techniques',
  'Entities',
  'Period',
  'Cost',
  'On the sample',
] as const;
const optional = ['Needs', 'Rule'] as const;
type Field = (typeof required)[number] | (typeof optional)[number];

/** @throws TypeError that names the query and the line of its comment that is missing or unreadable. */
export function huntingQueryOf(name: string, text: string): HuntingQuery {
  const comment = commentOf(text);
  const valueOf = (field: Field): string | undefined =>
    comment.find((line) => line.startsWith(`${field}: `))?.slice(field.length + 2);
  const missing = required.find((field) => valueOf(field) === undefined);
  if (missing !== undefined) throw new TypeError(`${name}.kql: its comment lacks a line "// ${missing}: ...".`);
  const value = (field: (typeof required)[number]): string => valueOf(field) ?? '';
  const parts = (field: Field, line: string, pattern: RegExp, form: string): Readonly<Record<string, string>> => {
    const groups = pattern.exec(line)?.groups;
    if (groups === undefined) throw new TypeError(`${name}.kql: "// ${field}: ${line}" is not of the form "${form}".`);
    return groups;
  };
  const entities = value('Entities')
    .split(', ')
    .map((entity): Entity => {
      const pattern = /^(?<type>\w+)\.(?<identifier>\w+) = (?<column>\w+)$/;
      const { type = '', identifier = '', column = '' } = parts('Entities', entity, pattern, 'Host.FullName = Device');
      return { type, identifier, column };
    });
  const ruleLine = valueOf('Rule');
  const rulePattern = /^every (?<every>\d+[mhd]), over (?<over>\d+[mhd]), (?<severity>\w+), group by (?<groupBy>\w+)$/;
  const rule = ruleLine && parts('Rule', ruleLine, rulePattern, 'every 1h, over 1d, Medium, group by Host');
  const sample = parts(
    'On the sample',
    value('On the sample'),
    /^(?<hits>\d+)\. ?(?<why>.*)$/,
    '1. Why it is no attack.',
  );
  return {
    name,
    title: value('Title'),
    finds: comment
      .filter((line) => ![...required, ...optional].some((field) => line.startsWith(`${field}: `)))
      .join(' '),
    falsePositives: value('False positives'),
    tactics: value('Tactics').split(', '),
    techniques: value('Techniques').split(', '),
    entities,
    period: value('Period'),
    cost: value('Cost'),
    needs: valueOf('Needs'),
    rule: rule
      ? {
          every: rule['every'] ?? '',
          over: rule['over'] ?? '',
          severity: rule['severity'] ?? '',
          groupBy: rule['groupBy'] ?? '',
        }
      : undefined,
    hits: Number(sample['hits']),
    hitsExplained: sample['why'] ?? '',
    body: bodyOf(text),
  };
}
