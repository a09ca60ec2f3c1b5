import type { HuntingQuery } from '../kql/huntingHeader';
import { huntingQueries } from '../kql/huntingQueries';
import { code, table } from './markdown';

/** An overview of the hunting queries, and a section for each, from the comments of their files. */
export function huntingPage(): string {
  const overview = huntingQueries.map((query) => {
    const { name, title, tactics, period, cost, rule, hits } = query;
    const schedule = rule ? `every ${rule.every}, over ${rule.over}` : '';
    return [
      `[${title}](#${name})`,
      tactics.map(words).join(', '),
      period,
      cost.split('.')[0] ?? '',
      schedule,
      String(hits),
    ];
  });
  const head = ['Query', 'Tactics', 'Reads', 'Cost', 'As a rule', 'Hits on the sample'];
  return [table(head, overview), ...huntingQueries.map(section)].join('\n\n');
}

function section(query: HuntingQuery): string {
  const { name, title, finds, falsePositives, tactics, techniques, entities, cost, needs, rule, hits, hitsExplained } =
    query;
  const attack = `${tactics.map(words).join(', ')}; ${techniques.map(link).join(', ')}`;
  const rows: (readonly [string, string | undefined])[] = [
    ['Needs', needs],
    ['False positives', falsePositives],
    ['MITRE ATT&CK', attack],
    ['Entities', entities.map(({ type, column }) => `${type} ${code(column)}`).join(', ')],
    ['Cost', cost],
    [
      'As a rule',
      rule &&
        `every ${rule.every} over ${rule.over}, severity ${rule.severity}, one incident for each ${rule.groupBy} and day`,
    ],
    ['Hits on the sample', hits === 0 ? 'none' : `${hits}. ${hitsExplained}`],
  ];
  const list = rows.flatMap(([what, text]) => (text === undefined ? [] : [`- ${what}: ${text}`]));
  return [`### ${name}`, `**${title}.** ${finds}`, list.join('\n')].join('\n\n');
}

/** `LateralMovement` as `Lateral Movement`. */
function words(tactic: string): string {
  return tactic.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');
}

function link(technique: string): string {
  return `[${technique}](https://attack.mitre.org/techniques/${technique.replace('.', '/')}/)`;
}
