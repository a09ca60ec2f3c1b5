import type { ConfigError } from '../config';
import type { UnreadableReason } from '../defender/messageParts';
import type { Transformed } from '../transform/transform';
import type { DeadLetterError, IncompleteTrigger } from './batchErrors';

/** What a failed call means for its rows, and what the app does next. */
export const verdicts = {
  transient: {
    means: 'nothing is wrong with the rows; the same call may succeed in a moment',
    next: 'The call is retried until it succeeds or DELIVERY_BUDGET_SECONDS are over; then the batch is held.',
  },
  configuration: {
    means: 'no row would be accepted',
    next: 'The batch is held, and redelivered in 5 seconds to 5 minutes.',
  },
  content: {
    means: 'some of the rows are rejected for their content',
    next: 'The chunk is bisected, and the rejected rows are dead-lettered; if there are too many, the batch is held.',
  },
  timeRange: {
    means: 'the rows of one call span too much time (Auxiliary plan)',
    next: 'The rows are sent in groups of 30 minutes.',
  },
  unlisted: {
    means: 'some of the rows are rejected, or the DCR is misconfigured',
    next: 'The chunk is bisected, and the rejected rows are dead-lettered; if no row is accepted, the batch is held.',
  },
} as const satisfies Record<string, { readonly means: string; readonly next: string }>;
export type Verdict = keyof typeof verdicts;

/** What is known of one code. */
export interface Failure {
  /** What it concerns: a held batch, the books of a settled one, a dead letter, the start of the app, or telemetry itself. */
  readonly kind: 'held' | 'books' | 'deadLetter' | 'start' | 'telemetry';
  /** HTTP status of a Logs Ingestion response that means this. */
  readonly status?: number | '5xx' | 'other';
  /** Error code of a Logs Ingestion response that means this, whatever the status. */
  readonly serviceCode?: string;
  /** Of a failed call. */
  readonly verdict?: Verdict;
  /** Error codes of the service that have another verdict than the status alone. */
  readonly verdictByServiceCode?: Readonly<Record<string, Verdict>>;
  readonly means: string;
  /** The setting or resource to look at. */
  readonly at: string;
  readonly next: string;
}

type DeadReason = Extract<Transformed, { kind: 'dead' }>['reason'];
type KnownCode =
  | UnreadableReason
  | DeadReason
  | ConfigError['code']
  | DeadLetterError['code']
  | IncompleteTrigger['code'];

const byItself = 'Batches continue by themselves within five minutes after the cause is gone.';

/**
 * Every code that the app writes into logs, spans, metrics (`error.type`, `reason`) and dead letters, and every status of the
 * service. Codes never change their meaning, because alerts and saved queries name them. What the app does about an error, its
 * log lines, `docs/runbook.md` and the tables in `docs/reliability.md` come from here.
 */
