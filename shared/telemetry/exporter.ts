import { hostname } from 'node:os';
import { ManagedIdentityCredential } from '@azure/identity';
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
import { answersPolicy } from './answers';
import { signalsOf } from './openTelemetry';
import { Resend } from './resend';
import { KeepFailuresAndExamples } from './sampling';
import type { Signals } from './signals';
import type { TelemetrySettings } from './telemetrySettings';
import type { Trouble } from './trouble';

/** Of batches that went well, one in so many seconds is kept as an example, with its spans. */
export const exampleSeconds = 10;

/** Exports that may wait while Application Insights takes nothing: two hours of metrics at the default interval. */
const mostWaiting = { metrics: 120, spans: 20, logs: 20 };

const scope = 'network-sessions';

/** Another certificate to trust, in tests. */
export type Connection = Pick<AzureMonitorExporterOptions, 'tlsOptions'>;

export interface Export {
  readonly signals: Signals;
  /** Sends everything recorded until now. Never rejects. */
  flush(): Promise<void>;
}

/**
 * The OpenTelemetry SDK with the exporter of Application Insights. Loaded only when telemetry is on.
 * @throws what the exporter throws at a connection string that it does not take
 */
export function startExport(
  settings: TelemetrySettings,
  environment: NodeJS.ProcessEnv,
  trouble: Trouble,
  connection: Connection = {},
): Export {
  quieten();
  const options = { ...exporterOptions(settings, trouble), ...connection };
  const resource = resourceFromAttributes({
    'service.name': environment['WEBSITE_SITE_NAME'] ?? 'network-sessions',
    'service.instance.id': environment['WEBSITE_INSTANCE_ID'] ?? hostname(),
  });

  const metricExporter = new AzureMonitorMetricExporter(options);
  const metrics = new Resend<ResourceMetrics>(metricExporter, trouble, mostWaiting.metrics);
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

  const spans = new Resend<ReadableSpan[]>(new AzureMonitorTraceExporter(options), trouble, mostWaiting.spans);
  // As the SDK does by default, or with the metrics when these leave sooner.
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
    // Even where the host's own span is not sampled: which batches are kept is decided when they are over.
    sampler: new AlwaysOnSampler(),
    spanProcessors: [new KeepFailuresAndExamples(spanProcessor, exampleSeconds)],
  });

  const records = new Resend<ReadableLogRecord[]>(new AzureMonitorLogExporter(options), trouble, mostWaiting.logs);
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

function exporterOptions(settings: TelemetrySettings, trouble: Trouble): AzureMonitorExporterOptions {
  const { connectionString, identity } = settings;
  return {
    connectionString,
    ...(identity === undefined ? {} : { credential: credentialOf(identity.clientId) }),
    disableOfflineStorage: true,
    // The next export is the retry.
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [{ policy: answersPolicy(trouble), position: 'perCall' }],
  };
}

function credentialOf(clientId: string | undefined): ManagedIdentityCredential {
  return clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
}

/**
 * The exporter would also send statistics about itself to Microsoft, and the resource as a metric with each export. It takes
 * this from the process's environment only.
 */
function quieten(): void {
  process.env['APPLICATION_INSIGHTS_NO_STATSBEAT'] ??= 'true';
  process.env['APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED'] ??= 'true';
}
