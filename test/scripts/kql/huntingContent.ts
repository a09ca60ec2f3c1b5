import { huntingQueryOf } from '../../../scripts/kql/huntingHeader';
import { huntingContent, huntingQueries, huntingTables, onTable } from '../../../scripts/kql/huntingQueries';
import { analyse } from '../../../scripts/kql/languageService';
import { filesIn, readText, workspace } from '../../../scripts/kql/queryFiles';
import { headerOf } from '../../../scripts/kql/queryHeader';

/** By https://attack.mitre.org/tactics/enterprise/, in the spelling of Microsoft.SecurityInsights 2025-09-01. */
const tactics = new Set(
  `Reconnaissance ResourceDevelopment InitialAccess Execution Persistence PrivilegeEscalation DefenseEvasion CredentialAccess
  Discovery LateralMovement Collection CommandAndControl Exfiltration Impact`.split(/\s+/),
);
/** By https://learn.microsoft.com/azure/sentinel/entities-reference (2026-11-29). */
const identifiers = new Set([
  'Host.FullName',
  'IP.Address',
  'DNS.DomainName',
  'Account.FullName',
  'Process.CommandLine',
]);
/** By https://learn.microsoft.com/azure/sentinel/create-analytics-rules (2026-11-29). */
const longestRuleQuery = 10_000;
const longestDescription = 5000;
const declared = workspace();

const units: Readonly<Record<string, number>> = { m: 1 / 60, h: 1, d: 24 };
const hours = (text: string): number => Number(text.slice(0, -1)) * (units[text.slice(-1)] ?? Number.NaN);

test('there are twenty hunting queries, and eight of them are rules', () => {
  expect(huntingQueries).toHaveLength(20);
  expect(huntingQueries.filter(({ rule }) => rule !== undefined)).toHaveLength(8);
  expect(new Set(huntingQueries.map(({ title }) => title)).size).toBe(20);
});

test('the entity columns of a saved query are numbered within their type', () => {
  expect(huntingContent()).toContainEqual(
    expect.objectContaining({
      name: 'rdp-hop',
      entityColumns: 'Host_0_FullName = Device, IP_0_Address = SrcIpAddr, IP_1_Address = DstIpAddr',
    }),
  );
});

describe.each(huntingQueries.map((query) => ({ name: query.name, query })))('the hunting query $name', ({ query }) => {
  test('names tactics, techniques and entities that Microsoft Sentinel knows', () => {
    expect(query.tactics.filter((tactic) => !tactics.has(tactic))).toEqual([]);
    expect(query.techniques.filter((technique) => !/^T\d{4}(?:\.\d{3})?$/.test(technique))).toEqual([]);
    expect(query.entities.filter(({ type, identifier }) => !identifiers.has(`${type}.${identifier}`))).toEqual([]);
  });

  test('returns its entities as texts, and the same columns from both tables', () => {
    const [first, second] = huntingTables.map((table) => analyse(onTable(query, table), declared).columns);
    expect(second).toEqual(first);
    expect(query.entities.map(({ column }) => first?.[column])).toEqual(query.entities.map(() => 'string'));
  });

  test('reads as far back as it says, and no further', () => {
    const back = Array.from(query.body.matchAll(/ago\((\w+)\)/g), ([, length = '']) => hours(length));
    expect(Math.max(...back)).toBe(hours(query.period));
  });

  test('fits into a saved query and a rule', () => {
    const { finds, needs = '', falsePositives, cost } = query;
    expect([finds, needs, falsePositives, cost].join('').length).toBeLessThan(longestDescription);
    for (const table of huntingTables) expect(onTable(query, table).length).toBeLessThan(longestRuleQuery);
  });
});

describe.each(
  huntingQueries.flatMap(({ name, rule, entities, period }) => (rule ? [{ name, rule, entities, period }] : [])),
)('the rule of $name', ({ rule, entities, period }) => {
  test('groups by one of its entities, with a severity of Microsoft Sentinel', () => {
    expect(entities.map(({ type }) => type)).toContain(rule.groupBy);
    expect(['High', 'Medium', 'Low', 'Informational']).toContain(rule.severity);
  });

  // A rule runs every five minutes at most, reads fourteen days at most, and with two days or more runs hourly at most.
  test('reads at least as much as passes between two runs, and no more than the query or a rule can', () => {
    const [every, over] = [hours(rule.every), hours(rule.over)];
    expect(over).toBeGreaterThanOrEqual(every);
    expect(over).toBeLessThanOrEqual(Math.min(hours(period), 14 * 24));
    expect(every).toBeGreaterThanOrEqual(over >= 48 ? 1 : 1 / 12);
  });

  test('compares with all the days that the query compares with', () => {
    if (hours(period) > 24) expect(rule.over).toBe(period);
  });
});

test.each([
  ['a missing line', '// It finds.\nSessions', 'x.kql: its comment lacks a line "// Title: ...".'],
  [
    'an unreadable rule',
    '// F.\n// Title: T\n// False positives: F\n// Tactics: T\n// Techniques: T\n// Entities: Host.FullName = D\n// Period: 1d\n// Cost: C\n// On the sample: 0.\n// Rule: hourly\nSessions',
    'x.kql: "// Rule: hourly" is not of the form "every 1h, over 1d, Medium, group by Host".',
  ],
])('%s in the comment of a hunting query is an error that names it', (_, text, message) => {
  expect(() => huntingQueryOf('x', text)).toThrow(message);
});

// https://learn.microsoft.com/azure/azure-monitor/logs/summary-rules: with Basic and Auxiliary, one table, and no functions of users.
test.each(filesIn('infra/queries/summaries', '.kql'))('%s reads one table, without functions of its own', (file) => {
  const { nodes } = analyse(readText(file), declared);
  expect(
    nodes.filter(({ kind }) => /^(?:LetStatement|FunctionDeclaration|JoinOperator|UnionOperator)$/.test(kind)),
  ).toEqual([]);
  expect(readText(file)).not.toMatch(/\bNetworkSessions(?:Unique|All)\b/);
});

test('the described table of daily destinations has the columns that its query returns', () => {
  const found = declared.tables.find(({ name }) => name === 'NetworkSessionsDailyDestinations_CL')?.columns;
  expect(found).toMatchObject(headerOf(readText('infra/queries/summaries/daily-destinations.kql')).returns ?? {});
});
