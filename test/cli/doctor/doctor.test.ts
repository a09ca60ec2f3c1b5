import { EventEmitter, once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { EventHubConsumerClient, EventHubProducerClient } from '@azure/event-hubs';
import { listenOnLoopback } from 'azure-emulators/http/loopback';
import { failures } from '../../../shared/errors/failures';
import { commandJson } from '../../frozen/commandJson';
import { accountOf, run } from '../replay/kit/replayCommand';
import { type Bench, deadLetterHub, hub, reader, rule, ruleWithoutRole, startBench, stream } from './kit/doctorBench';
import { startSilentServer } from './kit/silentServer';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const text = (part: string): unknown => expect.stringContaining(part);

/** What the checks come to when neither Event Hubs nor Logs Ingestion can be reached. */
const withoutServices = [
  'hubs wrong',
  'consumerGroup unknown',
  'deadLetters unknown',
  'rules wrong',
  'clock unknown',
  'backlog unknown',
  'retention unknown',
  'hostJson unknown',
];

test('all is well: every check is ok, the exit code is 0, and nothing is sent, stored, or shown that is secret', async () => {
  const report = await bench.doctor();
  expect(report.troubles).toEqual([]);
  expect(report.code).toBe(0);
  expect(accountOf(report)).toEqual(commandJson.doctor);
  expect(report.of('hubs')).toEqual([{ status: 'ok', subject: hub, found: 'Reached; 2 partitions.' }]);
  expect(report.of('backlog').map(({ subject }) => subject)).toEqual([`${hub}/0`, `${hub}/1`]);
  expect(bench.eventHubs.statistics().counters.eventsStored).toBe(0);
  const rows: string[] = [];
  for await (const row of bench.ingestion.rows(stream)) rows.push(row);
  expect(rows).toEqual([]);
  const shown = report.stdout + report.stderr;
  for (const secret of ['emulator-key-of-no-value', bench.identity.header, 'a2V5IG9mIG5vIHZhbHVl']) {
    expect(shown).not.toContain(secret);
  }
});

test('beside a reader that holds the partition with an epoch, the group is found and the reader is not disturbed', async () => {
  const owner = new EventHubConsumerClient('network-sessions', bench.eventHubs.connectionString(), hub);
  const errors: unknown[] = [];
  const bodies: string[] = [];
  const arrived = new EventEmitter();
  const received = once(arrived, 'event');
  owner.subscribe(
    '0',
    {
      processEvents: async (events) => {
        for (const { body } of events) bodies.push(String(body));
        if (events.length > 0) arrived.emit('event');
      },
      processError: async (error) => void errors.push(error),
    },
    { ownerLevel: 1, maxWaitTimeInSeconds: 1 },
  );
  const receivers = (): number => bench.eventHubs.statistics().receivers;
  while (receivers() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const report = await bench.doctor();
  expect(report.of('consumerGroup')).toEqual([
    { status: 'ok', subject: hub, found: 'network-sessions exists; partition 0 has a reader.' },
  ]);
  expect(receivers()).toBe(1);
  const producer = new EventHubProducerClient(bench.eventHubs.connectionString(), hub);
  await producer.sendBatch([{ body: 'after' }], { partitionId: '0' });
  await received;
  await Promise.all([producer.close(), owner.close()]);
  expect(bodies).toEqual(['after']);
  expect(errors).toEqual([]);
});

test('rules: a working DCR, one without the role, and one that does not exist each have their advice', async () => {
  const report = await bench.doctor({ LOGS_INGESTION_RULE_IDS: `${rule},${ruleWithoutRole},dcr-3` });
  expect(report.of('rules')).toEqual([
    { status: 'ok', subject: rule, found: text('204') },
    {
      status: 'wrong',
      subject: ruleWithoutRole,
      found: text('Answered 403 OperationFailed'),
      next: failures.Forbidden.next,
    },
    {
      status: 'wrong',
      subject: 'dcr-3',
      found: text('Answered 404 NotFound'),
      next: text('LOGS_INGESTION_RULE_IDS with the immutable id'),
    },
  ]);
  expect(report.troubles).toEqual(['rules wrong', 'rules wrong']);
  expect(report.code).toBe(1);
});

test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, object>>, readonly string[]]>([
  [
    'a token for another cloud',
    { LOGS_INGESTION_AUDIENCE: 'https://monitor.azure.us' },
    {
      rules: {
        status: 'wrong',
        subject: rule,
        found: text('401 InvalidAudience'),
        next: text('LOGS_INGESTION_AUDIENCE is that of your cloud (https://monitor.azure.com'),
      },
    },
    ['rules wrong'],
  ],
  [
    'a stream that the DCR does not declare; a consumer group and a dead-letter hub that do not exist; host.json overridden',
    {
      LOGS_INGESTION_STREAM: 'Custom-Other',
      EVENT_HUB_CONSUMER_GROUP: 'nobody',
      DEAD_LETTER_EVENT_HUB: 'nowhere',
      AzureFunctionsJobHost__extensions__eventHubs__initialOffsetOptions__type: 'fromEnd',
      AzureFunctionsJobHost__extensions__eventHubs__prefetchCount: '800',
    },
    {
      consumerGroup: {
        status: 'wrong',
        subject: hub,
        found: text('could not be found'),
        next: text('Create the consumer group nobody'),
      },
      deadLetters: {
        status: 'wrong',
        subject: 'nowhere',
        found: text('could not be found'),
        next: text('correct DEAD_LETTER_EVENT_HUB'),
      },
      rules: {
        status: 'wrong',
        subject: rule,
        found: text('400 InvalidStream'),
        next: text('Correct LOGS_INGESTION_STREAM'),
      },
      hostJson: {
        status: 'wrong',
        subject: 'initialOffsetOptions',
        found: text('at end'),
        next: text('Use fromStart'),
      },
    },
    // The warning is about memory: 2 partitions x (16 + 800) x 1 MB in the host, beside the worker.
    ['consumerGroup wrong', 'deadLetters wrong', 'rules wrong', 'hostJson wrong', 'hostJson warning'],
  ],
  [
    'a hub that is not there beside one that is',
    { EVENT_HUB_NAMES: `${hub},elsewhere` },
    {
      hubs: {
        status: 'wrong',
        subject: 'elsewhere',
        found: text('could not be found'),
        next: text('correct EVENT_HUB_NAMES'),
      },
      consumerGroup: {
        status: 'unknown',
        subject: 'elsewhere',
        found: 'Not checked: the hub does not answer.',
        next: 'See the check hubs.',
      },
    },
    ['hubs wrong', 'consumerGroup unknown', 'backlog unknown', 'retention unknown', 'hostJson unknown'],
  ],
  [
    'a client id that no identity has',
    { AZURE_CLIENT_ID: '99999999-2222-3333-4444-555555555555' },
    {
      tokens: {
        status: 'wrong',
        subject: 'Logs Ingestion',
        found: text('No token for https://monitor.azure.com'),
        next: text('its client id, not its object id'),
      },
    },
    ['tokens wrong', 'rules unknown', 'clock unknown'],
  ],
  [
    'a namespace and an endpoint where nothing listens',
    {
      EventHub__fullyQualifiedNamespace: 'localhost:9',
      LOGS_INGESTION_ENDPOINT: 'https://127.0.0.1:9',
    },
    {
      hubs: {
        status: 'wrong',
        subject: hub,
        found: text('ECONNREFUSED'),
        next: text('Nothing listens there: check EventHub__fullyQualifiedNamespace;'),
      },
      rules: {
        status: 'wrong',
        subject: rule,
        found: text('ECONNREFUSED'),
        next: text('check LOGS_INGESTION_ENDPOINT;'),
      },
    },
    withoutServices,
  ],
  [
    'a certificate that is not trusted',
    { NODE_EXTRA_CA_CERTS: '' },
    {
      rules: {
        status: 'wrong',
        subject: rule,
        found: text('self-signed certificate'),
        next: text('NODE_EXTRA_CA_CERTS=<their emulator.pem>'),
      },
    },
    withoutServices,
  ],
])('%s', async (_, changes, findings, troubles) => {
  const report = await bench.doctor(changes);
  for (const [check, finding] of Object.entries(findings)) expect(report.of(check)).toContainEqual(finding);
  expect(report.troubles).toEqual(troubles);
  expect(report.code).toBe(1);
});

test('settings: every mistake is listed by name, the rest is still checked, and a misspelt name is a warning', async () => {
  const report = await bench.doctor({
    LOGS_INGESTION_ENDPOINT: 'http://plain.example.com',
    LOGS_INGESTION_RULE_IDS: 'my-rule',
    URL_REDACTION: 'some',
    LOGS_INGESTION_TIMEOUT: '30',
  });
  expect(report.of('settings').map(({ status, subject }) => `${status} ${subject}`)).toEqual([
    'wrong LOGS_INGESTION_ENDPOINT',
    'wrong LOGS_INGESTION_RULE_IDS',
    'wrong URL_REDACTION',
    'warning LOGS_INGESTION_TIMEOUT',
  ]);
  expect(report.of('hubs')).toMatchObject([{ status: 'ok' }]);
  expect(report.of('rules')).toMatchObject([{ status: 'unknown', next: 'Correct the settings first.' }]);
  expect(report.code).toBe(1);
});

test('servers that accept the connection and never answer: every check ends and says so', async () => {
  const silent = await startSilentServer();
  try {
    const { address } = silent;
    const report = await bench.doctor(
      {
        EventHub__fullyQualifiedNamespace: address,
        LOGS_INGESTION_ENDPOINT: `https://${address}`,
      },
      '--timeout',
      '1',
    );
    expect(report.of('hubs')).toMatchObject([
      { status: 'wrong', found: 'No answer within 1 s.', next: text('private endpoints') },
    ]);
    expect(report.of('rules')).toMatchObject([{ status: 'wrong', found: text('No answer within 1 s.') }]);
    expect(report.of('deadLetters')).toMatchObject([{ status: 'unknown' }]);
    expect(report.code).toBe(1);
  } finally {
    silent.stop();
  }
});

test('a server whose clock is 400 s ahead', async () => {
  const server = createServer(bench.certificate, (request, response) => {
    request.resume();
    response.writeHead(204, { date: new Date(Date.now() + 400_000).toUTCString() }).end();
  });
  const listener = await listenOnLoopback(server, 0, 'Server with a clock of its own');
  try {
    const report = await bench.doctor({
      LOGS_INGESTION_ENDPOINT: `https://127.0.0.1:${listener.port}`,
    });
    // The header counts whole seconds.
    const found: unknown = expect.stringMatching(/^This machine is (?:399|400|401) s behind the server\.$/);
    expect(report.of('clock')).toMatchObject([{ status: 'wrong', found, next: text('Set the clock by NTP') }]);
    expect(report.troubles).toEqual(['clock wrong']);
  } finally {
    await listener.close();
  }
});

test('Application Insights: an endpoint that rejects the token differs from one that accepts telemetry', async () => {
  const server = createServer(bench.certificate, (request, response) => {
    request.resume();
    const isSignedIn = bench.identity.verify(request.headers.authorization, 'https://monitor.azure.com') === undefined;
    response.writeHead(isSignedIn && request.url === '/v2.1/track' ? 200 : 401).end();
  });
  const listener = await listenOnLoopback(server, 0, 'Telemetry');
  try {
    const settings = {
      APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=https://127.0.0.1:${listener.port}/`,
    };
    const [byKey, signedIn] = await Promise.all([
      bench.doctor(settings),
      bench.doctor({ ...settings, APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD' }),
    ]);
    expect(byKey.of('telemetry')).toMatchObject([
      { status: 'wrong', found: text('401'), next: text('Authorization=AAD') },
    ]);
    expect(signedIn.of('telemetry')).toMatchObject([{ status: 'ok', found: text('200') }]);
    expect(signedIn.of('tokens').map(({ subject }) => subject)).toEqual([
      'Event Hubs',
      'Logs Ingestion',
      'Application Insights',
    ]);
  } finally {
    await listener.close();
  }
});

test('an identity without the role to send, and a key that is wrong', async () => {
  const key = bench.eventHubs.connectionString().replace(/SharedAccessKey=[^;]*/, 'SharedAccessKey=other');
  const [listening, wrong] = await Promise.all([
    bench.doctor({ EventHub__clientId: reader, EventHub__credential: 'managedidentity' }),
    bench.doctor({ EventHub__fullyQualifiedNamespace: '', EventHub: key }),
  ]);
  expect(listening.of('deadLetters')).toMatchObject([
    { status: 'wrong', subject: deadLetterHub, next: text('role Azure Event Hubs Data Sender') },
  ]);
  expect(listening.troubles).toEqual(['deadLetters wrong']);
  expect(wrong.of('hubs')).toMatchObject([
    { status: 'wrong', found: text('InvalidSignature'), next: text('The key in EventHub is wrong') },
  ]);
});

describe('--settings FILE', () => {
  test('is read instead of the environment', async () => {
    const file = join(bench.folder, 'local.settings.json');
    await writeFile(file, JSON.stringify({ IsEncrypted: false, Values: bench.environment }));
    const certificate = bench.environment['NODE_EXTRA_CA_CERTS'] ?? '';
    const ended = await run('doctor', ['--settings', 'local.settings.json'], bench.folder, {
      NODE_EXTRA_CA_CERTS: certificate,
      LOGS_INGESTION_RULE_IDS: 'wrong',
    });
    expect(ended.stdout).toContain(', 0 warning, 0 wrong, 0 unknown');
    expect(ended.stdout).toMatch(/│ ok\s+│ settings\s+│/);
    expect(ended.code).toBe(0);
  });

  test('2 and what to do, without a stack, when it is no JSON', async () => {
    await writeFile(join(bench.folder, 'cut.json'), '{"Values":');
    const { code, stdout, stderr } = await run('doctor', ['--settings', 'cut.json'], bench.folder, {});
    expect(stderr).toMatch(/^cut\.json is not JSON: .*\{ "Values": \{ "NAME": "value" \} \}/);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

test('memory: host and worker together may take 80% of an instance', async () => {
  // Host: 2 partitions x (16 + prefetch) x 1 MB. Worker: 160 MB and 72 MB a partition. Allowed: 80% of 2,048 MB.
  const [fits, doesNot] = await Promise.all(
    ['651', '652'].map((count) => bench.doctor({ AzureFunctionsJobHost__extensions__eventHubs__prefetchCount: count })),
  );
  expect(fits?.of('hostJson')).toContainEqual({
    status: 'ok',
    subject: 'memory',
    found:
      '2 partitions: 1,334 MB in the host (667 events x 1 MB each) and 304 MB in the worker; 1,638 MB (80% of 2,048 MB) may be used.',
  });
  expect(doesNot?.of('hostJson')).toMatchObject([{ status: 'ok' }, { status: 'warning', subject: 'memory' }]);
});
