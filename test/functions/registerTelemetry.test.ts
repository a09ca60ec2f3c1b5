import type { register } from '../../functions/networkSessions';
import { readConfig } from '../../shared/config';

const connectionString =
  'InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=https://127.0.0.1:1/';
const config = readConfig({
  EventHub: 'Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=a;SharedAccessKey=b',
  LOGS_INGESTION_ENDPOINT: 'https://127.0.0.1:1',
  LOGS_INGESTION_RULE_IDS: 'dcr-1',
});

// The SDKs are loaded a second after the registration; not here.
jest.useFakeTimers();

interface Worker {
  readonly hooks: string[];
  readonly models: { getCapabilities(of: object): Promise<Record<string, string>> }[];
}

/** Registers the app in a worker of its own; one before 3.10 knows no log hook, and says so as the real one does. */
async function registered(worker: 'old' | 'new', environment: Readonly<Record<string, string>>) {
  const { hooks, models }: Worker = { hooks: [], models: [] };
  jest.resetModules();
  jest.doMock(
    '@azure/functions-core',
    () => ({
      version: worker === 'old' ? '3.9.1' : '3.10.0',
      setProgrammingModel: (model: Worker['models'][number]) => models.push(model),
      registerFunction: () => undefined,
      registerHook(name: string) {
        if (name === 'log' && worker === 'old') {
          throw Object.assign(new RangeError('Unrecognized hook "log"'), { isAzureFunctionsSystemError: true });
        }
        hooks.push(name);
      },
      log: () => undefined,
    }),
    { virtual: true },
  );
  const before = { ...process.env };
  const warned = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  try {
    Object.assign(process.env, environment);
    const product: { register: typeof register } = await import('../../functions/networkSessions');
    product.register(config);
    const capabilities = (await models[0]?.getCapabilities({})) ?? {};
    return { hooks, isLogTaken: capabilities['WorkerOpenTelemetryEnabled'], warnings: warned.mock.calls.flat() };
  } finally {
    process.env = before;
    warned.mockRestore();
  }
}

test('without a connection string no telemetry is registered, and the host forwards the log lines', async () => {
  expect(await registered('new', {})).toEqual({ hooks: ['appTerminate'], isLogTaken: undefined, warnings: [] });
});

test('with a connection string the app takes its log lines from the log hook, and the host does not forward them', async () => {
  const environment = { APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString };
  expect(await registered('new', environment)).toMatchObject({ hooks: ['log', 'appTerminate'], isLogTaken: 'true' });
});

test('on an older worker without a log hook the app starts, and the host forwards the log lines', async () => {
  const environment = { APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString };
  expect(await registered('old', environment)).toEqual({
    hooks: ['appTerminate'],
    isLogTaken: undefined,
    warnings: [],
  });
});

test('a wrong connection string is logged once, and the host forwards the log lines', async () => {
  const { isLogTaken, warnings } = await registered('new', { APPLICATIONINSIGHTS_CONNECTION_STRING: 'wrong' });
  expect(isLogTaken).toBeUndefined();
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('InvalidTelemetrySettings');
});
