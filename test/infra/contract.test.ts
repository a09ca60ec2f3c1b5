import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { contractProblems } from '../../scripts/infra/contract';

const root = resolve(__dirname, '../..');

let copy: string;
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'contract-'));
  for (const name of ['infra', 'docs', 'azure.yaml', 'package.json'])
    cpSync(join(root, name), join(copy, name), { recursive: true });
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

/** Replaces one text in a file of the copy, which has to hold it. */
function plant(file: string, text: string, mistake: string): void {
  const path = join(copy, file);
  const before = readFileSync(path, 'utf8');
  expect(before).toContain(text);
  writeFileSync(path, before.replace(text, mistake));
}

test('template, app and documents agree', () => {
  expect(contractProblems(root)).toEqual([]);
  expect(contractProblems(copy)).toEqual([]);
});

/** What is planted where, and what is said then. */
const mistakes: [rule: string, file: string, text: string, mistake: string, said: string][] = [
  [
    'a column that the app does not have',
    'infra/networkSessions.columns.json',
    '{"name": "DstBytes", "type": "long"}',
    '{"name": "DstBytes", "type": "int"}',
    'infra/networkSessions.columns.json and shared/sessions/networkSessionsColumns.ts are not the same list',
  ],
  [
    'a platform column that the template would declare',
    'infra/columns.bicep',
    "'Type', ",
    '',
    'platformColumns of infra/columns.bicep and of shared/sessions/row.ts are not the same list',
  ],
  [
    'columns written a second time',
    'infra/modules/rules.bicep',
    'columns: streamColumns',
    "columns: [{ name: 'TimeGenerated', type: 'datetime' }]",
    'infra/modules/rules.bicep: expected "columns: streamColumns", so that there is one list of columns',
  ],
  [
    'a setting that the template forgets',
    'infra/modules/app.bicep',
    '      LOGS_INGESTION_STREAM: ingestion.stream\n',
    '',
    'infra/modules/app.bicep does not set LOGS_INGESTION_STREAM, which the app reads',
  ],
  [
    'a setting that nothing reads',
    'infra/modules/app.bicep',
    '      LOGS_INGESTION_STREAM: ingestion.stream\n',
    "      LOGS_INGESTION_STREAM: ingestion.stream\n      LOGS_INGESTION_STREEM: 'x'\n",
    'infra/modules/app.bicep sets LOGS_INGESTION_STREEM, which nothing reads',
  ],
  [
    'a key in a setting',
    'infra/modules/app.bicep',
    '      EventHub__credential:',
    "      EventHub: 'Endpoint=sb://...'\n      EventHub__credential:",
    'infra/modules/app.bicep sets EventHub, which holds a key',
  ],
  [
    'a default that is not the app’s',
    'infra/main.bicep',
    'LOGS_INGESTION_CONCURRENCY: 4',
    'LOGS_INGESTION_CONCURRENCY: 5',
    'LOGS_INGESTION_CONCURRENCY: infra/main.bicep begins with 5, the app with 4',
  ],
  [
    'a bound that is not the app’s',
    'infra/types.bicep',
    '@maxValue(540)',
    '@maxValue(600)',
    'DELIVERY_BUDGET_SECONDS: infra/types.bicep takes other values than the app (a whole number from 1 to 540)',
  ],
  [
    'a word that the app does not know',
    'infra/types.bicep',
    "'full' | 'process' | 'minimal'",
    "'full' | 'minimal'",
    'ADDITIONAL_FIELDS: infra/types.bicep takes other values than the app (full, process, minimal)',
  ],
  [
    'a role id that is another role’s',
    'infra/types.bicep',
    '2b629674-e913-4c01-ae53-ef4638d8f975',
    'f526a384-b230-433a-b45c-95f59c4a2dec',
    "infra/types.bicep: azureEventHubsDataSender is 'f526a384-b230-433a-b45c-95f59c4a2dec', and Azure Event Hubs Data Sender is 2b629674-e913-4c01-ae53-ef4638d8f975",
  ],
  [
    'a role on the whole resource group',
    'infra/modules/roles.bicep',
    '  scope: storage\n',
    '',
    'infra/modules/roles.bicep: an assignment without a scope would count for the whole resource group',
  ],
  [
    'a role that the guide does not name',
    'docs/deploy.md',
    '| the app | Azure Event Hubs Data Sender |',
    '| the app | Event Hubs sender |',
    'docs/deploy.md does not say that the app has Azure Event Hubs Data Sender',
  ],
  [
    'a parameter that nothing uses',
    'infra/main.bicep',
    'ruleCount), i =>',
    '3), i =>',
    'infra/main.bicep: nothing uses the parameter ruleCount',
  ],
  [
    'a description that hides whether a parameter is needed',
    'infra/main.bicep',
    "@description('Optional. Major version",
    "@description('Major version",
    'infra/main.bicep: the description of nodeVersion should begin with "Optional."',
  ],
  [
    'a parameter that the parameter file does not show',
    'infra/main.bicepparam',
    'param ruleCount = 1\n',
    '',
    'infra/main.bicepparam does not show ruleCount',
  ],
  [
    'a default that the parameter file shows wrongly',
    'infra/main.bicepparam',
    'heldPartition: { threshold: 900',
    'heldPartition: { threshold: 60',
    'infra/main.bicepparam shows alerts as',
  ],
  [
    'an output that nobody reads',
    'infra/main.bicep',
    'output FUNCTION_APP_NAME string',
    'output APP_NAME string',
    'infra/main.bicep: nothing reads the output APP_NAME',
  ],
  [
    'an output that azd would not take',
    'infra/main.bicep',
    'output FUNCTION_APP_NAME string',
    'output functionAppName string',
    'infra/main.bicep: output functionAppName is not in UPPER_SNAKE, as azd wants',
  ],
  [
    'an output of a module that no file reads',
    'infra/modules/storage.bicep',
    'output name string',
    'output accountName string',
    'infra/modules/storage.bicep: nothing reads the output accountName',
  ],
  [
    'an alert that splits by a column that its query does not return',
    'infra/modules/logAlerts.bicep',
    "dimensions: ['Hub', 'Reason', 'Table']",
    "dimensions: ['Hub', 'Reason']",
    'infra/queries/alerts/dead-letters.kql returns Hub, Reason, Table, its alert splits by Hub, Reason',
  ],
  [
    'a query that no alert loads',
    'infra/modules/logAlerts.bicep',
    'alerts/dead-letters.kql',
    'alerts/held-partition.kql',
    'infra/queries/alerts/dead-letters.kql is loaded by no alert',
  ],
  [
    'a placeholder that nothing fills in',
    'infra/queries/alerts/dead-letters.kql',
    '{ApplicationInsights}',
    '{AppInsights}',
    'infra/queries/alerts/dead-letters.kql: nothing fills in {AppInsights}',
  ],
  [
    'a threshold that no alert uses',
    'infra/types.bicep',
    '  hubFull: alertType\n',
    '  hubFull: alertType\n  hubEmpty: alertType\n',
    'infra/types.bicep: no alert uses alerts.hubEmpty',
  ],
  [
    'two API versions of one service',
    'infra/modules/app.bicep',
    "'Microsoft.Web/sites@2024-11-01'",
    "'Microsoft.Web/sites@2023-12-01'",
    'infra/modules/diagnostics.bicep: Microsoft.Web/sites@2024-11-01, but infra/modules/app.bicep has 2023-12-01',
  ],
  [
    'a preview where a stable version exists',
    'infra/modules/identity.bicep',
    '@2024-11-30',
    '@2025-01-31-preview',
    'infra/modules/identity.bicep: Microsoft.ManagedIdentity/userAssignedIdentities is a preview',
  ],
  [
    'a suffix of one cloud',
    'infra/main.bicep',
    'audience: cloud.ingestionAudience',
    "audience: 'https://monitor.azure.com'",
    'infra/main.bicep: monitor.azure.com is not the same in every cloud',
  ],
  [
    'an app that azd would not find',
    'azure.yaml',
    '  app:\n',
    '  api:\n',
    'azure.yaml deploys the service "api", infra/main.bicep tags "app"',
  ],
  [
    'a build in Azure',
    'azure.yaml',
    'remoteBuild: false',
    'remoteBuild: true',
    'azure.yaml: expected "remoteBuild: false"',
  ],
];

test.each(mistakes)('%s is found', (_rule, file, text, mistake, said) => {
  plant(file, text, mistake);
  expect(contractProblems(copy)).toContainEqual(expect.stringContaining(said));
});
