import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventHubConsumerClient, EventHubProducerClient } from '@azure/event-hubs';
import { ManagedIdentityCredential } from '@azure/identity';
import { LogsIngestionClient } from '@azure/monitor-ingestion';
import { startHost } from 'azure-emulators/host';
import { matching } from '../../packages/azure-emulators/test/host/kit/matchers';
import { commandJson } from '../frozen/commandJson';
import { type RunningCommand, root, runCommand, start } from './childCommand';

const hub = 'insights-logs-advancedhunting-devicenetworkevents';
const stream = 'Custom-NetworkSessions';
const folder = mkdtempSync(join(tmpdir(), 'emulators-test-'));
const running: RunningCommand[] = [];

afterAll(async () => {
  for (const command of running) command.kill('SIGTERM');
  await Promise.all(running.map(({ ended }) => ended));
  rmSync(folder, { recursive: true, force: true });
});

interface Printed {
  readonly eventHubs: {
    readonly port: number;
    readonly fullyQualifiedNamespace: string;
    readonly connectionString: string;
  };
  readonly ingestion: {
    readonly endpoint: string;
    readonly ruleId: string;
    readonly stream: string;
    readonly rows: string;
    readonly certificate: string;
  };
  readonly identity: { readonly endpoint: string; readonly header: string };
  readonly workspace: { readonly endpoint: string };
  readonly settings: Readonly<Record<string, string>>;
}

/** Starts the emulators and reads what they printed as JSON: text that begins with `{"` and ends with a line. */
async function startEmulators(...args: string[]): Promise<{ printed: Printed; command: RunningCommand }> {
  const command = start('emulators', ['--json', ...args]);
  running.push(command);
  await command.printed('}}\n');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the command promises this object in its last line.
  return { printed: JSON.parse(command.stdout().trimEnd().split('\n').at(-1) ?? '') as Printed, command };
}

async function endByCtrlC(command: RunningCommand): Promise<void> {
  command.kill('SIGINT');
  const { code, stderr } = await command.ended;
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr:
      'The emulators are running. Press Ctrl-C to stop them.\nStopping after in-flight work completes. Press Ctrl-C again to quit now.\n',
  });
}

async function send(connectionString: string, body: string): Promise<void> {
  const producer = new EventHubProducerClient(connectionString, hub);
  await producer.sendBatch([{ body: Buffer.from(body) }]);
  await producer.close();
}

/** The first event of the hub. */
async function firstBody(connectionString: string): Promise<string> {
  const consumer = new EventHubConsumerClient('$Default', connectionString, hub);
  try {
    return await new Promise((resolve, reject) => {
      consumer.subscribe(
        {
          processEvents: async ([event]) => {
            if (event !== undefined) resolve(String(event.body));
          },
          processError: async (error) => reject(error),
        },
        { startPosition: { offset: '-1' }, maxWaitTimeInSeconds: 1 },
      );
    });
  } finally {
    await consumer.close();
  }
}

test('real clients store events and rows, and a restart on the same ports keeps both; the overview fits into 80 columns', async () => {
  const directory = join(folder, 'kept');
  const { printed, command } = await startEmulators('--directory', directory, '--partitions', '1');
  expect(printed).toEqual(commandJson.emulators);
  await send(printed.eventHubs.connectionString, 'kept');
  expect(await firstBody(printed.eventHubs.connectionString)).toBe('kept');
  const table = command
    .stdout()
    .split('\n')
    .filter((line) => /[│─]/.test(line));
  expect(table.length).toBeGreaterThan(10);
  for (const line of table) expect(line.length).toBeLessThanOrEqual(80);

  Object.assign(process.env, {
    IDENTITY_ENDPOINT: printed.identity.endpoint,
    IDENTITY_HEADER: printed.identity.header,
  });
  const client = new LogsIngestionClient(printed.ingestion.endpoint, new ManagedIdentityCredential(), {
    tlsOptions: { ca: readFileSync(printed.ingestion.certificate, 'utf8') },
  });
  const row = { TimeGenerated: new Date().toISOString().replace('Z', '000Z'), DvcHostname: 'fin-ws-0421' };
  await client.upload(printed.ingestion.ruleId, stream, [row]);
  const rowsFile = join(directory, `${stream}.ndjson`);
  expect(printed.ingestion.rows).toBe(rowsFile);
  expect(readFileSync(rowsFile, 'utf8')).toBe(`${JSON.stringify(row)}\n`);

  const second = await runCommand('emulators', ['--directory', directory]);
  expect(second).toMatchObject({ code: 2, stdout: '', stderr: matching(/is using the directory .*kept/) });
  expect(second.stderr).not.toMatch(/\n\s+at /);
  await endByCtrlC(command);

  const ports = [
    ['--event-hubs-port', String(printed.eventHubs.port)],
    ['--event-hubs-tls-port', printed.eventHubs.fullyQualifiedNamespace.split(':')[1] ?? ''],
    ['--ingestion-port', new URL(printed.ingestion.endpoint).port],
    ['--workspace-port', new URL(printed.workspace.endpoint).port],
    ['--identity-port', new URL(printed.identity.endpoint).port],
  ].flat();
  const again = await startEmulators('--directory', directory, '--partitions', '1', ...ports);
  expect(again.printed).toEqual(printed);
  expect(await firstBody(printed.eventHubs.connectionString)).toBe('kept');
  await endByCtrlC(again.command);
  expect(readFileSync(rowsFile, 'utf8')).toBe(`${JSON.stringify(row)}\n`);
});

