import { huntingQueries, onTable } from '../../scripts/kql/huntingQueries';
import type { JsonObject } from '../../shared/json';
import { objectOf, ofType, textOf } from './json';
import { refusal, resources, subscription, testWithBicep } from './snapshot';

jest.setTimeout(600_000);

const on = { microsoftSentinel: true, huntingQueries: true, analyticsRules: true, dailyTotals: true };
let everything: Promise<JsonObject[]> | undefined;
/** Compiled once, because each time takes seconds. */
const withEverythingOn = (): Promise<JsonObject[]> => (everything ??= resources(on));
const rules = huntingQueries.filter(({ rule }) => rule !== undefined);

const added = {
  saved: 'Microsoft.OperationalInsights/workspaces/savedSearches',
  rules: 'Microsoft.SecurityInsights/alertRules',
  summaries: 'Microsoft.OperationalInsights/workspaces/summaryLogs',
};

function propertiesOf(all: readonly JsonObject[], type: string): JsonObject[] {
  return ofType(all, type).map(({ properties }) => objectOf(properties));
}

function isWorkbook({ type }: JsonObject): boolean {
  return type === 'Microsoft.Insights/workbooks';
}

describe('with everything off, as by default,', () => {
  testWithBicep(
    'no hunting query, rule or total is deployed, and the workbook is in the gallery of Azure Monitor',
    async () => {
      const all = await resources();
      expect(ofType(all, added.saved).map(({ name }) => name)).toEqual([
        expect.stringMatching(/NetworkSessionsUnique$/),
      ]);
      expect([...ofType(all, added.rules), ...ofType(all, added.summaries)]).toEqual([]);
      expect(propertiesOf(all, 'Microsoft.Insights/workbooks')).toMatchObject([{ category: 'workbook' }]);
    },
  );

  testWithBicep('everything on only adds resources, and moves the workbook to the gallery of Sentinel', async () => {
    const [off, all] = await Promise.all([resources(), withEverythingOn()]);
    const ids = new Set(off.map(({ id }) => id));
    const others = all.filter(({ id }) => ids.has(id));
    expect(others.filter((one) => !isWorkbook(one))).toEqual(off.filter((one) => !isWorkbook(one)));
    const [before, after] = [off, others].map((some) => propertiesOf(some, 'Microsoft.Insights/workbooks')[0]);
    expect(after).toEqual({ ...before, category: 'sentinel' });
    const news = all.filter(({ id }) => !ids.has(id));
    expect(ofType(news, added.saved)).toHaveLength(20);
    expect(ofType(news, added.rules)).toHaveLength(8);
    expect(ofType(news, added.summaries)).toHaveLength(2);
    expect(news).toHaveLength(30);
  });
});

describe('with everything on', () => {
  testWithBicep('Sentinel finds the hunting queries by category and tags, with the entities as columns', async () => {
    const saved = propertiesOf(await withEverythingOn(), added.saved);
    const beaconing = saved.find(({ displayName }) => displayName === 'Beaconing by jitter');
    const query = huntingQueries.find(({ name }) => name === 'beaconing');
    expect(query).toBeDefined();
    expect(beaconing).toMatchObject({
      category: 'Hunting Queries',
      version: 2,
      tags: [
        { name: 'description', value: expect.stringContaining('False positives: Health checks') as unknown },
        { name: 'tactics', value: 'CommandAndControl' },
        { name: 'techniques', value: 'T1071' },
      ],
    });
    const entities = 'Host_0_FullName = Device, IP_0_Address = DstIpAddr, DNS_0_DomainName = DstName';
    expect(beaconing?.['query']).toBe(`${query && onTable(query, 'NetworkSessions_CL')}\n| extend ${entities}`);
    const hop = saved.find(({ displayName }) => displayName === 'Remote Desktop from one device through another');
    expect(hop?.['query']).toMatch(
      /\n\| extend Host_0_FullName = Device, IP_0_Address = SrcIpAddr, IP_1_Address = DstIpAddr$/,
    );
  });

  testWithBicep(
    'each rule is scheduled, groups its alerts, and runs the query of its file on the destination table',
    async () => {
      const soc = `/subscriptions/${subscription}/resourceGroups/other/providers/Microsoft.OperationalInsights/workspaces/soc`;
      const parameters = {
        ...on,
        dailyTotals: false,
        destinationTable: 'ASimNetworkSessionLogs',
        workspaceResourceId: soc,
      };
      const all = ofType(await resources(parameters), added.rules);
      expect(all.map(({ kind }) => kind)).toEqual(rules.map(() => 'Scheduled'));
      expect(all.map(({ id }) => textOf(id).startsWith(`${soc}/providers/Microsoft.SecurityInsights/`))).toEqual(
        rules.map(() => true),
      );
      const texts = propertiesOf(all, added.rules).map(({ query }) => query);
      expect(texts).toEqual(rules.map((query) => onTable(query, 'ASimNetworkSessionLogs')));
      expect(
        propertiesOf(all, added.rules).find(({ displayName }) => displayName === 'Lateral movement by SMB'),
      ).toMatchObject({
        severity: 'High',
        queryFrequency: 'PT6H',
        queryPeriod: 'P8D',
        triggerOperator: 'GreaterThan',
        triggerThreshold: 0,
        tactics: ['LateralMovement'],
        techniques: ['T1021'],
        entityMappings: [
          { entityType: 'Host', fieldMappings: [{ identifier: 'FullName', columnName: 'Device' }] },
          { entityType: 'Account', fieldMappings: [{ identifier: 'FullName', columnName: 'SrcUser' }] },
        ],
        incidentConfiguration: {
          groupingConfiguration: { enabled: true, groupByEntities: ['Host'], lookbackDuration: 'P1D' },
        },
      });
    },
  );

  testWithBicep.each(['Basic', 'Auxiliary'])(
    'daily totals of a table with plan %s go to tables of their own',
    async (tablePlan) => {
      const summaries = propertiesOf(await resources({ dailyTotals: true, tablePlan }), added.summaries);
      expect(summaries).toMatchObject([
        { ruleType: 'User', ruleDefinition: { binSize: 1440, destinationTable: 'NetworkSessionsDailyTotals_CL' } },
        {
          ruleType: 'User',
          ruleDefinition: { binSize: 1440, destinationTable: 'NetworkSessionsDailyDestinations_CL' },
        },
      ]);
      for (const { ruleDefinition } of summaries)
        expect(textOf(objectOf(ruleDefinition)['query'])).toMatch(/^NetworkSessions_CL\n\| /);
    },
  );
});

describe('the template rejects', () => {
  const table = { destinationTable: 'NetworkSessions' };
  testWithBicep.each<[string, JsonObject, string]>([
    [
      'rules without Sentinel',
      { analyticsRules: true },
      'turn Sentinel on for the workspace and set microsoftSentinel',
    ],
    ['rules over Basic', { ...on, tablePlan: 'Basic' }, 'analyticsRules need tablePlan Analytics; found Basic'],
    [
      'queries over a closed table',
      { huntingQueries: true, ...table },
      'NetworkSessions, which nothing can write to yet',
    ],
    ['totals of another table', { dailyTotals: true, ...table }, 'dailyTotals reads NetworkSessions_CL'],
  ])('%s', async (_, parameters, message) => {
    expect(await refusal(parameters)).toContain(message);
  });
});
