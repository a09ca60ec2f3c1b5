import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { settingsOfFile } from '../../../cli/common/settingsSource';
import { hostJsonCheck } from '../../../cli/doctor/checks/hostJsonCheck';
import { rolesCheck } from '../../../cli/doctor/checks/rolesCheck';
import { versionsCheck } from '../../../cli/doctor/checks/versionsCheck';
import { askAzure, type DeployedApp } from '../../../cli/doctor/deployedApp';
import { Deployment } from '../../../cli/doctor/deployment';
import { platformSettings } from '../../../scripts/infra/templateContract';

const reader = '11111111-2222-3333-4444-555555555555';
const onPosix = process.platform === 'win32' ? test.skip : test;
const resources = '/subscriptions/s/resourceGroups/rg/providers';
let folder: string;
let environment: { readonly PATH: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'az-'));
  environment = { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` };
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** An Azure CLI that knows one app, in the shapes that `az` 2.x prints. */
async function putAz(answers: Readonly<Record<string, unknown>>): Promise<void> {
  const cases = Object.entries(answers).map(
    ([command, answer]) => `  "${command}"*) echo '${JSON.stringify(answer)}' ;;`,
  );
  const script = `#!/bin/sh\ncase "$*" in\n${cases.join('\n')}\n  *) echo "ERROR: Please run 'az login' to setup account." >&2; exit 1 ;;\nesac\n`;
  await writeFile(join(folder, 'az'), script);
  await chmod(join(folder, 'az'), 0o755);
}

const app = {
  'functionapp config appsettings list --name app-1 --resource-group rg': [
    { name: 'EventHub__fullyQualifiedNamespace', slotSetting: false, value: 'contoso.servicebus.windows.net' },
    {
      name: 'LOGS_INGESTION_ENDPOINT',
      slotSetting: false,
      value: 'https://rule.westeurope-1.ingest.monitor.azure.com',
    },
    { name: 'LOGS_INGESTION_RULE_IDS', slotSetting: false, value: 'dcr-1' },
    { name: 'AzureWebJobsStorage__accountName', slotSetting: false, value: 'contosostore' },
  ],
  'functionapp show --name app-1 --resource-group rg': {
    identity: { principalId: 'p-1', type: 'SystemAssigned', userAssignedIdentities: null },
    functionAppConfig: { runtime: { name: 'node', version: '18' }, scaleAndConcurrency: { instanceMemoryMB: 4096 } },
    siteConfig: { linuxFxVersion: '' },
  },
  'role assignment list --assignee p-1 --all': [
    {
      roleDefinitionName: 'Azure Event Hubs Data Receiver',
      scope: `${resources}/Microsoft.EventHub/namespaces/contoso`,
    },
    { roleDefinitionName: 'Azure Event Hubs Data Sender', scope: `${resources}/Microsoft.EventHub/namespaces/other` },
    { roleDefinitionName: 'Monitoring Metrics Publisher', scope: '/subscriptions/s/resourceGroups/rg' },
  ],
};

onPosix('the settings, the runtime and the roles of an app come from the Azure CLI', async () => {
  await putAz(app);
  const deployed = await askAzure('app-1', 'rg', environment);
  expect(deployed.memoryMb).toBe(4096);
  const deployment = new Deployment(deployed.settings.environment, deployed, 1);
  expect(deployment.problems).toEqual([]);
  expect(await rolesCheck.run(deployment)).toEqual([
    {
      status: 'ok',
      subject: 'Azure Event Hubs Data Receiver',
      found: `Azure Event Hubs Data Receiver on ${resources}/Microsoft.EventHub/namespaces/contoso.`,
    },
    // That of another namespace does not count.
    {
      status: 'wrong',
      subject: 'Azure Event Hubs Data Sender',
      found: 'No identity of the app has it on the hub network-sessions-dead-letters of contoso.',
      next: expect.stringContaining('Assign it') as unknown,
    },
    {
      status: 'ok',
      subject: 'Monitoring Metrics Publisher',
      found: 'Monitoring Metrics Publisher on /subscriptions/s/resourceGroups/rg.',
    },
    {
      status: 'wrong',
      subject: 'Storage Blob Data Owner',
      found: 'No identity of the app has it on the storage account contosostore.',
      next: expect.stringContaining('Assign it') as unknown,
    },
  ]);
  expect(await versionsCheck.run(deployment)).toContainEqual({
    status: 'wrong',
    subject: 'Node of the app',
    found: 'The app runs node 18.',
    next: 'Set the runtime to Node 22.',
  });
});

