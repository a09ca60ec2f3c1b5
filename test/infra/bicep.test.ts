import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { functionNames } from '../../functions/functionNames';
import { bicepProblems } from '../../scripts/infra/bicepCli';
import { moduleNamed } from '../../scripts/infra/templateContract';
import { withoutComments } from '../../scripts/kql/transformRules';
import type { JsonObject } from '../../shared/json';
import { columns } from '../../shared/sessions/networkSessionsColumns';
import { writableColumns } from '../../shared/sessions/row';
import { objectOf, objectsIn, ofType, textOf } from './json';
import { compiled, refusal, resources, resourcesInCloud, root, subscription, testWithBicep } from './snapshot';

// The compiler takes seconds of CPU each time.
jest.setTimeout(600_000);

/** The properties of the one resource of a type. */
function only(all: readonly JsonObject[], type: string): JsonObject {
  const found = ofType(all, type);
  expect(found.map(({ name }) => name)).toHaveLength(1);
  return objectOf(found[0]?.['properties']);
}

function hubOf(partitions: number): JsonObject {
  return { sourceHubs: [{ name: 'a', partitions }] };
}

function named(all: readonly JsonObject[], ending: string): JsonObject {
  return objectOf(all.find(({ name }) => textOf(name).endsWith(ending))?.['properties']);
}

