import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bicepProblems, compiledTemplate } from '../../scripts/infra/bicepCli';
import { templateProblems } from '../../scripts/infra/templateContract';
import { textProblems } from '../../scripts/infra/textContract';

// The compiler takes seconds of CPU each time, so all mistakes are planted into one copy.
jest.setTimeout(600_000);

const root = resolve(__dirname, '../..');
const hasBicep = spawnSync('bicep', ['--version']).status === 0;
/** Skipped without the Bicep CLI, except where it is required, as in CI. */
const testWithBicep = hasBicep || process.env['BICEP_REQUIRED'] === '1' ? test : test.skip;

let copy: string;
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'contract-'));
  for (const name of ['infra', 'docs', 'azure.yaml', 'package.json', 'host.json'])
    cpSync(join(root, name), join(copy, name), { recursive: true });
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

/** Replaces one text in a file of the copy, which must contain it. */
function plant(file: string, text: string, mistake: string): void {
  const path = join(copy, file);
  const before = readFileSync(path, 'utf8');
  expect(before).toContain(text);
  writeFileSync(path, before.replace(text, mistake));
}

async function problemsOfTemplate(folder: string): Promise<string[]> {
  const compiled = await compiledTemplate(folder);
  if (compiled === undefined) throw new Error((await bicepProblems(folder)).join('\n'));
  return templateProblems(folder, compiled);
}

test('azure.yaml deploys this app, and the template names no single cloud', () => {
  expect(textProblems(root)).toEqual([]);
});

testWithBicep('template, app and documents agree', async () => {
  expect(await problemsOfTemplate(root)).toEqual([]);
});

type Mistake = readonly [rule: string, file: string, text: string, mistake: string, problem: string];