test('--print-settings prints a local.settings.json with all that the app needs besides the certificate', async () => {
  const directory = join(folder, 'settings');
  const command = start('emulators', ['--print-settings', '--directory', directory]);
  running.push(command);
  await command.printed('\n}\n');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every value is held against a text below.
  const settings = JSON.parse(command.stdout()) as { IsEncrypted: boolean; Values: Record<string, string> };
  expect(settings).toEqual({
    IsEncrypted: false,
    Values: {
      FUNCTIONS_WORKER_RUNTIME: 'node',
      AzureWebJobsStorage: 'UseDevelopmentStorage=true',
      EventHub: matching(/^Endpoint=sb:\/\/127\.0\.0\.1:\d+;.*;UseDevelopmentEmulator=true$/),
      EVENT_HUB_NAMES: hub,
      DEAD_LETTER_EVENT_HUB: 'network-sessions-dead-letters',
      LOGS_INGESTION_ENDPOINT: matching(/^https:\/\/127\.0\.0\.1:\d+$/),
      LOGS_INGESTION_RULE_IDS: 'dcr-00000000000000000000000000000001',
      LOGS_INGESTION_STREAM: stream,
      IDENTITY_ENDPOINT: matching(/^http:\/\/127\.0\.0\.1:\d+\/msi\/token$/),
      IDENTITY_HEADER: matching(/./),
      ROWS_WORKSPACE_RESOURCE_ID: matching(/^\/subscriptions\/.*\/workspaces\/emulated$/),
      ROWS_WORKSPACE_MANAGEMENT_ENDPOINT: matching(/^https:\/\/127\.0\.0\.1:\d+$/),
      ROWS_WORKSPACE_QUERY_ENDPOINT: matching(/^https:\/\/127\.0\.0\.1:\d+$/),
    },
  });

  const certificate = join(directory, 'emulator.pem');
  const host = await startHost({
    appDirectory: root,
    environment: { ...settings.Values, NODE_EXTRA_CA_CERTS: certificate },
  });
  try {
    const record = {
      category: 'AdvancedHunting-DeviceNetworkEvents',
      tenantId: '11111111-2222-3333-4444-555555555555',
      properties: {
        ActionType: 'ConnectionSuccess',
        DeviceId: 'a',
        DeviceName: 'fin-ws-0421',
        Timestamp: new Date().toISOString(),
        ReportId: 1,
        LocalIP: '10.0.0.1',
      },
    };
    await send(settings.Values['EventHub'] ?? '', JSON.stringify({ records: [record] }));
    await host.drained();
    expect(readFileSync(join(directory, `${stream}.ndjson`), 'utf8')).toMatch(
      /^\{.*"DvcHostname":"fin-ws-0421".*\}\n$/,
    );
  } finally {
    await host.stop();
  }
  command.kill('SIGINT');
  const { code, stderr } = await command.ended;
  expect(code).toBe(0);
  expect(stderr).toContain(`NODE_EXTRA_CA_CERTS=${certificate}\n`);
});

describe('what cannot start ends with exit code 2 and says what to do', () => {
  test.each(['--event-hubs-port', '--event-hubs-tls-port', '--ingestion-port', '--workspace-port', '--identity-port'])(
    '%s that is in use',
    async (option) => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const { code, stdout, stderr } = await runCommand('emulators', [
        option,
        String(port),
        '--directory',
        join(folder, option),
      ]);
      await new Promise((resolve) => server.close(resolve));
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(new RegExp(`${port}.* in use`));
      expect(stderr).not.toMatch(/\n\s+at /);
    },
  );

  const file = join(folder, 'file');
  test.each([
    [['--identity-port', '65536'], /--identity-port: expected a whole number from 0 to 65535; found "65536"/],
    [['--partitions', '0'], /--partitions: expected a whole number from 1 to 32; found "0"/],
    [['--json', '--print-settings'], /choose one/],
    [['--directory', file], /EEXIST.*file/],
  ])('%j', async (args, message) => {
    writeFileSync(file, '');
    const { code, stderr } = await runCommand('emulators', args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