export const failures = {
  Forbidden: {
    kind: 'held',
    status: 403,
    verdict: 'configuration',
    means: "The app's identity may not write to the DCR.",
    at: 'role assignment on the Data Collection Rule (DCR)',
    next: `Give the identity the role Monitoring Metrics Publisher on the DCR; a new assignment takes up to 30 minutes. If the identity has it, check that LOGS_INGESTION_ENDPOINT is the endpoint of this DCR. ${byItself}`,
  },
  Unauthorized: {
    kind: 'held',
    status: 401,
    verdict: 'configuration',
    means: 'Logs Ingestion does not accept the token.',
    at: '`LOGS_INGESTION_AUDIENCE`, `AZURE_CLIENT_ID`',
    next: `Check that LOGS_INGESTION_AUDIENCE is that of your cloud (https://monitor.azure.com, https://monitor.azure.us or https://monitor.azure.cn), and that AZURE_CLIENT_ID names the right identity. ${byItself}`,
  },
  NoToken: {
    kind: 'held',
    verdict: 'transient',
    means: 'The managed identity endpoint returned no token.',
    at: 'identity of the app, `AZURE_CLIENT_ID`',
    next: `Check that the identity is assigned to the app, and that AZURE_CLIENT_ID is its client id (empty for a system-assigned identity). ${byItself}`,
  },
  NotFound: {
    kind: 'held',
    status: 404,
    verdict: 'configuration',
    means: 'The endpoint has no DCR with this id.',
    at: '`LOGS_INGESTION_RULE_IDS`, `LOGS_INGESTION_ENDPOINT`',
    next: `Compare LOGS_INGESTION_RULE_IDS with the immutable id of the DCR (dcr-...), and LOGS_INGESTION_ENDPOINT with its logs ingestion endpoint. ${byItself}`,
  },
  InvalidStream: {
    kind: 'held',
    serviceCode: 'InvalidStream',
    verdict: 'configuration',
    means: 'The DCR does not declare the stream.',
    at: '`LOGS_INGESTION_STREAM`, stream declarations of the DCR',
    next: `Correct LOGS_INGESTION_STREAM, or deploy the DCR of this version of the app: the DCR must declare the stream of this name. ${byItself}`,
  },
  BadRequest: {
    kind: 'held',
    status: 400,
    verdict: 'unlisted',
    verdictByServiceCode: {
      RecordsTimeRangeIsMoreThan30Minutes: 'timeRange',
      InvalidPayload: 'content',
      ContentLengthLimitExceeded: 'content',
      InvalidStream: 'configuration',
      InvalidOutputTable: 'configuration',
      InvalidApiVersion: 'configuration',
    },
    means:
      'The service rejected so many rows that the DCR or its table is probably misconfigured. No row was dead-lettered.',
    at: 'columns of the DCR and the table, `LOGS_INGESTION_STREAM`',
    next: `1. Read the service's message in the log line, and correct the DCR or the table. ${byItself} 2. If both are right, every row of the batch is probably bad: move the batch to the dead-letter hub with \`npm run replay -- set-aside\`.`,
  },
  TooLarge: {
    kind: 'held',
    status: 413,
    verdict: 'content',
    means: 'Logs Ingestion rejects even single rows as too large.',
    at: 'the service, or a proxy in between',
    next: 'The app sends at most 1,000,000 bytes in one call. Check whether a proxy allows less; if there is none, report it with the log line.',
  },
  TooManyRequests: {
    kind: 'held',
    status: 429,
    verdict: 'transient',
    means: 'The DCR throttles (2 GB and 12,000 requests a minute).',
    at: '`LOGS_INGESTION_RULE_IDS`',
    next: `Wait a few minutes. If it lasts, add DCRs to LOGS_INGESTION_RULE_IDS: each gets its own share of the partitions. ${byItself}`,
  },
  RequestTimeout: {
    kind: 'held',
    status: 408,
    verdict: 'transient',
    means: 'Logs Ingestion did not receive the request in time.',
    at: 'the service or the network',
    next: `Check Azure service health. ${byItself}`,
  },
  ServiceError: {
    kind: 'held',
    status: '5xx',
    verdict: 'transient',
    means: 'Logs Ingestion failed with an error on its side.',
    at: 'the service',
    next: `Check Azure service health; nothing else is needed. ${byItself}`,
  },
  UnexpectedStatus: {
    kind: 'held',
    status: 'other',
    verdict: 'configuration',
    means:
      'The response has a status that Logs Ingestion does not use, such as a redirect. The app never follows redirects.',
    at: '`LOGS_INGESTION_ENDPOINT`, proxies and firewalls',
    next: `Find out what answers instead of Logs Ingestion; the log line has the status. ${byItself}`,
  },
  Timeout: {
    kind: 'held',
    verdict: 'transient',
    means: 'No response within LOGS_INGESTION_TIMEOUT_SECONDS.',
    at: 'the network, `LOGS_INGESTION_TIMEOUT_SECONDS`',
    next: `Check Azure service health and the network path to the endpoint. ${byItself}`,
  },
  NoConnection: {
    kind: 'held',
    verdict: 'transient',
    means: 'The endpoint cannot be reached.',
    at: '`LOGS_INGESTION_ENDPOINT`, DNS, network',
    next: `Check the name, and that the app's network can reach it. ${byItself}`,
  },
  BudgetSpent: {
    kind: 'held',
    means: 'Earlier calls, of this batch or of others, used up the time of the invocation.',
    at: '`DELIVERY_BUDGET_SECONDS`, `LOGS_INGESTION_CONCURRENCY`; the duration of the calls',
    next: `Check how long calls to this DCR take. To send more rows in the same time, raise LOGS_INGESTION_CONCURRENCY or add a DCR. ${byItself}`,
  },
  DeadLettersNotWritten: {
    kind: 'held',
    means: 'The app cannot write to the dead-letter hub.',
    at: '`DEAD_LETTER_EVENT_HUB`, role Azure Event Hubs Data Sender on it',
    next: `Check that the hub exists in the namespace and that the identity may send to it. ${byItself}`,
  },
  IncompleteTrigger: {
    kind: 'held',
    means: 'The Functions host did not pass the hub, partition or sequence number of a message.',
    at: 'extension bundle in host.json, version of the host',
    next: `Use the extension bundle that this app's host.json names; the log line says what is missing. ${byItself}`,
  },
  DeliveryFailed: {
    kind: 'held',
    means: 'An error without a code of its own, or the app was shutting down.',
    at: 'the log line',
    next: 'During a restart or scale-in do nothing: the batch is redelivered. Otherwise report it with the log line.',
  },
  BooksDoNotBalance: {
    kind: 'books',
    means:
      'The batch is settled, but the number of records received differs from the number accepted, dead-lettered, skipped, dropped, merged and left out as duplicates. This is a bug in the app.',
    at: 'this app',
    next: '1. Report it with the log line, which has the hub, partition and sequence numbers. 2. After an update, publish these messages again, for instance from a capture; the hub keeps them until its retention ends. Rows that are stored already are then stored a second time, with the same EventUid.',
  },
  InvalidJson: {
    kind: 'deadLetter',
    means: 'The message, or this part of it, is not JSON. The intact records around the part became rows.',
    at: 'whoever sends to the hub',
    next: '1. Find who sends such messages, or damages them on the way. 2. To repair a letter: `npm run replay -- export FILE --body --id ID`, correct the file, `npm run replay -- send --file FILE --id ID`.',
  },
  EmptyMessage: {
    kind: 'deadLetter',
    means: 'The message has no body. Nothing is lost.',
    at: 'whoever sends to the hub',
    next: 'Find who sends it: Defender does not.',
  },
  NotARecord: {
    kind: 'deadLetter',
    means: 'A part of the message is not an object.',
    at: 'whoever sends to the hub',
    next: 'Look at it with `npm run replay -- show ID`, and find who sends it: Defender does not.',
  },
  NoCategory: {
    kind: 'deadLetter',
    means: 'The record does not name its table.',
    at: 'whoever sends to the hub',
    next: 'Look at it with `npm run replay -- show ID`, and find who sends it: Defender does not. If it is a row of a hunting query, whoever sends it must add the envelope; `npm run backfill` does.',
  },
  NoProperties: {
    kind: 'deadLetter',
    means: 'The record has no columns.',
    at: 'whoever sends to the hub',
    next: 'Look at it with `npm run replay -- show ID`, and find who sends it: Defender does not.',
  },
  BadTimestamp: {
    kind: 'deadLetter',
    means: 'Timestamp is not an ISO 8601 time, so the row would have no TimeGenerated.',
    at: 'whoever sends to the hub',
    next: 'Look at the record with `npm run replay -- show ID`, and find who sends it.',
  },
  RowTooLarge: {
    kind: 'deadLetter',
    means: 'The row alone is larger than one call may be, even with its texts shortened.',
    at: '`ADDITIONAL_FIELDS`',
    next: '1. Set ADDITIONAL_FIELDS to a lower level. 2. Send the rows again: `npm run replay -- send --reason RowTooLarge`.',
  },
  Refused: {
    kind: 'deadLetter',
    means: 'The service rejected this row and accepted the others.',
    at: 'columns of the DCR and the table',
    next: "1. Read the service's message: `npm run replay -- list --reason Refused`. 2. Correct the DCR or the table. 3. Send the rows again: `npm run replay -- send --reason Refused`.",
  },
  SetAside: {
    kind: 'deadLetter',
    means: 'A person moved the message to the dead-letter hub: `npm run replay -- set-aside`.',
    at: 'the log lines of its partition from before it was moved',
    next: 'When the cause is gone, send it again: `npm run replay -- send --reason SetAside`. Rows that are stored already are then stored a second time, with the same EventUid.',
  },
  InternalError: {
    kind: 'deadLetter',
    means: 'A bug in the app.',
    at: 'this app',
    next: '1. Report it with the stack from `npm run replay -- show ID`. 2. After an update, send it again: `npm run replay -- send --reason InternalError`.',
  },
  InvalidSettings: {
    kind: 'start',
    means: 'Settings are missing or wrong.',
    at: 'the settings that the message names',
    next: 'Correct them; the message says what is expected. Then restart the app.',
  },
  InvalidTelemetrySettings: {
    kind: 'telemetry',
    means: 'The app runs without telemetry, because a telemetry setting cannot be read.',
    at: '`APPLICATIONINSIGHTS_CONNECTION_STRING`, `APPLICATIONINSIGHTS_AUTHENTICATION_STRING`',
    next: 'Correct the setting that the message names and restart the app.',
  },
  TelemetryNotSent: {
    kind: 'telemetry',
    means: 'Application Insights did not accept telemetry. It is kept in memory and sent again.',
    at: 'Application Insights, network, role Monitoring Metrics Publisher on the component',
    next: 'If the log line says 401 or 403, check the identity and its role; otherwise check the network. No batch is held by this.',
  },
  TelemetryLost: {
    kind: 'telemetry',
    means: 'Telemetry was dropped: Application Insights rejected its content, or too much was waiting.',
    at: 'Application Insights',
    next: 'No event is lost. The metrics of that time are too low: use the books in the log lines of the host instead.',
  },
  BacklogUnknown: {
    kind: 'telemetry',
    means: 'The app could not read the end of a partition from the hub, so the backlog is unknown for now.',
    at: 'connection `EventHub`, role Azure Event Hubs Data Receiver',
    next: 'Check that the identity has the role Azure Event Hubs Data Receiver, and that the network lets the app reach the namespace. If batches still arrive, only this metric is missing. If none arrive, the trigger cannot read either: run `npm run doctor`.',
  },
} as const satisfies Record<string, Failure> & Record<KnownCode, Failure>;
export type Code = keyof typeof failures;
