import type { ConfigError } from '../config';
import type { UnreadableReason } from '../defender/messageParts';
import { DeadLetterError } from '../delivery/deadLetters';
import { DeliveryError } from '../delivery/deliveryError';
import { IncompleteTrigger } from '../incompleteTrigger';
import type { Transformed } from '../transform/transform';

/** What an operator needs to know of one code. */
export interface CodeEntry {
  /** Where it is seen: a batch that waits, the books of a settled one, a record set aside, the start of the app, or telemetry itself. */
  readonly kind: 'held' | 'books' | 'deadLetter' | 'start' | 'telemetry';
  readonly means: string;
  /** The setting or resource at fault. */
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

const byItself = 'Batches go on by themselves within five minutes after the cause is gone.';

/**
 * Every code that the app puts into logs, spans, metrics (`error.type`, `reason`) and dead letters. They never change their
 * meaning: alerts and saved queries name them. `docs/runbook.md` is made from this table.
 */
export const codes = {
  Forbidden: {
    kind: 'held',
    means: 'Logs Ingestion answered 403: the identity may not write to the rule.',
    at: 'role assignment on the Data Collection Rule',
    next: `Give the app's identity the role Monitoring Metrics Publisher on the rule; a new assignment takes up to 30 minutes. ${byItself}`,
  },
  Unauthorized: {
    kind: 'held',
    means: 'Logs Ingestion answered 401: it does not take the token.',
    at: '`LOGS_INGESTION_AUDIENCE`, `AZURE_CLIENT_ID`',
    next: `Check the audience for your cloud, and which identity the app uses. ${byItself}`,
  },
  NoToken: {
    kind: 'held',
    means: 'The managed identity endpoint gave no token.',
    at: 'identity of the app, `AZURE_CLIENT_ID`',
    next: `Check that the app has the identity, and that AZURE_CLIENT_ID is its client id (empty for a system-assigned one). ${byItself}`,
  },
  NotFound: {
    kind: 'held',
    means: 'Logs Ingestion answered 404: there is no such rule behind this endpoint.',
    at: '`LOGS_INGESTION_RULE_IDS`, `LOGS_INGESTION_ENDPOINT`',
    next: `Compare both with the rule's immutable id and logs ingestion endpoint. ${byItself}`,
  },
  InvalidStream: {
    kind: 'held',
    means: 'The rule does not declare the stream.',
    at: '`LOGS_INGESTION_STREAM`, stream declarations of the rule',
    next: `Make the two the same. ${byItself}`,
  },
  BadRequest: {
    kind: 'held',
    means:
      'Logs Ingestion answered 400, and nothing shows that rows are at fault and not the rule: it accepted none of the batch, or more than 20 rows less than it refused, and has not taken as many of other batches since.',
    at: 'columns of the rule and the table, `LOGS_INGESTION_STREAM`',
    next: `Read the service's words in the log line; most likely rule or table was changed. Put them right: nothing was set aside. ${byItself} If both are right, all rows of a batch may be at fault, which nothing shows as long as the rule gets no others: \`npm run replay -- set-aside\` takes the batch out of the way, or restart the app, and as a rule the batch comes again with events that arrived behind it.`,
  },
  TooLarge: {
    kind: 'held',
    means: 'Logs Ingestion found a body too large, row after row.',
    at: 'the service or something between',
    next: 'Bodies are cut to 1,000,000 bytes; report it with the log line.',
  },
  TooManyRequests: {
    kind: 'held',
    means: 'The rule throttles (2 GB and 12,000 requests a minute).',
    at: '`LOGS_INGESTION_RULE_IDS`',
    next: `If it lasts, add rules: each takes its own share of the partitions. ${byItself}`,
  },
  RequestTimeout: {
    kind: 'held',
    means: 'Logs Ingestion answered 408.',
    at: 'the service or the network',
    next: `Look at the service's health. ${byItself}`,
  },
  ServiceError: {
    kind: 'held',
    means: 'Logs Ingestion answered 5xx.',
    at: 'the service',
    next: `Look at the service's health; nothing else is needed. ${byItself}`,
  },
  UnexpectedStatus: {
    kind: 'held',
    means: 'Logs Ingestion, or something between, answered with a status that it has no reason for.',
    at: '`LOGS_INGESTION_ENDPOINT`, proxies and firewalls',
    next: `Find out who answers; the log line has the status. ${byItself}`,
  },
  Timeout: {
    kind: 'held',
    means: 'No answer within LOGS_INGESTION_TIMEOUT_SECONDS.',
    at: 'the network, `LOGS_INGESTION_TIMEOUT_SECONDS`',
    next: `Look at the service's health and the way to it. ${byItself}`,
  },
  NoConnection: {
    kind: 'held',
    means: 'The endpoint cannot be reached.',
    at: '`LOGS_INGESTION_ENDPOINT`, DNS, network',
    next: `Check the name, and that the app's network may reach it. ${byItself}`,
  },
  BudgetSpent: {
    kind: 'held',
    means: 'Calls that were to be sent before, of this batch or of others, took all the time of one invocation.',
    at: '`DELIVERY_BUDGET_SECONDS`, `LOGS_INGESTION_CONCURRENCY`; how long the calls take',
    next: `Look at how long the calls of this rule take; more of them at a time, or another rule, take more. ${byItself}`,
  },
  DeadLettersNotWritten: {
    kind: 'held',
    means: 'The dead-letter hub cannot be written to.',
    at: '`DEAD_LETTER_EVENT_HUB`, role Azure Event Hubs Data Sender on it',
    next: `Check that the hub exists in the namespace and that the identity may send to it. ${byItself}`,
  },
  IncompleteTrigger: {
    kind: 'held',
    means: 'The Functions host did not tell which hub, partition or sequence number a message came with.',
    at: 'extension bundle in host.json, version of the host',
    next: `Use the extension bundle that host.json of this app names; the log line says what is missing. ${byItself}`,
  },
  DeliveryFailed: {
    kind: 'held',
    means: 'Something that has no code of its own, or the app was shutting down.',
    at: 'see the log line',
    next: 'During a restart or scale-in nothing is needed. Otherwise report it with the log line.',
  },
  BooksDoNotBalance: {
    kind: 'books',
    means:
      'The batch is settled, and its books do not balance: the records that came in are not as many as those that were accepted, dead-lettered, skipped, dropped, merged and left out as duplicates. A fault of this app.',
    at: 'this app',
    next: 'The log line names hub, partition and sequence numbers. Report it with the line. The messages stay in the hub for its retention: publish them to the hub once more, for instance from a capture, after an update; rows that are stored already come again with the same EventUid.',
  },
  InvalidJson: {
    kind: 'deadLetter',
    means: 'The message is no JSON, or this stretch of it is not; the whole records around the stretch became rows.',
    at: 'whoever sends to the hub',
    next: 'Find who writes to the hub, or damages messages on the way. A letter that can be mended: `npm run replay -- export FILE --body --id ID`, correct it, `npm run replay -- send --file FILE --id ID`.',
  },
  EmptyMessage: {
    kind: 'deadLetter',
    means: 'The message has no body.',
    at: 'whoever sends to the hub',
    next: 'Find who else writes to the hub.',
  },
  NotARecord: {
    kind: 'deadLetter',
    means: 'A part of the message is no object.',
    at: 'whoever sends to the hub',
    next: 'Find who else writes to the hub.',
  },
  NoCategory: {
    kind: 'deadLetter',
    means: 'The record does not name its table.',
    at: 'whoever sends to the hub',
    next: 'Find who else writes to the hub; bare rows of the hunting API have no category.',
  },
  NoProperties: {
    kind: 'deadLetter',
    means: 'The record has no columns.',
    at: 'whoever sends to the hub',
    next: 'Find who else writes to the hub.',
  },
  BadTimestamp: {
    kind: 'deadLetter',
    means: 'Timestamp is no ISO 8601 time, so the row would have no TimeGenerated.',
    at: 'whoever sends to the hub',
    next: 'Look at it with `npm run replay -- show ID`.',
  },
  RowTooLarge: {
    kind: 'deadLetter',
    means: 'The row alone is larger than one call may be.',
    at: '`ADDITIONAL_FIELDS`',
    next: 'Choose a lower level of ADDITIONAL_FIELDS and send it again: `npm run replay -- send --reason RowTooLarge`.',
  },
  Refused: {
    kind: 'deadLetter',
    means: 'The service refused this row and took the others.',
    at: 'columns of the rule and the table',
    next: "`npm run replay -- list --reason Refused` shows the service's words; when the cause is gone, `npm run replay -- send --reason Refused`.",
  },
  SetAside: {
    kind: 'deadLetter',
    means: 'A person took the message out of the way of its partition: `npm run replay -- set-aside`.',
    at: 'whatever held the partition then',
    next: 'When the cause is gone: `npm run replay -- send --reason SetAside`. Rows of it that were stored before come again with the same EventUid.',
  },
  InternalError: {
    kind: 'deadLetter',
    means: 'A fault of this app.',
    at: 'this app',
    next: 'Report it with the stack from `npm run replay -- show ID`; after an update, `npm run replay -- send --reason InternalError`.',
  },
  InvalidSettings: {
    kind: 'start',
    means: 'The app does not start, because settings are missing or wrong.',
    at: 'the settings that the message names',
    next: 'Correct them; the message says what is expected.',
  },
  InvalidTelemetrySettings: {
    kind: 'telemetry',
    means: 'The app works, but sends no telemetry, because one of its settings cannot be read.',
    at: '`APPLICATIONINSIGHTS_CONNECTION_STRING`, `APPLICATIONINSIGHTS_AUTHENTICATION_STRING`',
    next: 'Correct the setting that the message names and restart the app.',
  },
  TelemetryNotSent: {
    kind: 'telemetry',
    means: 'Application Insights did not take telemetry. It is kept in memory and sent again.',
    at: 'Application Insights, network, role Monitoring Metrics Publisher on the component',
    next: 'With 401 or 403 check the identity and its role. Batches are not held by it.',
  },
  TelemetryLost: {
    kind: 'telemetry',
    means: 'Telemetry was given up: refused for what it holds, or the memory for it was full.',
    at: 'Application Insights',
    next: 'Sums of that time are too low; the books in the log lines of the host are right.',
  },
  BacklogUnknown: {
    kind: 'telemetry',
    means: 'The hub did not tell where its partitions end, so the backlog is unknown for now.',
    at: 'connection `EventHub`, role Azure Event Hubs Data Receiver',
    next: 'If batches arrive all the same, nothing but this figure is missing.',
  },
} as const satisfies Record<string, CodeEntry> & Record<KnownCode, CodeEntry>;
export type Code = keyof typeof codes;

const byStatus: Readonly<Record<number, Code>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  408: 'RequestTimeout',
  413: 'TooLarge',
  429: 'TooManyRequests',
};

/** The stable code of what held a batch, or failed a call: the service's own codes are too many, and not all documented. */
export function codeOf(error: unknown): Code {
  if (error instanceof DeadLetterError || error instanceof IncompleteTrigger) return error.code;
  if (!(error instanceof DeliveryError)) return 'DeliveryFailed';
  const { code, status } = error;
  if (status === undefined) return isCode(code) ? code : 'DeliveryFailed';
  if (code === 'InvalidStream') return code;
  return byStatus[status] ?? (status >= 500 ? 'ServiceError' : 'UnexpectedStatus');
}

function isCode(code: string): code is Code {
  return Object.hasOwn(codes, code);
}

/** Where the runbook explains a code. */
export function runbookEntry(code: Code): string {
  return `docs/runbook.md#${code.toLowerCase()}`;
}