const mistakesInText: readonly Mistake[] = [
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

test.each(mistakesInText)('%s is found', (_rule, file, text, mistake, problem) => {
  plant(file, text, mistake);
  expect(textProblems(copy)).toContainEqual(expect.stringContaining(problem));
});

/** Each compiles, together with all others. */
const mistakesInTemplate: readonly Mistake[] = [
  [
    'a setting that the template forgets',
    'infra/modules/app.bicep',
    '      LOGS_INGESTION_STREAM: ingestion.stream\n',
    '',
    'modules/app.bicep does not set LOGS_INGESTION_STREAM',
  ],
  [
    'a setting that nothing reads',
    'infra/modules/app.bicep',
    '      KNOWN_NEWS:',
    "      LOGS_INGESTION_STREEM: 'x'\n      KNOWN_NEWS:",
    'modules/app.bicep sets LOGS_INGESTION_STREEM, which nothing reads',
  ],
  [
    'a key in a setting',
    'infra/modules/app.bicep',
    '      EventHub__credential:',
    "      EventHub: 'Endpoint=sb://...'\n      EventHub__credential:",
    'modules/app.bicep sets EventHub, which holds a key',
  ],
  [
    'a default that is not the app’s',
    'infra/main.bicep',
    'LOGS_INGESTION_CONCURRENCY: 4',
    'LOGS_INGESTION_CONCURRENCY: 5',
    'LOGS_INGESTION_CONCURRENCY: main.bicep begins with 5, the app with 4',
  ],
  [
    'a bound that is not the app’s',
    'infra/types.bicep',
    '@maxValue(540)',
    '@maxValue(600)',
    'DELIVERY_BUDGET_SECONDS: types.bicep takes other values than the app (a whole number from 1 to 540)',
  ],
  [
    'a word that the app does not know',
    'infra/types.bicep',
    "'full' | 'process' | 'minimal'",
    "'full' | 'minimal'",
    'ADDITIONAL_FIELDS: types.bicep takes other values than the app (full, process, minimal)',
  ],
  [
    'a role id that is another role’s',
    'infra/types.bicep',
    '2b629674-e913-4c01-ae53-ef4638d8f975',
    'f526a384-b230-433a-b45c-95f59c4a2dec',
    'types.bicep: azureEventHubsDataSender is f526a384-b230-433a-b45c-95f59c4a2dec, but Azure Event Hubs Data Sender is 2b629674-e913-4c01-ae53-ef4638d8f975',
  ],
  [
    'a role on the whole resource group',
    'infra/modules/roles.bicep',
    '  scope: storage\n',
    '',
    'modules/roles.bicep: an assignment without a scope counts for the whole resource group',
  ],
  [
    'a role that the guide does not name',
    'docs/deploy.md',
    '| the app | Azure Event Hubs Data Sender |',
    '| the app | Event Hubs sender |',
    'docs/deploy.md does not give the app Azure Event Hubs Data Sender',
  ],
  [
    'a description that hides whether a parameter is needed',
    'infra/main.bicep',
    "@description('Optional. Major version",
    "@description('Major version",
    'main.bicep: the description of nodeVersion should begin with "Optional."',
  ],
  [
    'a parameter that the parameter file does not show',
    'infra/main.bicepparam',
    'param ruleCount = 1\n',
    '',
    'main.bicepparam does not show ruleCount',
  ],
  [
    'a default that the parameter file shows wrongly',
    'infra/main.bicepparam',
    'heldPartition: { threshold: 900',
    'heldPartition: { threshold: 60',
    'main.bicepparam shows alerts as',
  ],
  [
    'an output that nobody reads',
    'infra/main.bicep',
    'output FUNCTION_APP_NAME string',
    'output APP_NAME string',
    'main.bicep: nothing reads the output APP_NAME',
  ],
  [
    'an output that azd would not take',
    'infra/main.bicep',
    'output EVENT_HUB_HOST string',
    'output eventHubHost string',
    'main.bicep: output eventHubHost is not in UPPER_SNAKE, as azd wants',
  ],
  [
    'an output of a module that no file reads',
    'infra/modules/storage.bicep',
    'output name string',
    "output unread string = account.name\n\n@description('Name.')\noutput name string",
    'module storage: nothing reads the output unread',
  ],
  [
    'an alert that splits by a column that its query does not return',
    'infra/modules/logAlerts.bicep',
    "dimensions: ['Hub', 'Reason', 'Table']",
    "dimensions: ['Hub', 'Reason']",
    'dead-letters.kql returns Hub, Reason, Table, its alert splits by Hub, Reason',
  ],
  [
    'a query that no alert loads',
    'infra/modules/logAlerts.bicep',
    'alerts/held-partition.kql',
    'alerts/nothing-stored.kql',
    'held-partition.kql: no alert loads this query',
  ],
  [
    'a threshold that no alert uses',
    'infra/types.bicep',
    '  hubFull: alertType\n',
    "  hubFull: alertType\n  @description('Required. None.')\n  hubEmpty: alertType?\n",
    'types.bicep: no alert uses alerts.hubEmpty',
  ],
  [
    'two API versions of one service',
    'infra/modules/app.bicep',
    "'Microsoft.Web/sites@2024-11-01'",
    "'Microsoft.Web/sites@2023-12-01'",
    'Microsoft.Web/sites has the API versions 2023-12-01 and 2024-11-01; use one',
  ],
  [
    'a preview where a stable version exists',
    'infra/modules/identity.bicep',
    '@2024-11-30',
    '@2025-01-31-preview',
    'Microsoft.ManagedIdentity/userAssignedIdentities@2025-01-31-preview is a preview',
  ],
];

testWithBicep(
  `the compiled template is compared with the app and the documents in ${mistakesInTemplate.length} ways`,
  async () => {
    for (const [, file, text, mistake] of mistakesInTemplate) plant(file, text, mistake);
    const problems = await problemsOfTemplate(copy);
    for (const [rule, , , , problem] of mistakesInTemplate) {
      expect([rule, ...problems]).toContainEqual(expect.stringContaining(problem));
    }
  },
);
