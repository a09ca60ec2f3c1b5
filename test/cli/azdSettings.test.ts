import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../shared/config';
import { run } from './replay/kit/replayCommand';

/** The outputs of a deployment, as azd puts them into the environment of a hook. */
const outputs = {
  AZURE_ENV_NAME: 'net-1',
  EVENT_HUB_HOST: 'evhns-net-1.servicebus.windows.net',
  EVENT_HUB_NAMES: 'hub-a,hub-b',
  EVENT_HUB_CONSUMER_GROUP: 'network-sessions',
  DEAD_LETTER_EVENT_HUB: 'letters',
  LOGS_INGESTION_ENDPOINT: 'https://dcr-1.westeurope-1.ingest.monitor.azure.com',
  LOGS_INGESTION_RULE_IDS: 'dcr-00000000000000000000000000000001',
  LOGS_INGESTION_STREAM: 'Custom-NetworkSessions',
  LOGS_INGESTION_AUDIENCE: 'https://monitor.azure.com',
  STORAGE_BLOB_ENDPOINT: 'https://stnet1.blob.core.windows.net/',
  ROWS_WORKSPACE_RESOURCE_ID: '/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w',
};
const file = join('.azure', 'net-1', 'commands.settings.json');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'azd-settings-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = async (environment: Readonly<Record<string, string>> = outputs) =>
  run('azd-settings', [], folder, environment);

async function written(): Promise<{ MadeBy: string; IsEncrypted: boolean; Values: Record<string, string> }> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a wrong file fails its test.
  return JSON.parse(await readFile(join(folder, file), 'utf8')) as Awaited<ReturnType<typeof written>>;
}

test('the file has a setting of the app for each output, and the app accepts them', async () => {
  const { code, stdout, stderr } = await write();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('.azure/net-1/commands.settings.json; no secret is in it');
  const { IsEncrypted: isEncrypted, Values: values } = await written();
  expect(isEncrypted).toBe(false);
  expect(values).toEqual({
    EventHub__fullyQualifiedNamespace: 'evhns-net-1.servicebus.windows.net',
    EVENT_HUB_NAMES: 'hub-a,hub-b',
    EVENT_HUB_CONSUMER_GROUP: 'network-sessions',
    DEAD_LETTER_EVENT_HUB: 'letters',
    LOGS_INGESTION_ENDPOINT: 'https://dcr-1.westeurope-1.ingest.monitor.azure.com',
    LOGS_INGESTION_RULE_IDS: 'dcr-00000000000000000000000000000001',
    LOGS_INGESTION_STREAM: 'Custom-NetworkSessions',
    LOGS_INGESTION_AUDIENCE: 'https://monitor.azure.com',
    AzureWebJobsStorage__blobServiceUri: 'https://stnet1.blob.core.windows.net/',
    ROWS_WORKSPACE_RESOURCE_ID: outputs.ROWS_WORKSPACE_RESOURCE_ID,
  });
  expect(() => readConfig(values)).not.toThrow();
});

test('a second deployment writes it again', async () => {
  await write();
  expect(await write({ ...outputs, DEAD_LETTER_EVENT_HUB: 'other' })).toMatchObject({ code: 0 });
  expect((await written()).Values['DEAD_LETTER_EVENT_HUB']).toBe('other');
});

test.each([
  ['a settings file of somebody', '{"Values":{}}'],
  ['no JSON', 'mine'],
])('%s of that name stays as it is, and the command says so', async (_, content) => {
  await write();
  await writeFile(join(folder, file), content);
  const { code, stdout } = await write();
  expect(code).toBe(0);
  expect(stdout).toContain('stays as it is');
  expect(await readFile(join(folder, file), 'utf8')).toBe(content);
});

test('without the outputs it names those that are missing, and writes nothing', async () => {
  const { code, stderr } = await write({ ...outputs, EVENT_HUB_HOST: '', AZURE_ENV_NAME: '' });
  expect(code).toBe(2);
  expect(stderr).toContain('AZURE_ENV_NAME, EVENT_HUB_HOST');
  expect(stderr).toContain('azd hooks run postprovision');
  expect(await readdir(folder)).toEqual([]);
});

test('a name of an environment that leads out of the folder is rejected', async () => {
  expect(await write({ ...outputs, AZURE_ENV_NAME: '../../etc' })).toMatchObject({ code: 2 });
  expect(await readdir(folder)).toEqual([]);
});