const rule = (immutableId: string, workspace: string) => ({
  properties: { immutableId, destinations: { logAnalytics: [{ workspaceResourceId: `${resources}/${workspace}` }] } },
});

onPosix("the workspace of the rows is that of the app's own DCR, and unknown if nobody may read the DCRs", async () => {
  const url = '/subscriptions/{subscriptionId}/resourceGroups/rg/providers/Microsoft.Insights/dataCollectionRules';
  const list = `rest --method get --url ${url}?api-version=2023-03-11`;
  await putAz({ ...app, [list]: { value: [rule('dcr-9', 'log-other'), rule('dcr-1', 'log-soc')] } });
  expect((await askAzure('app-1', 'rg', environment)).workspaceId).toBe(`${resources}/log-soc`);
  await putAz({ ...app, [list]: { value: [rule('dcr-9', 'log-other')] } });
  expect((await askAzure('app-1', 'rg', environment)).workspaceId).toBeUndefined();
  await putAz(app);
  expect((await askAzure('app-1', 'rg', environment)).workspaceId).toBeUndefined();
});

onPosix('without --app the roles that the app needs are listed as unknown', async () => {
  const settings = { EventHub__fullyQualifiedNamespace: 'contoso.servicebus.windows.net' };
  const findings = await rolesCheck.run(new Deployment(settings, undefined, 1));
  expect(findings.map(({ status, subject }) => `${status} ${subject}`)).toEqual([
    'unknown Azure Event Hubs Data Receiver',
    'unknown Azure Event Hubs Data Sender',
    'unknown Monitoring Metrics Publisher',
    'unknown AzureWebJobsStorage',
  ]);
});

/** A resource id of the account. */
const accountId = `${resources}/Microsoft.Storage/storageAccounts/contosostore`;
const held = { role: 'Storage Blob Data Owner', scope: accountId };

async function storageFindings(settings: Readonly<Record<string, string>>, roles: DeployedApp['roles']) {
  const deployed = { settings: { name: 'the app', environment: settings }, runtime: 'node 22', memoryMb: 2048, roles };
  const findings = await rolesCheck.run(
    new Deployment({ EventHub__fullyQualifiedNamespace: 'contoso.servicebus.windows.net', ...settings }, deployed, 1),
  );
  return findings.filter(({ subject }) => /Storage/.test(subject)).map(({ status, found }) => `${status}: ${found}`);
}

test('the role on the storage is checked with the names of settings that the template sets', async () => {
  const names = platformSettings.filter((name) => name.startsWith('AzureWebJobsStorage__'));
  const values: Readonly<Record<string, string>> = {
    AzureWebJobsStorage__accountName: 'contosostore',
    AzureWebJobsStorage__blobServiceUri: 'https://contosostore.blob.core.windows.net/',
    AzureWebJobsStorage__credential: 'managedidentity',
    AzureWebJobsStorage__clientId: reader,
  };
  expect(names.toSorted()).toEqual(Object.keys(values).toSorted());
  expect(await storageFindings(values, [])).toEqual([
    'wrong: No identity of the app has it on the storage account contosostore.',
  ]);
  // In a cloud with another suffix the template leaves the name out.
  const { AzureWebJobsStorage__accountName: _, ...byAddress } = values;
  expect(await storageFindings(byAddress, [])).toEqual([
    'wrong: No identity of the app has it on the storage account contosostore.',
  ]);
  expect(await storageFindings(byAddress, [held])).toEqual([`ok: Storage Blob Data Owner on ${accountId}.`]);
});

