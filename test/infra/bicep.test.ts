import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { functionNames } from '../../functions/functionNames';
import { bicep, bicepProblems } from '../../scripts/infra/bicepCli';
import { parseJson } from '../../shared/json';
import { columns } from '../../shared/sessions/networkSessionsColumns';
import { writableColumns } from '../../shared/sessions/row';
import { objectOf, textOf } from './json';

// The compiler takes seconds of CPU each time.
jest.setTimeout(600_000);

const root = resolve(__dirname, '../..');
const subscription = '00000000-0000-0000-0000-000000000000';

const hasBicep = spawnSync('bicep', ['--version']).status === 0;
/** For what needs the Bicep CLI. Skipped without it, but where it is required, as in CI. */
const testWithBicep = hasBicep || process.env['BICEP_REQUIRED'] === '1' ? test : test.skip;

let copy: string;
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'bicep-'));
  cpSync(join(root, 'infra'), join(copy, 'infra'), { recursive: true });
  cpSync(join(root, 'host.json'), join(copy, 'host.json'));
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

interface Resource {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

function plant(file: string, text: string | RegExp, mistake: string): void {
  const path = join(copy, file);
  const before = readFileSync(path, 'utf8');
  expect(before).toMatch(text);
  writeFileSync(path, before.replace(text, mistake));
}

/** What a deployment with these parameters would make, as far as Bicep can tell without Azure. @throws what it refuses. */
async function resources(parameters: Readonly<Record<string, string>> = {}): Promise<Resource[]> {
  for (const [name, value] of Object.entries(parameters))
    plant(
      'infra/main.bicepparam',
      new RegExp(`^param ${name} = (?:.*)(?:\\n(?: {2}.*|[\\]}]))*`, 'm'),
      `param ${name} = ${value}`,
    );
  const file = join(copy, 'infra', 'main.bicepparam');
  const place = ['--subscription-id', subscription, '--resource-group', 'rg', '--location', 'westeurope'];
  const { stderr } = await bicep('snapshot', file, '--tenant-id', subscription, ...place);
  if (stderr.includes('could not be completed')) throw new Error(stderr);
  const snapshot: unknown = JSON.parse(readFileSync(join(copy, 'infra', 'main.snapshot.json'), 'utf8'));
  if (!isSnapshot(snapshot)) throw new TypeError('bicep snapshot wrote something else than resources');
  return snapshot.predictedResources;
}

function isSnapshot(value: unknown): value is { predictedResources: Resource[] } {
  return typeof value === 'object' && value !== null && 'predictedResources' in value;
}

/** Why these parameters are refused. */
async function refusal(parameters: Readonly<Record<string, string>>): Promise<string> {
  return resources(parameters).then(
    () => 'not refused',
    (error: unknown) => String(error),
  );
}

/** The default settings with other times. */
function deliverySettings(budget: number, attempt: number): string {
  return `{\n  LOGS_INGESTION_CONCURRENCY: 4\n  LOGS_INGESTION_TIMEOUT_SECONDS: ${attempt}\n  DELIVERY_BUDGET_SECONDS: ${budget}\n  ADDITIONAL_FIELDS: 'full'\n  URL_REDACTION: 'credentials'\n  PROXY_ADDRESSES: ''\n  KNOWN_NEWS: ''\n  TELEMETRY_INTERVAL_SECONDS: 60\n  BACKLOG_INTERVAL_SECONDS: 60\n}`;
}

function only(all: readonly Resource[], type: string): Resource {
  const found = all.filter((resource) => resource.type.toLowerCase() === type.toLowerCase());
  expect(found.map(({ name }) => name)).toHaveLength(1);
  const [first] = found;
  if (first === undefined) throw new Error(`no ${type}`);
  return first;
}

describe('compiler, linter and formatter', () => {
  testWithBicep('have nothing to say', async () => {
    expect(await bicepProblems(copy)).toEqual([]);
  });

  testWithBicep('find what nothing uses, a wrong type and a wrong layout', async () => {
    plant('infra/modules/identity.bicep', 'param location string', 'param location int');
    plant('infra/modules/storage.bicep', "kind: 'StorageV2'", "kind:    'StorageV2'");
    plant(
      'infra/modules/workbook.bicep',
      "@description('Required. Tags.')",
      "@description('Required. Nothing.')\nparam nothing string\n\n@description('Required. Tags.')",
    );
    const problems = await bicepProblems(copy);
    expect(problems).toContainEqual(expect.stringContaining('BCP'));
    expect(problems).toContainEqual(expect.stringContaining('no-unused-params'));
    expect(problems).toContainEqual(expect.stringContaining('infra/modules/storage.bicep is not formatted'));
  });
});

describe('the deployment by default', () => {
  let all: Resource[] = [];
  testWithBicep('can be told beforehand', async () => {
    all = await resources();
    expect(all.length).toBeGreaterThan(30);
  });

  testWithBicep('declares what the app may send, in stream and table', () => {
    const rule = only(all, 'Microsoft.Insights/dataCollectionRules').properties;
    const table = only(all, 'Microsoft.OperationalInsights/workspaces/tables').properties;
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
    const assignments = all.filter(({ type }) => type === 'Microsoft.Authorization/roleAssignments');
    const scopes = assignments.map(({ id }) =>
      /providers\/([^/]+\/[^/]+)\/[^/]+((?:\/eventhubs\/[^/]+)?)\/providers/.exec(id)?.slice(1).join(''),
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
    'holds the age of the oldest event against 25% of seven days, and fills in every placeholder',
    async () => {
      const alerts = all.filter(({ type }) => type === 'Microsoft.Insights/scheduledQueryRules');
      expect(alerts).toHaveLength(11);
      expect(JSON.stringify(alerts)).not.toMatch(/\{[A-Z]\w+\}/);
      expect(alerts.find(({ name }) => name.endsWith('oldest-event'))?.properties).toMatchObject({
        criteria: { allOf: [{ threshold: 151_200 }] },
      });
    },
  );

  testWithBicep('leads the host to its storage by name and by address, and samples the traces of the host', () => {
    const settings = all.find(({ type }) => type === 'Microsoft.Web/sites/config');
    // Which cloud it is, only the deployment knows, so the settings are still an expression.
    const text = JSON.stringify(settings?.properties);
    expect(text).toContain("hostFindsStorageByName, variables('names').storage, ''");
    expect(text).toContain("createObject('AzureWebJobsStorage__accountName', parameters('storage').accountName)");
    expect(text).toContain("'AzureWebJobsStorage__blobServiceUri', ");
    expect(text).toContain("'OTEL_TRACES_SAMPLER', 'microsoft.rate_limited', 'OTEL_TRACES_SAMPLER_ARG', '0.1'");
  });

  testWithBicep('changes the site by one child after the other, and says where the two policies are', async () => {
    const { stdout } = await bicep('build', join(root, 'infra/modules/app.bicep'), '--stdout');
    const { resources: compiled } = objectOf(parseJson(stdout));
    const site = "parameters('name')";
    const children = Object.values(objectOf(compiled))
      .map(objectOf)
      .filter(({ type }) => textOf(type).startsWith('Microsoft.Web/sites/'));
    expect(
      children.map(({ type, name: of, location, dependsOn }) => [textOf(type).split('/')[2], of, location, dependsOn]),
    ).toEqual([
      ['config', `[format('{0}/{1}', ${site}, 'appsettings')]`, undefined, ['app']],
      [
        'basicPublishingCredentialsPolicies',
        `[format('{0}/{1}', ${site}, 'ftp')]`,
        "[parameters('location')]",
        ['app', 'app::settings'],
      ],
      [
        'basicPublishingCredentialsPolicies',
        `[format('{0}/{1}', ${site}, 'scm')]`,
        "[parameters('location')]",
        ['app', 'app::noPasswordForFtp'],
      ],
    ]);
  });

  testWithBicep('turns the keys of the workspace off', () => {
    expect(only(all, 'Microsoft.OperationalInsights/workspaces').properties).toHaveProperty(
      'features.disableLocalAuth',
      true,
    );
  });

  testWithBicep('tells of a hub that nobody reads by the counts of the hub alone', () => {
    const found = all.find(({ name }) => name.endsWith('-hub-not-read-1'));
    const hub = [
      { name: 'EntityName', operator: 'Include', values: ['insights-logs-advancedhunting-devicenetworkevents'] },
    ];
    expect(found?.properties).toMatchObject({
      windowSize: 'PT1H',
      criteria: {
        allOf: [
          { name: 'above', metricName: 'IncomingMessages', operator: 'GreaterThan', threshold: 10, dimensions: hub },
          { name: 'none', metricName: 'OutgoingMessages', operator: 'LessThanOrEqual', threshold: 0, dimensions: hub },
        ],
      },
    });
  });

  testWithBicep('tells of columns that a rule drops, and does not fail where the metric has another name', () => {
    const found = all.find(({ name }) => name.endsWith('-columns-dropped-1'));
    expect(found?.properties).toMatchObject({
      criteria: { allOf: [{ metricName: 'ColumnsDropped_Count', threshold: 0, skipMetricValidation: true }] },
    });
  });

  testWithBicep('makes no network', () => {
    expect(all.filter(({ type }) => type.startsWith('Microsoft.Network/'))).toEqual([]);
  });
});

describe('other choices', () => {
  testWithBicep('Auxiliary: AdditionalFields is dynamic, as in the stream, and the rule changes nothing', async () => {
    const all = await resources({ tablePlan: "'Auxiliary'" });
    const table = only(all, 'Microsoft.OperationalInsights/workspaces/tables').properties;
    const rule = only(all, 'Microsoft.Insights/dataCollectionRules').properties;
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
      const all = await resources({ telemetryWorkspaceResourceId: `'${own}'` });
      expect(only(all, 'Microsoft.Insights/components').properties).toHaveProperty('WorkspaceResourceId', own);
      const of = (type: string): Resource[] => all.filter((resource) => resource.type === type);
      const diagnostics = of('Microsoft.Insights/diagnosticSettings');
      expect(diagnostics.map(({ properties }) => properties['workspaceId'])).toEqual(diagnostics.map(() => own));
      const alerts = of('Microsoft.Insights/scheduledQueryRules');
      expect(alerts.map(({ properties }) => properties['scopes'])).toEqual(alerts.map(() => [own]));
      expect(diagnostics.length * alerts.length).toBeGreaterThan(0);
      const rule = only(all, 'Microsoft.Insights/dataCollectionRules').properties;
      expect(rule).not.toHaveProperty('destinations.logAnalytics.0.workspaceResourceId', own);
    },
  );

  testWithBicep(
    'ASimNetworkSessionLogs in a workspace elsewhere: no table, no workspace, the function there',
    async () => {
      const soc = `/subscriptions/${subscription}/resourceGroups/other/providers/Microsoft.OperationalInsights/workspaces/soc`;
      const all = await resources({
        destinationTable: "'ASimNetworkSessionLogs'",
        workspaceResourceId: `'${soc}'`,
      });
      const inWorkspace = all.filter(({ type }) => type.startsWith('Microsoft.OperationalInsights/'));
      expect(inWorkspace.map(({ id }) => id)).toEqual([`${soc}/savedSearches/NetworkSessionsUnique`]);
      const rule = only(all, 'Microsoft.Insights/dataCollectionRules').properties;
      expect(rule).toHaveProperty('dataFlows.0.outputStream', 'Microsoft-ASimNetworkSessionLogs');
      // The transform is deployed without the comments above its first definition.
      expect(JSON.stringify(rule)).toContain('"transformKql":"let ');
    },
  );

  testWithBicep(
    'private: storage, rules and telemetry are closed, the hubs open for trusted services alone',
    async () => {
      const hubs = ['my.hub', '1st', 'Upper_Case-2'];
      const list = hubs.map((name) => `{ name: '${name}', partitions: 4 }`).join('\n');
      const all = await resources({ network: "'private'", alwaysReadyInstances: '2', sourceHubs: `[\n${list}\n]` });
      const app = only(all, 'Microsoft.Web/sites').properties;
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
      expect(only(all, 'Microsoft.Storage/storageAccounts').properties).toMatchObject({
        publicNetworkAccess: 'Disabled',
      });
      expect(only(all, 'Microsoft.Insights/components').properties).toMatchObject({
        publicNetworkAccessForIngestion: 'Disabled',
      });
      expect(only(all, 'Microsoft.Insights/dataCollectionEndpoints').properties).toMatchObject({
        networkAcls: { publicNetworkAccess: 'Disabled' },
      });
      expect(only(all, 'Microsoft.EventHub/namespaces/networkRuleSets').properties).toMatchObject({
        defaultAction: 'Deny',
        trustedServiceAccessEnabled: true,
      });
      expect(all.filter(({ type }) => type === 'Microsoft.Network/privateEndpoints')).toHaveLength(3);
    },
  );
});

describe('what cannot work is refused', () => {
  testWithBicep('too many hubs, too long a retention and dead letters in a source hub, all in one error', async () => {
    const hubs = Array.from({ length: 10 }, (_, i) => `{ name: 'hub-${i}', partitions: 1 }`).join('\n');
    const said = await refusal({ sourceHubs: `[\n${hubs}\n]`, retentionHours: '192', deadLetterHub: "'Hub-3'" });
    expect(said).toContain('A Standard namespace takes 10 hubs; sourceHubs and the dead-letter hub are 11.');
    expect(said).toContain('Standard keeps events for 168 hours at most');
    expect(said).toContain('deadLetterHub (Hub-3) is one of sourceHubs');
  });

  // Partitions x (16 + 32) MB in the host, 160 MB + 72 MB a partition in the worker: 12 partitions take 1,600 of 1,638 MB.
  testWithBicep('a hub that an instance has no memory for, host and worker together', async () => {
    expect(await refusal({ sourceHubs: "[{ name: 'a', partitions: 12 }]" })).toBe('not refused');
    expect(await refusal({ sourceHubs: "[{ name: 'a', partitions: 13 }]" })).toContain(
      'The largest hub (13 partitions) needs 624 MB in the host and 1096 MB in the worker, together more than 80% of instanceMemoryMB (2048).',
    );
    expect(await refusal({ sourceHubs: "[{ name: 'a', partitions: 16 }]", instanceMemoryMB: '4096' })).toBe(
      'not refused',
    );
  });

  testWithBicep('a delivery that may outlive functionTimeout', async () => {
    expect(await refusal({ appSettings: deliverySettings(540, 30) })).toBe('not refused');
    expect(await refusal({ appSettings: deliverySettings(540, 31) })).toContain(
      'are together 571 s; they have to stay 30 s below functionTimeout of host.json (600 s)',
    );
  });

  testWithBicep('Sentinel’s table on a workspace that is created here', async () => {
    expect(await refusal({ destinationTable: "'ASimNetworkSessionLogs'" })).toContain(
      'Name the workspace of Sentinel in workspaceResourceId, or take NetworkSessions_CL.',
    );
  });

  testWithBicep.each(['Basic', 'Auxiliary'])('%s with fewer days than its table keeps', async (plan) => {
    const days = { tablePlan: `'${plan}'`, analyticsRetentionDays: '4' };
    expect(await refusal({ ...days, totalRetentionDays: '29' })).toContain(
      `totalRetentionDays (29) is shorter than the 30 days that a table of plan ${plan} keeps at least.`,
    );
    expect(await refusal({ totalRetentionDays: '30' })).toBe('not refused');
  });

  testWithBicep.each(['net_sessions', 'net.sess', 'nét'])('the name %s, which not all services take', async (name) => {
    expect(await refusal({ name: `'${name}'` })).toContain(
      `name takes letters, digits and hyphens, which is what all services take; found "${name}".`,
    );
  });

  testWithBicep('a hub named twice', async () => {
    const hubs = "[\n{ name: 'a', partitions: 1 }\n{ name: 'A', partitions: 1 }\n]";
    expect(await refusal({ sourceHubs: hubs })).toContain('sourceHubs names a hub twice: a, A.');
  });

  testWithBicep('a retention of 800 days', async () => {
    expect(await refusal({ totalRetentionDays: '800' })).toContain('totalRetentionDays takes 4 to 730 days or whole');
  });

  testWithBicep('a workspace by its name', async () => {
    expect(await refusal({ workspaceResourceId: "'soc'" })).toContain('workspaceResourceId is no resource id');
  });

  testWithBicep('a telemetry workspace that is none', async () => {
    const storage = `/subscriptions/${subscription}/resourceGroups/a/providers/Microsoft.Storage/storageAccounts/b`;
    expect(await refusal({ telemetryWorkspaceResourceId: `'${storage}'` })).toContain(
      'telemetryWorkspaceResourceId is no resource id of a workspace',
    );
  });
});
