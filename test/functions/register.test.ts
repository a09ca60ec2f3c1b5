import { register } from '../../functions/networkSessions';
import { readConfig } from '../../shared/config';

interface Registered {
  readonly name: string;
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly retryOptions: unknown;
}

const mockRegistered: Registered[] = [];
const mockHooks: string[] = [];
const mockModels: { getCapabilities(of: object): Promise<object> }[] = [];

// What the worker offers to the library, which itself is the real one.
jest.mock(
  '@azure/functions-core',
  () => ({
    version: '3.10.0',
    setProgrammingModel: (model: (typeof mockModels)[number]) => mockModels.push(model),
    registerFunction: (metadata: Registered) => mockRegistered.push(metadata),
    registerHook: (name: string) => mockHooks.push(name),
    log: () => undefined,
  }),
  { virtual: true },
);

beforeAll(() => {
  register(
    readConfig({
      EventHub: 'Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=a;SharedAccessKey=b',
      EVENT_HUB_NAMES: 'first,second.hub',
      EVENT_HUB_CONSUMER_GROUP: 'network-sessions',
      LOGS_INGESTION_ENDPOINT: 'https://127.0.0.1:1',
      LOGS_INGESTION_RULE_IDS: 'dcr-1',
    }),
  );
});

describe('register', () => {
  test('registers one function for each hub, by the name of the hub', () => {
    expect(mockRegistered.map(({ name }) => name)).toEqual(['first', 'second_hub']);
  });

  test('binds each to its hub: batches, as bytes, with the connection and the consumer group of the settings', () => {
    const [first, second] = mockRegistered.map(({ bindings }) => Object.values(bindings));
    const common = {
      type: 'eventHubTrigger',
      direction: 'in',
      connection: 'EventHub',
      consumerGroup: 'network-sessions',
      cardinality: 'many',
      dataType: 'binary',
    };
    expect(first).toMatchObject([{ ...common, eventHubName: 'first' }]);
    expect(second).toMatchObject([{ ...common, eventHubName: 'second.hub' }]);
  });

  test('asks the host to redeliver a batch without end, after 5 seconds to 5 minutes', () => {
    for (const { retryOptions } of mockRegistered) {
      expect(retryOptions).toMatchObject({
        retryStrategy: 'exponentialBackoff',
        maxRetryCount: -1,
        minimumInterval: { seconds: 5 },
        maximumInterval: { seconds: 300 },
      });
    }
  });

  test('asks the host to keep empty bodies, so that every body keeps its sequence number', async () => {
    expect(mockModels).toHaveLength(1);
    expect(await mockModels[0]?.getCapabilities({})).toMatchObject({ IncludeEmptyEntriesInMessagePayload: 'true' });
  });

  test('ends all waiting when the app ends', () => {
    expect(mockHooks).toEqual(['appTerminate']);
  });
});