const missing = 'wrong: No identity of the app has it on the storage account contosostore.';
test.each<[form: string, settings: Readonly<Record<string, string>>, expected: readonly string[]]>([
  ['the name', { AzureWebJobsStorage__accountName: 'contosostore' }, [missing]],
  [
    'the address of another cloud',
    { AzureWebJobsStorage__blobServiceUri: 'https://contosostore.blob.core.usgovcloudapi.net' },
    [missing],
  ],
  [
    'the address of a zone',
    { AzureWebJobsStorage__blobServiceUri: 'https://contosostore.z11.blob.storage.azure.net/' },
    [missing],
  ],
  [
    'the second region',
    { AzureWebJobsStorage__blobServiceUri: 'https://contosostore-secondary.blob.core.windows.net' },
    [missing],
  ],
  [
    'an address on this machine',
    { AzureWebJobsStorage__blobServiceUri: 'http://127.0.0.1:10000/contosostore' },
    [missing],
  ],
  [
    'all three addresses',
    {
      AzureWebJobsStorage__blobServiceUri: 'https://contosostore.blob.core.windows.net',
      AzureWebJobsStorage__queueServiceUri: 'https://contosostore.queue.core.windows.net',
      AzureWebJobsStorage__tableServiceUri: 'https://contosostore.table.core.windows.net',
    },
    [missing],
  ],
  ['names in another case', { azurewebjobsstorage__ACCOUNTNAME: 'contosostore' }, [missing]],
  [
    'a connection string, which holds a key',
    { AzureWebJobsStorage: 'AccountName=contosostore;AccountKey=bm9uZQ==' },
    [],
  ],
  [
    'queues alone',
    { AzureWebJobsStorage__queueServiceUri: 'https://contosostore.queue.core.windows.net' },
    ['wrong: AzureWebJobsStorage__queueServiceUri names no blob service, where the host keeps its checkpoints.'],
  ],
  [
    'no address',
    { AzureWebJobsStorage__blobServiceUri: 'contosostore' },
    ['wrong: AzureWebJobsStorage__blobServiceUri is no address of a blob service: "contosostore".'],
  ],
  [
    'nothing',
    {},
    [
      'wrong: Neither AzureWebJobsStorage nor AzureWebJobsStorage__accountName nor AzureWebJobsStorage__blobServiceUri is set.',
    ],
  ],
])('the storage of the host by %s', async (_form, settings, expected) => {
  expect(await storageFindings(settings, [])).toEqual(expected);
});

onPosix('nobody signed in, no CLI, and a name that a shell could take for more', async () => {
  await putAz({});
  await expect(askAzure('app-1', 'rg', environment)).rejects.toThrow(
    /failed: ERROR: Please run 'az login'.*\nSign in with "az login"/s,
  );
  await expect(askAzure('app;rm', 'rg', environment)).rejects.toThrow('"app;rm" is no name of an app');
  await expect(askAzure('app-1', 'rg', { PATH: join(folder, 'empty') })).rejects.toThrow('which is not installed here');
});

test.each([
  ['missing.json', undefined, /missing\.json cannot be read: ENOENT/],
  ['flat.json', '{"EventHub":"x"}', /flat\.json: expected an object "Values" with the settings; found nothing\./],
  ['typed.json', '{"Values":{"LOGS_INGESTION_CONCURRENCY":4}}', /these are not: LOGS_INGESTION_CONCURRENCY \(number\)/],
  ['encrypted.json', '{"IsEncrypted":true,"Values":{}}', /func settings decrypt/],
])('a settings file that cannot be used says why: %s', async (name, content, message) => {
  const file = join(folder, name);
  if (content !== undefined) await writeFile(file, content);
  await expect(settingsOfFile(file)).rejects.toThrow(message);
});

describe('host.json against the settings of the app', () => {
  const settings = {
    LOGS_INGESTION_ENDPOINT: 'https://rule.westeurope-1.ingest.monitor.azure.com',
    LOGS_INGESTION_RULE_IDS: 'dcr-1',
  };
  const timeouts = async (budget: string, attempt: string, limit = '00:10:00'): Promise<readonly unknown[]> => {
    const findings = await hostJsonCheck.run(
      new Deployment(
        {
          ...settings,
          DELIVERY_BUDGET_SECONDS: budget,
          LOGS_INGESTION_TIMEOUT_SECONDS: attempt,
          AzureFunctionsJobHost__functionTimeout: limit,
        },
        undefined,
        1,
      ),
    );
    return findings
      .filter(({ subject }) => subject === 'functionTimeout')
      .map(({ status, found }) => `${status}: ${found}`);
  };

  test('the budget and one more attempt together end 30 seconds before functionTimeout', async () => {
    expect(await timeouts('540', '30')).toEqual([]);
    expect(await timeouts('540', '30', '00:09:59')).toEqual([
      'wrong: Is 599 s; DELIVERY_BUDGET_SECONDS and LOGS_INGESTION_TIMEOUT_SECONDS are together 570 s.',
    ]);
  });
});
