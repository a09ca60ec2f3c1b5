import { guid } from './guid';
import { isPackagedPath } from './rules/loadRules';
import { columnsToKeep, columnsToOmit, fieldsToOmit } from './transform/omissions';
import { additionalFieldsLevels } from './transform/transformSettings';
import { toAddressRange } from './transform/values/addressRange';
import { urlRedactions } from './transform/values/redactUrl';

/** Names and texts of settings, as the platform gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Every setting of the app as data: `config.ts` reads them, `docs/settings.md` lists them. Two more belong to the platform
 * and are read by its SDKs: the identity endpoint and Application Insights.
 */
export interface Setting<T> {
  readonly name: string;
  /** What a valid value looks like, for errors and docs/settings.md. */
  readonly expected: string;
  readonly description: string;
  /** Used if the setting is missing or empty; without a default it is required. */
  readonly default?: string;
  /** The value, or undefined if the text is invalid. */
  readonly parse: (text: string) => T | undefined;
  /** The invalid parts of a text, for the error. */
  readonly wrongIn?: (text: string) => readonly string[];
  /** What to do about each invalid part, for the error. */
  readonly advice?: (text: string) => readonly string[];
  /** Never shown in an error. */
  readonly secret?: true;
}

/**
 * Names of event hubs and consumer groups:
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 */
const hubName = /^[a-zA-Z0-9](?:[a-zA-Z0-9._-]{0,254}[a-zA-Z0-9])?$/;
const groupName = /^(?:\$Default|[a-zA-Z0-9](?:[a-zA-Z0-9._-]{0,48}[a-zA-Z0-9])?)$/i;
const hostName = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)+$/;
/** A namespace on a laptop. */
const localPort = /^localhost:\d{1,5}$/;

const matching = (pattern: RegExp) => (text: string) => (pattern.test(text) ? text : undefined);

const oneOf =
  <const T extends string>(values: readonly T[]) =>
  (text: string): T | undefined =>
    values.find((value) => value === text.toLowerCase());

const wholeNumber = (least: number, most: number) => (text: string) => {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
};

/**
 * How many hubs and DCRs one app takes. Defender streams fewer tables. Each costs memory: an instance may have to hold all
 * partitions of every hub, and each DCR has a call in flight of its own.
 */
const mostItems = 32;

const list = (pattern: RegExp) => (text: string) => {
  const items = itemsOf(text);
  const unique = new Set(items.map((item) => item.toLowerCase()));
  const isRight =
    items.length <= mostItems && unique.size === items.length && items.every((item) => pattern.test(item));
  return isRight ? items : undefined;
};

const itemsOf = (text: string): string[] => text.split(',').map((item) => item.trim());

/** A list whose items are parsed one by one. */
const listOf =
  <T>(read: (item: string) => T | undefined) =>
  (text: string): readonly T[] | undefined => {
    const values = itemsOf(text).map(read);
    return values.every((value) => value !== undefined) ? values : undefined;
  };

/** A Defender table has about 60 columns and 30 action types. */
const mostNews = 200;

function newsNames(text: string): ReadonlySet<string> | undefined {
  const names = itemsOf(text.toLowerCase());
  return names.length <= mostNews && names.every((name) => /^[^,;:=\p{Cc}]{1,128}$/u.test(name))
    ? new Set(names)
    : undefined;
}

/** `https://host[:port]` without a path. */
function httpsOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isOrigin = url.protocol === 'https:' && url.pathname === '/' && !/[?#@]/.test(text);
  return isOrigin ? url.origin : undefined;
}

function connectionString(text: string): string | undefined {
  const has = (part: string): boolean => new RegExp(`(?:^|;)\\s*${part}`, 'i').test(text);
  const hasKey = has('SharedAccessKeyName=[^;]') && has('SharedAccessKey=[^;]');
  return has('Endpoint=sb://[^;]') && (hasKey || has('SharedAccessSignature=[^;]')) ? text : undefined;
}