describe('compiler, linter and formatter', () => {
  testWithBicep('accept the template without a finding', async () => {
    expect(await bicepProblems(root)).toEqual([]);
  });

  testWithBicep('find an unused parameter, a wrong type and a wrong layout', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bicep-'));
    try {
      mkdirSync(join(folder, 'infra'));
      cpSync(join(root, 'infra', 'bicepconfig.json'), join(folder, 'infra', 'bicepconfig.json'));
      writeFileSync(join(folder, 'infra', 'main.bicep'), "param nothing string\noutput   one int = 'one'\n");
      writeFileSync(join(folder, 'infra', 'main.bicepparam'), "using './main.bicep'\n\nparam nothing = ''\n");
      const problems = await bicepProblems(folder);
      expect(problems).toContainEqual(expect.stringContaining('BCP033'));
      expect(problems).toContainEqual(expect.stringContaining('no-unused-params'));
      expect(problems).toContainEqual(expect.stringContaining('infra/main.bicep is not formatted'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

async function transformOf(parameters: JsonObject): Promise<string> {
  const { dataFlows } = only(await resources(parameters), 'Microsoft.Insights/dataCollectionRules');
  return textOf(objectsIn(dataFlows)[0]?.['transformKql']);
}

async function enabledAlerts(parameters: JsonObject): Promise<readonly string[]> {
  return ofType(await resources(parameters), 'Microsoft.Insights/metricAlerts')
    .filter(({ properties }) => objectOf(properties)['enabled'] === true)
    .map(({ name }) => textOf(name));
}

describe('rowFilter', () => {
  const asim = {
    destinationTable: 'ASimNetworkSessionLogs',
    workspaceResourceId: `/subscriptions/${subscription}/resourceGroups/soc/providers/Microsoft.OperationalInsights/workspaces/sentinel`,
  };
  const rowFilter = 'DvcHostname != \'a\' and UrlOriginal != "b|c"';

  testWithBicep('is empty by default: each transform is deployed as its file has it', async () => {
    const file = withoutComments(readFileSync(join(root, 'infra/transforms/asimNetworkSessionLogs.kql'), 'utf8'));
    expect(await transformOf({})).toBe('source');
    expect(await transformOf(asim)).toBe(file);
  });

  testWithBicep('is a condition before the rest of the transform, whatever the table is', async () => {
    const file = withoutComments(readFileSync(join(root, 'infra/transforms/asimNetworkSessionLogs.kql'), 'utf8'));
    const [before = '', after = '', ...more] = file.split('\nsource\n');
    expect(more).toEqual([]);
    expect(await transformOf({ rowFilter })).toBe(`source\n| where ${rowFilter}`);
    expect(await transformOf({ rowFilter, ...asim })).toBe(`${before}\nsource\n| where ${rowFilter}\n${after}`);
  });

  testWithBicep('is rejected where it has more than one line, or makes the transform too long', async () => {
    expect(await refusal({ rowFilter: 'EventCount > 1\n| take 1' })).toContain('rowFilter is one line');
    const long = `DvcHostname != '${'x'.repeat(15_360)}'`;
    expect(await refusal({ rowFilter: long })).toContain('characters long; Azure takes 15360');
  });

  testWithBicep('turns the alert off that counts filtered rows as dropped, and no other', async () => {
    const [without, withFilter] = [await enabledAlerts({}), await enabledAlerts({ rowFilter })];
    expect(without.filter((name) => !withFilter.includes(name))).toEqual(['netsessions-rows-dropped-1']);
    expect(withFilter.filter((name) => !without.includes(name))).toEqual([]);
  });
});

describe('the default deployment', () => {
  let all: JsonObject[] = [];
  testWithBicep('is known before it runs', async () => {
    all = await resources();
    expect(all.length).toBeGreaterThan(30);
  });

  testWithBicep('declares the columns that the app may send, in stream and table', () => {
    const rule = only(all, 'Microsoft.Insights/dataCollectionRules');
    const table = only(all, 'Microsoft.OperationalInsights/workspaces/tables');
    const sent = writableColumns.map((name) => ({ name, type: columns[name] }));
    expect(rule).toHaveProperty(['streamDeclarations', 'Custom-NetworkSessions', 'columns'], sent);
    expect(rule).toMatchObject({
      dataFlows: [{ transformKql: 'source', outputStream: 'Custom-NetworkSessions_CL' }],
    });
    expect(table).toMatchObject({ plan: 'Analytics', schema: { name: 'NetworkSessions_CL' } });
    expect(table).toHaveProperty(
      'schema.columns',
      sent.map(({ name, type }) => ({ name, type: type === 'datetime' ? 'dateTime' : type })),
    );
  });

  testWithBicep('assigns roles on single resources', () => {
    const assignments = ofType(all, 'Microsoft.Authorization/roleAssignments');
    const scopes = assignments.map(({ id }) =>
      /providers\/([^/]+\/[^/]+)\/[^/]+((?:\/eventhubs\/[^/]+)?)\/providers/.exec(textOf(id))?.slice(1).join(''),
    );
    expect(assignments).toHaveLength(5);
    expect(new Set(scopes)).toEqual(
      new Set([
        'Microsoft.EventHub/namespaces/eventhubs/insights-logs-advancedhunting-devicenetworkevents',
        'Microsoft.EventHub/namespaces/eventhubs/network-sessions-dead-letters',
        'Microsoft.Insights/components',
        'Microsoft.Insights/dataCollectionRules',
        'Microsoft.Storage/storageAccounts',
      ]),
    );
  });

  testWithBicep(
    'compares the age of the oldest event with 25% of seven days, and fills in every placeholder',
    async () => {
      const alerts = ofType(all, 'Microsoft.Insights/scheduledQueryRules');
      expect(alerts).toHaveLength(11);
      expect(JSON.stringify(alerts)).not.toMatch(/\{[A-Z]\w+\}/);
      expect(named(alerts, 'oldest-event')).toMatchObject({
        criteria: { allOf: [{ threshold: 151_200 }] },
      });
    },
  );

  testWithBicep('changes the children of the site one after the other', async () => {
    const { resources: ofApp } = moduleNamed((await compiled()).template, 'app');
    const children = Object.entries(objectOf(ofApp)).filter(([, resource]) =>
      textOf(objectOf(resource)['type']).startsWith('Microsoft.Web/sites/'),
    );
    const names = new Set(children.map(([name]) => name));
    const waitsFor = children.map(([, child]) => {
      const { dependsOn } = objectOf(child);
      return Array.isArray(dependsOn) ? dependsOn.filter((name) => names.has(textOf(name))) : [];
    });
    // All but the first wait for one other, no two for the same one.
    expect(waitsFor.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([0, 1, 1]);
    expect(new Set(waitsFor.flat()).size).toBe(2);
  });

  testWithBicep('gives the two policies of the site a location', () => {
    const policies = ofType(all, 'Microsoft.Web/sites/basicPublishingCredentialsPolicies');
    expect(policies.map(({ name, location }) => [textOf(name).split('/')[1], location])).toEqual([
      ['ftp', 'westeurope'],
      ['scm', 'westeurope'],
    ]);
  });

  testWithBicep('disables the keys of the workspace', () => {
    expect(only(all, 'Microsoft.OperationalInsights/workspaces')).toHaveProperty('features.disableLocalAuth', true);
  });

  testWithBicep('alerts on a hub that nobody reads, using only the counts of the hub', () => {
    const hub = [
      { name: 'EntityName', operator: 'Include', values: ['insights-logs-advancedhunting-devicenetworkevents'] },
    ];
    expect(named(all, '-hub-not-read-1')).toMatchObject({
      windowSize: 'PT1H',
      criteria: {
        allOf: [
          { name: 'above', metricName: 'IncomingMessages', operator: 'GreaterThan', threshold: 10, dimensions: hub },
          { name: 'none', metricName: 'OutgoingMessages', operator: 'LessThanOrEqual', threshold: 0, dimensions: hub },
        ],
      },
    });
  });

  testWithBicep('alerts on columns that a DCR drops, and does not fail if the metric has another name', () => {
    expect(named(all, '-columns-dropped-1')).toMatchObject({
      criteria: { allOf: [{ metricName: 'ColumnsDropped_Count', threshold: 0, skipMetricValidation: true }] },
    });
  });

  testWithBicep('creates no network', () => {
    expect(all.filter(({ type }) => textOf(type).startsWith('Microsoft.Network/'))).toEqual([]);
  });
});

/** The number of assignments with these variables in the environment, which main.bicepparam reads. */
async function assignmentsWith(environment: Readonly<Record<string, string>>): Promise<number> {
  Object.assign(process.env, environment);
  try {
    return ofType(await resources(), 'Microsoft.Authorization/roleAssignments').length;
  } finally {
    for (const name of Object.keys(environment)) delete process.env[name];
  }
}

describe('roles of whoever deploys', () => {
  const deployerPrincipalId = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
  const eventHubs = ['a638d3c7-ab3a-418d-83e6-5f17a39d4fde', '2b629674-e913-4c01-ae53-ef4638d8f975'];
  const blobReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1';
  const logReader = '73c42c96-874c-492b-b04d-ab87d138a893';

  /** What the parameters add to a deployment without the principal, as `scope role`; nothing else may change. */
  async function added(parameters: JsonObject): Promise<string[]> {
    const [without, all] = [await resources(parameters), await resources({ ...parameters, deployerPrincipalId })];
    const ids = new Set(without.map(({ id }) => id));
    expect(all.filter(({ id }) => ids.has(id))).toEqual(without);
    return all
      .filter(({ id }) => !ids.has(id))
      .map(({ id, type, properties }) => {
        expect(type).toBe('Microsoft.Authorization/roleAssignments');
        const { principalId, roleDefinitionId } = objectOf(properties);
        expect(principalId).toBe(deployerPrincipalId);
        const [, scope] = /providers\/([^/]+\/[^/]+)\/[^/]+\/providers/.exec(textOf(id)) ?? [];
        return `${scope} ${textOf(roleDefinitionId).split('/').at(-1)}`;
      });
  }

  testWithBicep('read, send, checkpoints and the workspace, if it is created here; nothing else changes', async () => {
    expect(new Set(await added({}))).toEqual(
      new Set([
        ...eventHubs.map((role) => `Microsoft.EventHub/namespaces ${role}`),
        `Microsoft.Storage/storageAccounts ${blobReader}`,
        `Microsoft.OperationalInsights/workspaces ${logReader}`,
      ]),
    );
  });

  testWithBicep('nothing on an existing workspace, where its owner decides', async () => {
    const workspaceResourceId = `/subscriptions/${subscription}/resourceGroups/soc/providers/Microsoft.OperationalInsights/workspaces/soc`;
    const roles = await added({ workspaceResourceId });
    expect(roles).toHaveLength(3);
    expect(roles.join(' ')).not.toContain(logReader);
  });

  testWithBicep('azd names who deploys; DEPLOYER_ROLES false leaves people out', async () => {
    // The app has five.
    expect(await assignmentsWith({ AZURE_PRINCIPAL_ID: deployerPrincipalId })).toBe(9);
    expect(await assignmentsWith({ AZURE_PRINCIPAL_ID: deployerPrincipalId, DEPLOYER_ROLES: 'false' })).toBe(5);
    expect(await assignmentsWith({})).toBe(5);
  });
});

describe('in each cloud', () => {
  testWithBicep.each([
    ['AzureCloud', true],
    ['AzureUSGovernment', false],
    ['AzureChinaCloud', false],
  ])('%s: the host gets its storage by address, and by name: %s; its traces are sampled', async (cloud, isNamed) => {
    const deployed = await resourcesInCloud(cloud);
    const [account] = ofType(deployed, 'Microsoft.Storage/storageAccounts');
    const settings = only(deployed, 'Microsoft.Web/sites/config');
    expect(settings['AzureWebJobsStorage__accountName']).toBe(isNamed ? textOf(account?.['name']) : undefined);
    expect(settings).toMatchObject({
      // Known after the deployment only.
      AzureWebJobsStorage__blobServiceUri: expect.stringMatching(/^\[reference\(/) as unknown,
      OTEL_TRACES_SAMPLER: 'microsoft.rate_limited',
      OTEL_TRACES_SAMPLER_ARG: '0.1',
    });
  });
});

describe('other choices', () => {
  testWithBicep('Auxiliary: AdditionalFields is dynamic, as in the stream, and the DCR changes nothing', async () => {
    const all = await resources({ tablePlan: 'Auxiliary' });
    const table = only(all, 'Microsoft.OperationalInsights/workspaces/tables');
    const rule = only(all, 'Microsoft.Insights/dataCollectionRules');
    const additionalFields = { name: 'AdditionalFields', type: 'dynamic' };
    expect(table).toHaveProperty('plan', 'Auxiliary');
    expect(table).toHaveProperty('schema.columns.0', additionalFields);
    expect(rule).toHaveProperty(['streamDeclarations', 'Custom-NetworkSessions', 'columns', '0'], additionalFields);
    expect(rule).toHaveProperty('dataFlows.0.transformKql', 'source');
  });

  testWithBicep(
    'another workspace for the telemetry: metrics, logs and their alerts go there, rows do not',
    async () => {
      const own = `/subscriptions/${subscription}/resourceGroups/other/providers/Microsoft.OperationalInsights/workspaces/ops`;
      const all = await resources({ telemetryWorkspaceResourceId: own });
      expect(only(all, 'Microsoft.Insights/components')).toHaveProperty('WorkspaceResourceId', own);
      const diagnostics = ofType(all, 'Microsoft.Insights/diagnosticSettings');
      expect(diagnostics.map(({ properties }) => objectOf(properties)['workspaceId'])).toEqual(
        diagnostics.map(() => own),
      );
      const alerts = ofType(all, 'Microsoft.Insights/scheduledQueryRules');
      expect(alerts.map(({ properties }) => objectOf(properties)['scopes'])).toEqual(alerts.map(() => [own]));
      expect(diagnostics.length * alerts.length).toBeGreaterThan(0);
      const rule = only(all, 'Microsoft.Insights/dataCollectionRules');
      expect(rule).not.toHaveProperty('destinations.logAnalytics.0.workspaceResourceId', own);
    },
  );

  testWithBicep(
    'ASimNetworkSessionLogs in an existing workspace: creates no table and no workspace, and puts the function there',
    async () => {
      const soc = `/subscriptions/${subscription}/resourceGroups/other/providers/Microsoft.OperationalInsights/workspaces/soc`;
      const all = await resources({
        destinationTable: 'ASimNetworkSessionLogs',
        workspaceResourceId: soc,
      });
      const inWorkspace = all.filter(({ type }) => textOf(type).startsWith('Microsoft.OperationalInsights/'));
      expect(inWorkspace.map(({ id }) => id)).toEqual([`${soc}/savedSearches/NetworkSessionsUnique`]);
      const rule = only(all, 'Microsoft.Insights/dataCollectionRules');
      expect(rule).toHaveProperty('dataFlows.0.outputStream', 'Microsoft-ASimNetworkSessionLogs');
      // The transform is deployed without the comments above its first definition.
      expect(JSON.stringify(rule)).toContain('"transformKql":"let ');
    },
  );

  testWithBicep('asimParsers saves three functions with the signatures of ASIM, and changes nothing else', async () => {
    const before = await resources();
    const after = await resources({ asimParsers: true });
    const added = after.filter(({ id }) => !before.some((one) => one['id'] === id));
    const saved = added.map(({ properties }) => objectOf(properties));
    expect(ofType(added, 'Microsoft.OperationalInsights/workspaces/savedSearches')).toHaveLength(added.length);
    expect(saved.map(({ functionAlias, functionParameters }) => [functionAlias, functionParameters])).toEqual([
      [
        'vimNetworkSessionMicrosoftDefenderStream',
        "starttime:datetime=datetime(null),endtime:datetime=datetime(null),srcipaddr_has_any_prefix:dynamic=dynamic([]),dstipaddr_has_any_prefix:dynamic=dynamic([]),ipaddr_has_any_prefix:dynamic=dynamic([]),dstportnumber:int=int(null),hostname_has_any:dynamic=dynamic([]),dvcaction:dynamic=dynamic([]),eventresult:string='*',disabled:bool=False,pack:bool=false",
      ],
      ['ASimNetworkSessionMicrosoftDefenderStream', 'disabled:bool=False,pack:bool=false'],
      ['NetworkSessionsAll', 'starttime:datetime=datetime(null),endtime:datetime=datetime(null)'],
    ]);
    expect(saved.map(({ query }) => textOf(query).startsWith('//'))).toEqual([false, false, false]);
    expect(after.filter((one) => !added.includes(one))).toEqual(before);
  });

  testWithBicep(
    'private: storage, DCRs and telemetry are closed, and only trusted services reach the hubs',
    async () => {
      const hubs = ['my.hub', '1st', 'Upper_Case-2'];
      const sourceHubs = hubs.map((name) => ({ name, partitions: 4 }));
      const all = await resources({ network: 'private', alwaysReadyInstances: 2, sourceHubs });
      const app = only(all, 'Microsoft.Web/sites');
      expect(JSON.stringify(app)).toContain('/subnets/app"');
      // Nobody calls the app; it is deployed from outside the network all the same.
      expect(app).toMatchObject({
        siteConfig: {
          ipSecurityRestrictionsDefaultAction: 'Deny',
          scmIpSecurityRestrictionsUseMain: false,
          scmIpSecurityRestrictionsDefaultAction: 'Allow',
        },
      });
      // Always-ready instances go by the names that the app registers.
      expect(app).toHaveProperty(
        'functionAppConfig.scaleAndConcurrency.alwaysReady',
        [...functionNames(hubs).values()].map((name) => ({ name: `function:${name}`, instanceCount: 2 })),
      );
      expect(only(all, 'Microsoft.Storage/storageAccounts')).toMatchObject({
        publicNetworkAccess: 'Disabled',
      });
      expect(only(all, 'Microsoft.Insights/components')).toMatchObject({
        publicNetworkAccessForIngestion: 'Disabled',
      });
      expect(only(all, 'Microsoft.Insights/dataCollectionEndpoints')).toMatchObject({
        networkAcls: { publicNetworkAccess: 'Disabled' },
      });
      expect(only(all, 'Microsoft.EventHub/namespaces/networkRuleSets')).toMatchObject({
        defaultAction: 'Deny',
        trustedServiceAccessEnabled: true,
      });
      expect(all.filter(({ type }) => type === 'Microsoft.Network/privateEndpoints')).toHaveLength(3);
    },
  );
});

describe('the template rejects', () => {
  testWithBicep('too many hubs, too long a retention and dead letters in a source hub, all in one error', async () => {
    const sourceHubs = Array.from({ length: 10 }, (_, i) => ({ name: `hub-${i}`, partitions: 1 }));
    const said = await refusal({ sourceHubs, retentionHours: 192, deadLetterHub: 'Hub-3' });
    expect(said).toContain('A Standard namespace takes 10 hubs; sourceHubs and the dead-letter hub are 11.');
    expect(said).toContain('Standard keeps events for 168 hours at most');
    expect(said).toContain('deadLetterHub (Hub-3) is one of sourceHubs');
  });

  // Partitions x (16 + 32) MB in the host, 160 MB + 72 MB a partition in the worker: 12 partitions take 1,600 of 1,638 MB.
  testWithBicep('a hub that does not fit into the memory of an instance, host and worker together', async () => {
    expect(await refusal(hubOf(12))).toBe('not rejected');
    expect(await refusal(hubOf(13))).toContain(
      'The largest hub (13 partitions) needs 624 MB in the host and 1096 MB in the worker, together more than 80% of instanceMemoryMB (2048).',
    );
    expect(await refusal({ ...hubOf(16), instanceMemoryMB: 4096 })).toBe('not rejected');
  });

  testWithBicep('a delivery that may outlast functionTimeout', async () => {
    const defaults = objectOf(objectOf((await compiled()).parameters['appSettings'])['value']);
    const times = { DELIVERY_BUDGET_SECONDS: 540, LOGS_INGESTION_TIMEOUT_SECONDS: 30 };
    expect(await refusal({ appSettings: { ...defaults, ...times } })).toBe('not rejected');
    expect(await refusal({ appSettings: { ...defaults, ...times, LOGS_INGESTION_TIMEOUT_SECONDS: 31 } })).toContain(
      'are together 571 s; they must stay 30 s below functionTimeout of host.json (600 s)',
    );
  });

  testWithBicep('Sentinel’s table on a workspace that is created here', async () => {
    expect(await refusal({ destinationTable: 'ASimNetworkSessionLogs' })).toContain(
      'Set workspaceResourceId to the workspace of Sentinel, or use NetworkSessions_CL.',
    );
  });

  testWithBicep.each(['Basic', 'Auxiliary'])('%s with fewer days than its table keeps', async (plan) => {
    const days = { tablePlan: plan, analyticsRetentionDays: 4 };
    expect(await refusal({ ...days, totalRetentionDays: 29 })).toContain(
      `totalRetentionDays (29) is shorter than the 30 days that a table of plan ${plan} keeps at least.`,
    );
    expect(await refusal({ ...days, totalRetentionDays: 30 })).toBe('not rejected');
  });

  testWithBicep.each(['net_sessions', 'net.sess', 'nét'])(
    'the name %s, which not all services accept',
    async (name) => {
      expect(await refusal({ name })).toContain(
        `name accepts letters, digits and hyphens, which all services accept; found "${name}".`,
      );
    },
  );

  testWithBicep('a hub named twice', async () => {
    const sourceHubs = ['a', 'A'].map((name) => ({ name, partitions: 1 }));
    expect(await refusal({ sourceHubs })).toContain('sourceHubs names a hub twice: a, A.');
  });

  testWithBicep('a retention of 800 days', async () => {
    expect(await refusal({ totalRetentionDays: 800 })).toContain('totalRetentionDays takes 4 to 730 days or whole');
  });

  testWithBicep('a workspace given by its name instead of its id', async () => {
    expect(await refusal({ workspaceResourceId: 'soc' })).toContain('workspaceResourceId is not the resource id');
  });

  testWithBicep('a telemetry workspace that is not a workspace', async () => {
    const storage = `/subscriptions/${subscription}/resourceGroups/a/providers/Microsoft.Storage/storageAccounts/b`;
    expect(await refusal({ telemetryWorkspaceResourceId: storage })).toContain(
      'telemetryWorkspaceResourceId is not the resource id of a workspace',
    );
  });
});
