import { hostname } from 'node:os';
import {
  type AzureMonitorExporterOptions,
  AzureMonitorLogExporter,
  AzureMonitorMetricExporter,
  AzureMonitorTraceExporter,
} from '@azure/monitor-opentelemetry-exporter';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { managedIdentity } from '../delivery/managedIdentity';
import { ExportQueue } from './exportQueue';
import { signalsOf } from './openTelemetry';
import { responsePolicy } from './responsePolicy';
import { KeepFailuresAndExamples } from './sampling';
import type { Signals } from './signals';
import type { TelemetryErrors } from './telemetryErrors';
import type { TelemetrySettings } from './telemetrySettings';

/** The spans of one settled batch in this many seconds are kept as an example. */
const exampleSeconds = 10;

/** How many exports may wait while Application Insights accepts none: two hours of metrics at the default interval. */
const maxWaiting = { metrics: 120, spans: 20, logs: 20 };

const scope = 'network-sessions';

/** A certificate to trust, in tests. */
export type Connection = Pick<AzureMonitorExporterOptions, 'tlsOptions'>;

export interface Export {
  readonly signals: Signals;
  /** Sends everything recorded so far. Never rejects. */
  flush(): Promise<void>;
}

/**
 * Starts the OpenTelemetry SDK with the exporter of Application Insights. Loaded only when telemetry is on.
 * @throws the exporter's error about the connection string
 */
export async function startExport(
  settings: TelemetrySettings,
  environment: NodeJS.ProcessEnv,
  errors: TelemetryErrors,
  connection: Connection = {},
): Promise<Export> {
  turnOffExtras();
  const options = { ...(await exporterOptions(settings, errors)), ...connection };
  const resource = resourceFromAttributes({
    'service.name': environment['WEBSITE_SITE_NAME'] ?? 'network-sessions',
    'service.instance.id': environment['WEBSITE_INSTANCE_ID'] ?? hostname(),
  });

  const metricExporter = new AzureMonitorMetricExporter(options);
  const metrics = new ExportQueue<ResourceMetrics>(metricExporter, errors, maxWaiting.metrics);
  const reader = new PeriodicExportingMetricReader({
    exportIntervalMillis: settings.intervalSeconds * 1000,
    exportTimeoutMillis: Math.min(30, settings.intervalSeconds) * 1000,
    exporter: {
      export: (items, done) => void metrics.export(items, done),
      selectAggregationTemporality: (type) => metricExporter.selectAggregationTemporality(type),
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    },
  });
  const meters = new MeterProvider({ resource, readers: [reader] });

  const spans = new ExportQueue<ReadableSpan[]>(new AzureMonitorTraceExporter(options), errors, maxWaiting.spans);
  // The SDK's default, or the interval of the metrics if that is shorter.
  const delay = { scheduledDelayMillis: Math.min(5, settings.intervalSeconds) * 1000 };
  const spanProcessor = new BatchSpanProcessor(
    {
      export: (items, done) => void spans.export(items, done),
      shutdown: () => Promise.resolve(),
    },
    delay,
  );
  const tracers = new BasicTracerProvider({
    resource,
    // Even if the host's own span is not sampled: KeepFailuresAndExamples decides when a batch is over.
    sampler: new AlwaysOnSampler(),
    spanProcessors: [new KeepFailuresAndExamples(spanProcessor, exampleSeconds)],
  });

  const records = new ExportQueue<ReadableLogRecord[]>(new AzureMonitorLogExporter(options), errors, maxWaiting.logs);
  const logProcessor = new BatchLogRecordProcessor(
    {
      export: (items, done) => void records.export(items, done),
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    },
    delay,
  );
  const loggers = new LoggerProvider({ resource, processors: [logProcessor] });

  return {
    signals: signalsOf(meters.getMeter(scope), tracers.getTracer(scope), loggers.getLogger(scope)),
    async flush() {
      await Promise.allSettled([meters.forceFlush(), tracers.forceFlush(), loggers.forceFlush()]);
      await Promise.allSettled([metrics.send(), spans.send(), records.send()]);
    },
  };
}

async function exporterOptions(
  settings: TelemetrySettings,
  errors: TelemetryErrors,
): Promise<AzureMonitorExporterOptions> {
  const { connectionString, identity } = settings;
  return {
    connectionString,
    ...(identity === undefined ? {} : { credential: await managedIdentity(identity.clientId) }),
    disableOfflineStorage: true,
    // The next export is the retry.
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [{ policy: responsePolicy(errors), position: 'perCall' }],
  };
}

/**
 * The exporter would also send statistics about itself to Microsoft, and the resource as a metric with each export. Only
 * environment variables turn that off.
 */
function turnOffExtras(): void {
  process.env['APPLICATION_INSIGHTS_NO_STATSBEAT'] ??= 'true';
  process.env['APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED'] ??= 'true';
}