export const settings = {
  eventHubConnection: {
    name: 'EventHub',
    expected: 'a connection string, Endpoint=sb://...;SharedAccessKeyName=...;SharedAccessKey=...',
    description:
      'Connection of the trigger and the dead letters with a key: for a laptop and tests. In Azure leave it out and set `EventHub__fullyQualifiedNamespace`.',
    default: '',
    parse: connectionString,
    secret: true,
  },
  eventHubNamespace: {
    name: 'EventHub__fullyQualifiedNamespace',
    expected: 'the host name of the namespace, such as contoso.servicebus.windows.net',
    description: 'Connection of the trigger and the dead letters with an identity.',
    default: '',
    parse: (text) => (localPort.test(text) ? text : matching(hostName)(text)),
  },
  eventHubCredential: {
    name: 'EventHub__credential',
    expected: 'managedidentity',
    description: 'How the trigger signs in; required for a user-assigned identity.',
    default: '',
    parse: oneOf(['managedidentity']),
  },
  eventHubClientId: {
    name: 'EventHub__clientId',
    expected: 'the client id (a GUID) of the user-assigned identity',
    description: 'The user-assigned identity of the trigger and the dead letters.',
    default: '',
    parse: matching(guid),
  },
  eventHubNames: {
    name: 'EVENT_HUB_NAMES',
    expected: `at most ${mostItems} names of event hubs, separated by commas, each once`,
    description: 'The hubs that Defender streams to; the app registers one function for each.',
    default: 'insights-logs-advancedhunting-devicenetworkevents',
    parse: list(hubName),
  },
  consumerGroup: {
    name: 'EVENT_HUB_CONSUMER_GROUP',
    expected: 'the name of a consumer group',
    description: 'Consumer group of the trigger; no other reader may share it.',
    default: '$Default',
    parse: matching(groupName),
  },
  deadLetterEventHub: {
    name: 'DEAD_LETTER_EVENT_HUB',
    expected: 'the name of an event hub in the same namespace',
    description: 'The hub for records that cannot become a stored row.',
    default: 'network-sessions-dead-letters',
    parse: matching(hubName),
  },
  endpoint: {
    name: 'LOGS_INGESTION_ENDPOINT',
    expected: 'https://<host>, without a path',
    description: 'Logs ingestion endpoint of the Data Collection Rule, or of a data collection endpoint.',
    parse: httpsOrigin,
  },
  ruleIds: {
    name: 'LOGS_INGESTION_RULE_IDS',
    expected: `at most ${mostItems} immutable ids of Data Collection Rules (dcr-...), separated by commas, each once`,
    description: 'The DCRs that take the rows; each partition uses one of them.',
    parse: list(/^dcr-[a-zA-Z0-9]{1,64}$/),
  },
  stream: {
    name: 'LOGS_INGESTION_STREAM',
    expected: 'the name of a declared stream, Custom-...',
    description: 'The stream of the DCR that takes the rows.',
    default: 'Custom-NetworkSessions',
    parse: matching(/^(?:Custom|Microsoft)-[A-Za-z0-9_]{1,100}$/),
  },
  audience: {
    name: 'LOGS_INGESTION_AUDIENCE',
    expected: 'https://<host>, without a path',
    description: 'Audience of the token; in the other clouds https://monitor.azure.us or https://monitor.azure.cn.',
    default: 'https://monitor.azure.com',
    parse: httpsOrigin,
  },
  concurrency: {
    name: 'LOGS_INGESTION_CONCURRENCY',
    expected: 'a whole number from 1 to 64',
    description: 'Calls in flight per instance, shared evenly between the DCRs; each DCR has at least one.',
    default: '4',
    parse: wholeNumber(1, 64),
  },
  timeoutSeconds: {
    name: 'LOGS_INGESTION_TIMEOUT_SECONDS',
    expected: 'a whole number from 1 to 300',
    description: 'Seconds after which the app gives up one call.',
    default: '30',
    parse: wholeNumber(1, 300),
  },
  budgetSeconds: {
    name: 'DELIVERY_BUDGET_SECONDS',
    expected: 'a whole number from 1 to 540',
    description: 'Seconds for all calls of one invocation; after that the batch is held, and the host redelivers it.',
    default: '90',
    parse: wholeNumber(1, 540),
  },
  additionalFields: {
    name: 'ADDITIONAL_FIELDS',
    expected: additionalFieldsLevels.join(', '),
    description:
      'What AdditionalFields keeps: all of it; all but what a column of the row holds; what identifies the process; or the fewest. [mapping.md](mapping.md#additionalfields) has the keys of each level, and their bytes.',
    default: 'full',
    parse: oneOf(additionalFieldsLevels),
  },
  omitAdditionalFields: {
    name: 'OMIT_ADDITIONAL_FIELDS',
    expected:
      'keys of AdditionalFields and of its InitiatingProcess (MachineGroup, InitiatingProcess.SHA1), separated by commas, each once',
    description:
      'Keys that AdditionalFields goes without at every level. What they hold is lost; `Raw` still keeps addresses and ports that their column cannot take.',
    default: '',
    ...fieldsToOmit,
  },
  keepColumns: {
    name: 'KEEP_COLUMNS',
    expected: 'columns of NetworkSessions, separated by commas, each once',
    description:
      'The only columns of a row, beside the [required ones](#required-columns). Name AdditionalFields to keep it. Empty: all columns.',
    default: '',
    ...columnsToKeep,
  },
  omitColumns: {
    name: 'OMIT_COLUMNS',
    expected: 'columns of NetworkSessions that are not required, separated by commas, each once',
    description:
      'Columns that no row has; what they hold is lost. [Required columns](#required-columns) cannot be omitted.',
    default: '',
    ...columnsToOmit,
  },
  urlRedaction: {
    name: 'URL_REDACTION',
    expected: urlRedactions.join(', '),
    description: 'What is removed from URLs: nothing, user and password, or these and the query and fragment.',
    default: 'credentials',
    parse: oneOf(urlRedactions),
  },
  proxies: {
    name: 'PROXY_ADDRESSES',
    expected: 'IP addresses and CIDR ranges (10.20.0.8, 10.30.0.0/24, 2001:db8::/64), separated by commas',
    description:
      'Forward proxies. Their address never gets the name of a site: DstDvcFqdn and DstDvcHostname stay empty; DstDomainHostname, UrlHostname and UrlOriginal keep it.',
    default: '',
    parse: listOf(toAddressRange),
    wrongIn: (text) => itemsOf(text).filter((item) => toAddressRange(item) === undefined),
  },
  knownNews: {
    name: 'KNOWN_NEWS',
    expected: `at most ${mostNews} names of columns, action types and envelope fields, of at most 128 characters, without : ; and =, separated by commas`,
    description:
      'Names that are not reported as new in the schema, in any case: silences the alert on schema news for each of them. Rows do not change.',
    default: '',
    parse: newsNames,
  },
  dropRulesFile: {
    name: 'DROP_RULES_FILE',
    expected: 'the path of a file inside the package, from the folder of host.json, such as infra/rules/examples.json',
    description:
      'Rules that drop, count or sample records before they are sent: [rules.md](rules.md). Empty: every record is sent.',
    default: '',
    parse: (text) => (isPackagedPath(text) ? text : undefined),
  },
  telemetrySeconds: {
    name: 'TELEMETRY_INTERVAL_SECONDS',
    expected: 'a whole number from 1 to 3600',
    description:
      'Seconds between exports of metrics, if telemetry is on ([telemetry.md](telemetry.md)). Log lines and traces are sent every 5 s or at this interval, whichever is shorter.',
    default: '60',
    parse: wholeNumber(1, 3600),
  },
  backlogSeconds: {
    name: 'BACKLOG_INTERVAL_SECONDS',
    expected: 'a whole number from 0 to 3600',
    description:
      'Seconds between requests for the end of each partition, if telemetry is on; with 0 the app never asks and reports no backlog.',
    default: '60',
    parse: wholeNumber(0, 3600),
  },
  clientId: {
    name: 'AZURE_CLIENT_ID',
    expected: 'the client id (a GUID) of the user-assigned identity',
    description: 'The user-assigned identity that sends the rows; empty for the system-assigned one.',
    default: '',
    parse: matching(guid),
  },
} as const satisfies Record<string, Setting<unknown>>;
