import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { applyOperations, type Operation } from '../../scripts/cases/jsonPatch';
import { type Contract, readContract } from '../../scripts/infra/readContract';
import { templateProblems } from '../../scripts/infra/templateContract';
import { textProblems } from '../../scripts/infra/textContract';
import type { Json } from '../../shared/json';
import { objectOf } from './json';
import { compiled, root, testWithBicep } from './snapshot';

// The compiler takes seconds of CPU.
jest.setTimeout(600_000);

async function ours(): Promise<Contract> {
  return readContract(root, await compiled());
}

test('azure.yaml deploys this app, and the template names no single cloud', () => {
  expect(textProblems(root)).toEqual([]);
});

testWithBicep('template, app and documents agree', async () => {
  expect(templateProblems(await ours())).toEqual([]);
});

/** What is wrong in a repository of these files. */
function problemsOf(files: Readonly<Record<string, string>>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  mkdirSync(join(folder, 'infra'));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    return textProblems(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const deployedService = 'host: function, dist: out/package, remoteBuild: false';

test('azure.yaml may be laid out in any way that YAML allows', () => {
  const hooks = `{ prepackage: { posix: { run: a }, windows: { run: b } } }`;
  expect(problemsOf({ 'azure.yaml': `services: { own: { ${deployedService}, "hooks": ${hooks} } }` })).toEqual([]);
});

test.each([
  [
    'a build in Azure',
    'services:\n  own:\n    host: function\n    dist: out/package\n    remoteBuild: true\n',
    'azure.yaml: services.own.remoteBuild: expected false, found true',
  ],
  [
    'a right line in a wrong part',
    `remoteBuild: false\nservices: { own: { host: function, dist: out/package } }`,
    'azure.yaml: services.own.remoteBuild: expected false, found nothing',
  ],
  [
    'a hook that one system cannot run',
    `services: { own: { ${deployedService}, hooks: { prepackage: { posix: { run: a } } } } }`,
    'azure.yaml: services.own.hooks.prepackage: expected a script under windows.run',
  ],
  [
    'a hook of the project that one system cannot run',
    `hooks: { postprovision: { windows: { run: a } } }\nservices: { own: { ${deployedService} } }`,
    'azure.yaml: hooks.postprovision: expected a script under posix.run',
  ],
  ['a project without a service', 'name: own', 'azure.yaml: services: expected the app'],
  ['an empty file', '', 'azure.yaml: services: expected the app'],
])('%s is found', (_, text, problem) => {
  expect(problemsOf({ 'azure.yaml': text })).toEqual([problem]);
});

test('azure.yaml that is not YAML is found, with the line', () => {
  expect(problemsOf({ 'azure.yaml': 'services:\n  own: [' })).toEqual([
    expect.stringMatching(/^azure\.yaml: .* line 2\b/),
  ]);
});

test('a suffix of one cloud is found; the list of clouds and comments may name suffixes', () => {
  const files = {
    'azure.yaml': `services: { own: { ${deployedService} } }`,
    'infra/types.bicep': "var clouds = ['https://monitor.azure.us']\n",
    'infra/main.bicep': '// https://monitor.azure.com\n',
    'infra/modules/own.bicep': "var audience = 'https://monitor.azure.com'\n",
  };
  expect(problemsOf(files)).toEqual(['infra/modules/own.bicep: monitor.azure.com is not the same in every cloud']);
});

type Change = (contract: Contract) => Contract;

function inTemplate(...operations: readonly Operation[]): Change {
  return (contract) => ({ ...contract, template: objectOf(applyOperations(contract.template, operations)) });
}

function inParameters(operation: Operation): Change {
  return (contract) => ({ ...contract, parameters: objectOf(applyOperations(contract.parameters, [operation])) });
}

function add(path: string, value: Json): Operation {
  return { op: 'add', path, value };
}

function replace(path: string, value: Json): Operation {
  return { op: 'replace', path, value };
}

const inModule = (name: string): string => `/resources/${name}/properties/template`;

/** All settings of the app, as the expression that Bicep compiles them to. */
function settingsAre(expression: string): Change {
  const properties = `[${expression}]`;
  return inTemplate(
    replace(`${inModule('app')}/resources`, {
      own: { type: 'Microsoft.Web/sites/config', apiVersion: '1', properties },
    }),
  );
}

/** One alert, which loads a query that returns Hub, Reason and Table, and splits by these columns. */
function alertSplitsBy(...dimensions: string[]): Change {
  const query = '// Returns: Hub: string, Reason: string, Table: string, Value: long\nown';
  const variables = { own: query, all: [{ query: "[variables('own')]", dimensions }] };
  const change = inTemplate(replace(`${inModule('logAlerts')}/variables`, variables));
  return (contract) => ({ ...change(contract), alertQueries: { 'dead-letters.kql': query } });
}

const output = { type: 'string', value: '' };
const resource = (type: string, apiVersion: string): Json => ({ type, apiVersion, name: 'own' });
const settingTypes = '/definitions/appSettingsType/properties';

const mistakes: readonly (readonly [rule: string, change: Change, problem: string])[] = [
  [
    'an app that azd would not find',
    (contract) => ({ ...contract, service: 'api' }),
    'azure.yaml deploys the service "api", infra/main.bicep tags "app"',
  ],
  [
    'a setting that the template forgets',
    settingsAre("createObject('KNOWN_NEWS', '')"),
    'modules/app.bicep does not set LOGS_INGESTION_STREAM',
  ],
  [
    'a setting that nothing reads',
    settingsAre("createObject('LOGS_INGESTION_STREEM', 'x')"),
    'modules/app.bicep sets LOGS_INGESTION_STREEM, which nothing reads',
  ],
  [
    'a setting that the plan does not take',
    settingsAre("createObject('WEBSITE_RUN_FROM_PACKAGE', '1')"),
    'modules/app.bicep sets WEBSITE_RUN_FROM_PACKAGE, which Flex Consumption does not take',
  ],
  [
    'a key in a setting',
    settingsAre("createObject('EventHub', 'Endpoint=sb://...')"),
    'modules/app.bicep sets EventHub, which holds a key',
  ],
  [
    'a default that is not the app’s',
    inTemplate(replace('/parameters/appSettings/defaultValue/LOGS_INGESTION_CONCURRENCY', 5)),
    'LOGS_INGESTION_CONCURRENCY: main.bicep begins with 5, the app with 4',
  ],
  [
    'a bound that is not the app’s',
    inTemplate(replace(`${settingTypes}/DELIVERY_BUDGET_SECONDS/maxValue`, 600)),
    'DELIVERY_BUDGET_SECONDS: types.bicep takes other values than the app (a whole number from 1 to 540)',
  ],
  [
    'a word that the app does not know',
    inTemplate(replace(`${settingTypes}/ADDITIONAL_FIELDS/allowedValues`, ['full', 'minimal'])),
    'ADDITIONAL_FIELDS: types.bicep takes other values than the app (full, lean, process, minimal)',
  ],
  [
    'a role id that is another role’s',
    inTemplate(
      replace(
        `${inModule('roles')}/variables/roleIds/azureEventHubsDataSender`,
        'f526a384-b230-433a-b45c-95f59c4a2dec',
      ),
    ),
    'types.bicep: azureEventHubsDataSender is f526a384-b230-433a-b45c-95f59c4a2dec, but Azure Event Hubs Data Sender is 2b629674-e913-4c01-ae53-ef4638d8f975',
  ],
  [
    'a role on the whole resource group',
    inTemplate(
      add(`${inModule('roles')}/resources/own`, resource('Microsoft.Authorization/roleAssignments', '2022-04-01')),
    ),
    'modules/roles.bicep: an assignment without a scope counts for the whole resource group',
  ],
  [
    'a role of whoever deploys that the guide does not name',
    (contract) => ({ ...contract, deployerRolesInGuide: ['Log Analytics Reader'] }),
    'docs/deploy.md does not give whoever deploys Storage Blob Data Reader',
  ],
  [
    'a role that the guide does not name',
    (contract) => ({ ...contract, rolesInGuide: ['Event Hubs sender'] }),
    'docs/deploy.md does not give the app Azure Event Hubs Data Sender',
  ],
  [
    'a description that hides whether a parameter is needed',
    inTemplate(replace('/parameters/nodeVersion/metadata/description', 'Major version.')),
    'main.bicep: the description of nodeVersion should begin with "Optional."',
  ],
  [
    'a parameter that the parameter file does not show',
    inParameters({ op: 'remove', path: '/ruleCount' }),
    'main.bicepparam does not show ruleCount',
  ],
  [
    'a default that the parameter file shows wrongly',
    inParameters(replace('/alerts/value/heldPartition/threshold', 60)),
    'main.bicepparam shows alerts as',
  ],
  [
    'an output that nobody reads',
    inTemplate(add('/outputs/APP_NAME', output)),
    'main.bicep: nothing reads the output APP_NAME',
  ],
  [
    'an output that azd would not take',
    inTemplate(add('/outputs/eventHubHost', output)),
    'main.bicep: output eventHubHost is not in UPPER_SNAKE, as azd wants',
  ],
  [
    'an output of a module that no file reads',
    inTemplate(add(`${inModule('storage')}/outputs/unread`, output)),
    'module storage: nothing reads the output unread',
  ],
  [
    'an alert that splits by a column that its query does not return',
    alertSplitsBy('Hub', 'Reason'),
    'dead-letters.kql returns Hub, Reason, Table, its alert splits by Hub, Reason',
  ],
  [
    'a query that no alert loads',
    (contract) => ({ ...contract, alertQueries: { 'held-partition.kql': 'own' } }),
    'held-partition.kql: no alert loads this query',
  ],
  [
    'a threshold that no alert uses',
    inTemplate(add('/definitions/alertsType/properties/hubEmpty', {})),
    'types.bicep: no alert uses alerts.hubEmpty',
  ],
  [
    'two API versions of one service',
    inTemplate(
      add('/resources/own', resource('Microsoft.Own/things', '2023-12-01')),
      add('/resources/other', resource('Microsoft.Own/things', '2024-11-01')),
    ),
    'Microsoft.Own/things has the API versions 2023-12-01 and 2024-11-01; use one',
  ],
  [
    'a preview where a stable version exists',
    inTemplate(add('/resources/own', resource('Microsoft.Own/things', '2025-01-31-preview'))),
    'Microsoft.Own/things@2025-01-31-preview is a preview',
  ],
];

testWithBicep.each(mistakes)('%s is found', async (_rule, change, problem) => {
  expect(templateProblems(change(await ours()))).toContainEqual(expect.stringContaining(problem));
});
