import type { Area } from './behaviour';

export const ingestionClient = {
  title: 'The client of Logs Ingestion: `upload()`',
  behaviours: {
    'ingestion-client.address': {
      does: 'The address carries `api%2Dversion`.',
      ground: 'run',
      by: '`@azure/monitor-ingestion` 1.2.0',
    },
    'ingestion-client.chunk-size': {
      does: 'Rows are measured one by one, without commas and brackets: a body can exceed 1,000,000 bytes.',
      ground: 'run',
      by: '`@azure/monitor-ingestion` 1.2.0',
    },
    'ingestion-client.gzip': { does: 'Bodies are gzipped.', ground: 'run', by: '`@azure/monitor-ingestion` 1.2.0' },
    'ingestion-client.five-at-once': {
      does: 'Five bodies are sent at once.',
      ground: 'run',
      by: '`@azure/monitor-ingestion` 1.2.0',
    },
    'ingestion-client.abort-between': {
      does: 'After an abort between two bodies it resolves, though only a part was sent.',
      ground: 'run',
      by: '`@azure/monitor-ingestion` 1.2.0',
    },
    'ingestion-client.abort-during': {
      does: 'After an abort during a body its errors do not list the rows of bodies that were never sent.',
      ground: 'run',
      by: '`@azure/monitor-ingestion` 1.2.0',
    },
    'ingestion-client.error-causes': {
      does: 'The message of its error does not explain it; status and code are in `errors[].cause`.',
      ground: 'run',
      by: '`@azure/monitor-ingestion` 1.2.0',
    },
    'ingestion-client.onerror-throws': {
      does: 'An onError that throws is an unhandled rejection, which ends a worker.',
      ground: 'run',
      by: '`@azure/monitor-ingestion` 1.2.0',
    },
    'ingestion-client.no-timeout': {
      does: 'It has no time-out, and requestOptions do not reach the request.',
      ground: 'run',
      by: '`@azure/monitor-ingestion` 1.2.0',
    },
    'ingestion-client.timeout-policy': {
      does: 'A policy can set a time-out; the AbortError that follows is not retried.',
      ground: 'run',
      by: '`@azure/monitor-ingestion` 1.2.0',
    },
    'ingestion-client.429-without-retry-after': {
      does: '429 without Retry-After gets one attempt.',
      ground: 'run',
      by: '`@azure/monitor-ingestion` 1.2.0',
    },
    'ingestion-client.429-with-retry-after': {
      does: '429 with Retry-After gets four.',
      ground: 'run',
      by: '`@azure/monitor-ingestion` 1.2.0',
    },
    'ingestion-client.retry-after-uncapped': {
      does: 'Retry-After has no maximum.',
      ground: 'run',
      by: '`@azure/monitor-ingestion` 1.2.0',
    },
    'ingestion-client.4xx-once': {
      does: '400, 401, 403, 404 and 413 get one attempt.',
      ground: 'run',
      by: '`@azure/monitor-ingestion` 1.2.0',
    },
    'ingestion-client.5xx-retried': {
      does: '408 and 5xx get four.',
      ground: 'run',
      by: '`@azure/monitor-ingestion` 1.2.0',
    },
    'ingestion-client.lost-connection-retried': {
      does: 'A lost connection gets four.',
      ground: 'run',
      by: '`@azure/monitor-ingestion` 1.2.0',
    },
    'ingestion-client.large-row': {
      does: 'A row above 1 MB is sent and rejected with 413.',
      ground: 'run',
      by: '`@azure/monitor-ingestion` 1.2.0',
    },
    'ingestion-client.undefined-and-bigint': {
      does: '`undefined` and BigInt reject before anything is sent.',
      ground: 'run',
      by: '`@azure/monitor-ingestion` 1.2.0',
    },
    'ingestion-client.large-integers': {
      does: 'Integers above 2^53 are rounded.',
      ground: 'run',
      by: '`@azure/monitor-ingestion` 1.2.0',
    },
    'ingestion-client.plain-http': {
      does: 'It sends no token over plain http.',
      ground: 'run',
      by: '`@azure/monitor-ingestion` 1.2.0',
    },
  },
} as const satisfies Area;
