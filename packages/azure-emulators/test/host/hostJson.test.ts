import { resolve } from 'node:path';
import * as fc from 'fast-check';
import { HostError } from '../../src/host';
import { readEventHubsSettings } from '../../src/host/eventHubsSettings';
import { readHostJson } from '../../src/host/hostJson';
import { parseTimeSpan } from '../../src/host/hostTimeSpan';
import { filterLogs, type HostLogEntry } from '../../src/host/logs';
import { holds } from '../holds';
import { bundle, removeFolders, writeApp } from './kit/fixture';

afterEach(removeFolders);

const read = (hostJson: object) =>
  readHostJson(writeApp({ 'host.json': { version: '2.0', extensionBundle: bundle, ...hostJson } }));

// EventHubOptions.cs and ScriptJobHostOptionsSetup.cs; the two balancing times are this host's own.
it(holds('has the platform’s defaults', 'host.defaults'), () => {
  expect(read({})).toEqual({
    functionTimeoutMs: 1_800_000,
    logLevels: new Map(),
    eventHubs: {
      maxEventBatchSize: 100,
      minEventBatchSize: 1,
      batchCheckpointFrequency: 1,
      prefetchCount: 300,
      loadBalancingUpdateMs: 1000,
      ownershipExpirationMs: 10_000,
      start: { type: 'start' },
      notServed: [],
    },
    unknown: [],
  });
});

it('reads the repository’s own host.json without an error', () => {
  expect(readHostJson(resolve(__dirname, '../../../..'))).toMatchObject({
    unknown: [],
    eventHubs: { maxEventBatchSize: 16, prefetchCount: 32 },
  });
});

// The platform's convention for overriding host.json values.
it('lets app settings override it, in any case', () => {
  const appDirectory = writeApp({
    'host.json': { version: '2.0', extensionBundle: bundle, functionTimeout: '00:05:00' },
  });
  const settings = {
    AzureFunctionsJobHost__extensions__eventHubs__maxEventBatchSize: '7',
    azurefunctionsjobhost__FunctionTimeout: '00:01:00',
  };
  expect(readHostJson(appDirectory, settings)).toMatchObject({
    functionTimeoutMs: 60_000,
    eventHubs: { maxEventBatchSize: 7 },
  });
});

it.each(['OpenTelemetry', 'applicationInsights'])('takes telemetryMode %s', (telemetryMode) => {
  expect(read({ telemetryMode }).unknown).toEqual([]);
});

it.each([
  ['00:10:00', 600_000],
  ['1.02:03:04.5', 93_784_500],
  ['-1', undefined],
])('reads functionTimeout %s', (functionTimeout, functionTimeoutMs) => {
  expect(read({ functionTimeout })).toMatchObject({ functionTimeoutMs });
});

it.each([
  [{ functionTimeout: '00:00:00' }, '"functionTimeout" must be a time of at least "00:00:01"'],
  [{ functionTimeout: 600 }, 'not 600 (number)'],
  [
    { extensions: { eventHubs: { maxEventBatchSize: 0 } } },
    '"extensions.eventHubs.maxEventBatchSize" must be a whole number of at least 1, not 0',
  ],
  [
    { extensions: { eventHubs: { prefetchCount: 'many' } } },
    '"extensions.eventHubs.prefetchCount" must be a whole number of at least 0, not "many"',
  ],
  [
    { extensions: { eventHubs: { loadBalancingUpdateInterval: '25:00:00' } } },
    'of at most 1440 minutes, not "25:00:00"',
  ],
  [
    { extensions: { eventHubs: { minEventBatchSize: 101 } } },
    '"extensions.eventHubs.minEventBatchSize" (101) is above "maxEventBatchSize" (100)',
  ],
  [{ extensions: { eventHubs: { transportType: 'http' } } }, 'must be amqpTcp or amqpWebSockets, not "http"'],
  [
    { extensions: { eventHubs: { initialOffsetOptions: { type: 'fromMiddle' } } } },
    'must be fromStart, fromEnd or fromEnqueuedTime, not "frommiddle"',
  ],
  [{ telemetryMode: 'None' }, '"telemetryMode" must be "ApplicationInsights" or "OpenTelemetry", not "None"'],
  [{ extensions: { eventHubs: 5 } }, '"extensions.eventHubs" must be an object, not 5'],
  [{ logging: { logLevel: { default: 'Loud' } } }, '"logging.logLevel.default" must be one of trace, debug'],
])('rejects %j', (hostJson, message) => {
  expect(() => read(hostJson)).toThrow(message);
});

it('reads any eventHubs section or names what is wrong', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.constantFrom('maxEventBatchSize', 'loadBalancingUpdateInterval', 'initialOffsetOptions', 'x'),
        fc.jsonValue(),
      ),
      (section) => {
        try {
          expect(readEventHubsSettings(section, 'host.json').settings.maxEventBatchSize).toBeGreaterThanOrEqual(1);
        } catch (error) {
          expect(error).toBeInstanceOf(HostError);
        }
      },
    ),
  );
});

const two = (value: number) => String(value).padStart(2, '0');

it('reads every time span that .NET writes', () => {
  fc.assert(
    fc.property(fc.nat(99), fc.nat(23), fc.nat(59), fc.nat(59), (days, hours, minutes, seconds) => {
      const text = `${days === 0 ? '' : `${days}.`}${two(hours)}:${two(minutes)}:${two(seconds)}`;
      expect(parseTimeSpan(text)).toBe(days * 86_400_000 + hours * 3_600_000 + minutes * 60_000 + seconds * 1000);
    }),
  );
});

it.each(['24:00:00', '00:60:00', '1:2:3:4', '5', '', 'x'])('does not accept "%s" as a time span', (text) => {
  expect(parseTimeSpan(text)).toBeUndefined();
});

it('filters logs by the longest configured category, else by the default', () => {
  const passed: string[] = [];
  const log = filterLogs(
    new Map([
      ['default', 'warning'],
      ['function', 'error'],
      ['function.f.user', 'trace'],
      ['host.results', 'none'],
    ]),
    ({ category, level }) => passed.push(`${category} ${level}`),
  );
  const entries: [string, HostLogEntry['level']][] = [
    ['Function.f.User', 'trace'],
    ['Function.f', 'warning'],
    ['Function.g.User', 'error'],
    ['Functional', 'warning'],
    ['Host.Results', 'critical'],
    ['Host.Startup', 'information'],
  ];
  for (const [category, level] of entries) log({ category, level, message: '' });
  expect(passed).toEqual(['Function.f.User trace', 'Function.g.User error', 'Functional warning']);
});
