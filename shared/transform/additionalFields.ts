import type { Json, JsonObject } from '../json';
import { initiatingProcessColumns, knownColumns } from './defenderColumns';
import type { NetworkEvent } from './event';
import { fitObject } from './fitObject';
import { type Held, heldInColumns } from './heldInColumns';
import { deviceName } from './hostNames';
import { sessionTimes } from './timeSpan';
import { type AdditionalFieldsLevel, keptAt, perSettings, type TransformSettings } from './transformSettings';
import { toEndpoint } from './values/address';
import { toCountOfEvents, toPort } from './values/numbers';
import { redactValue } from './values/redactJson';
import { redactText } from './values/redactUrl';
import { toText } from './values/text';
import { cleanUrl } from './values/url';

/** A key of AdditionalFields. */
export interface AdditionalField {
  readonly key: string;
  /** The source fields, as `from` of a column. */
  readonly from: readonly string[];
  /** What it holds, for docs/mapping.md. */
  readonly rule: string;
  /** The values of ADDITIONAL_FIELDS that keep it. */
  readonly levels: readonly AdditionalFieldsLevel[];
  /** Its value is that of the column of this name. */
  readonly isAsSent?: true;
  /** If it is made from sources that `from` cannot name: whether an event with a value in these columns can have it. */
  readonly mayBeIn?: (columns: readonly string[]) => boolean;
  /** Pure. Undefined, null or an empty text leaves the key out. */
  readonly value: (event: NetworkEvent) => Json | undefined;
}

const { always, process, full } = keptAt;

function asSent(key: string, levels: readonly AdditionalFieldsLevel[]): AdditionalField {
  return { key, from: [key], rule: 'as sent', levels, isAsSent: true, value: (e) => e.field(key) };
}

function address(key: string): AdditionalField {
  const rule = 'as sent; left out when `-` or empty';
  return { key, from: [key], rule, levels: process, value: (e) => addressAsSent(e.field(key)) };
}

export const additionalFieldKeys: readonly AdditionalField[] = [
  {
    key: 'Table',
    from: [],
    rule: 'the modern name of the table, also for old records',
    levels: always,
    value: (e) => e.table,
  },
  asSent('ActionType', process),
  asSent('DeviceId', always),
  asSent('MachineGroup', process),
  {
    key: 'AadTenantId',
    from: ['envelope.tenantId'],
    rule: 'the Entra tenant',
    levels: always,
    value: (e) => e.envelope('tenantId'),
  },
  {
    key: 'TimeReceivedBySvc',
    from: ['envelope._TimeReceivedBySvc'],
    rule: 'when Defender received the event',
    levels: process,
    value: (e) => e.envelope('received'),
  },
  {
    key: 'TimePublished',
    from: ['envelope.time'],
    rule: 'when Defender published the record',
    levels: process,
    value: (e) => e.envelope('time'),
  },
  address('LocalIP'),
  asSent('LocalPort', process),
  address('RemoteIP'),
  asSent('RemotePort', process),
  asSent('LocalIPType', process),
  asSent('RemoteIPType', process),
  asSent('Protocol', process),
  {
    key: 'DirectionBasis',
    from: ['orientation'],
    rule: 'what decided which end is the source',
    levels: always,
    value: (e) => e.orientation.basis,
  },
  {
    key: 'TimeBasis',
    from: ['ActionType', 'Timestamp', 'envelope._TimeReceivedBySvc', 'envelope.time', ...sessionTimes],
    rule: 'what EventStartTime and EventEndTime rest on, where one of them is calculated',
    levels: always,
    value: (e) => e.span.basis,
  },
  {
    key: 'InitiatingProcess',
    // Which side the device is decides at `lean` which columns hold the account.
    from: [...initiatingProcessColumns.map(({ column }) => column), 'orientation'],
    rule: 'object: the columns about the process, without that prefix',
    levels: always,
    value: initiatingProcess,
  },
  asSent('AppGuardContainerId', process),
  {
    key: 'Detail',
    from: ['AdditionalFields'],
    rule: "Defender's own AdditionalFields, parsed, values as sent, also out of a second encoding or a list of one; URLs in it are redacted as UrlOriginal is",
    levels: process,
    value: detail,
  },
  {
    key: 'DetailRaw',
    from: ['AdditionalFields'],
    rule: 'the text of it where it cannot be parsed, or only in part: the keys that are whole are then in `Detail`; URLs in it are redacted',
    levels: always,
    value: detailRaw,
  },
  {
    key: 'Unmapped',
    from: [],
    rule: 'object: every column that this mapping does not know, as sent; URLs in it are redacted',
    levels: full,
    mayBeIn: (columns) => columns.some((column) => !knownColumns.has(column)),
    value: unmapped,
  },
  {
    key: 'Envelope',
    from: [],
    rule: 'object: fields of the envelope that Defender is not known to send, and `operationName` and `Tenant` where they are not `Publish` and `DefaultTenant`',
    levels: full,
    mayBeIn: () => true,
    value: ({ record: { unknownFields } }) => (Object.keys(unknownFields).length === 0 ? undefined : unknownFields),
  },
  {
    key: 'Raw',
    from: [
      'DeviceName',
      'RemoteUrl',
      'ReportId',
      'LocalIP',
      'LocalPort',
      'RemoteIP',
      'RemotePort',
      'AdditionalFields.uniqueEventsAggregated',
    ],
    rule: 'object: values that their column could not take and that no other key shows; addresses, ports and the number of events only where their own key (for the number, `Detail`) is left out',
    levels: always,
    value: raw,
  },
];

/** The names of the keys, as OMIT_ADDITIONAL_FIELDS takes them. */
export const additionalFieldNames: readonly string[] = additionalFieldKeys.flatMap(({ key }) =>
  key === 'InitiatingProcess' ? [key, ...initiatingProcessColumns.map((one) => `${key}.${one.key}`)] : [key],
);

/** Every source field of AdditionalFields. */
export const additionalFieldSources: readonly string[] = [...new Set(additionalFieldKeys.flatMap(({ from }) => from))];

/** A column of Defender's that is a key of InitiatingProcess. */
export interface ProcessField {
  readonly column: string;
  readonly key: string;
  /** Set if the key is left out where columns of the row hold its value. */
  readonly held: Held | undefined;
}

const ends = [
  ['LocalIP', 'LocalPort'],
  ['RemoteIP', 'RemotePort'],
] as const;

/** What the settings leave of AdditionalFields. */
export const keptFields = perSettings((settings) => {
  const { additionalFields: level, omittedFields } = settings;
  const kept = additionalFieldKeys.filter(({ key, levels }) => levels.includes(level) && !omittedFields.has(key));
  const fields = kept.map((field) => withoutHeld(field, heldAt(settings, field.key)));
  const processFields: ProcessField[] = initiatingProcessColumns
    .filter(({ key, levels }) => levels.includes(level) && !omittedFields.has(`InitiatingProcess.${key}`))
    .map(({ column, key }) => ({ column, key, held: heldAt(settings, column) }));
  const keys: ReadonlySet<string> = new Set(kept.map(({ key }) => key));
  const showsAll = [...ends.flat(), 'Detail'].every((key) => keys.has(key));
  return { fields, processFields, keys, showsAll };
});

/** The columns whose values AdditionalFields goes without, if the rows have all that it takes to find them there. */
function heldAt(
  { additionalFields: level, omittedColumns, omittedFields }: TransformSettings,
  column: string,
): Held | undefined {
  const held = level === 'lean' ? heldInColumns[column] : undefined;
  if (held === undefined) return undefined;
  const { columns, foundBy = [] } = held;
  const omitted: ReadonlySet<string> = new Set([...omittedColumns, ...omittedFields]);
  return [...columns, ...foundBy].some((name) => omitted.has(name)) ? undefined : held;
}

function withoutHeld(field: AdditionalField, held: Held | undefined): AdditionalField {
  if (held === undefined) return field;
  const { isAsSent: _, ...rest } = field;
  return {
    ...rest,
    value(event) {
      const value = field.value(event);
      return value !== undefined && isHeld(held, event, value) ? undefined : value;
    },
  };
}

/** Compares the value as a row has it: with U+FFFD for a lone surrogate. */
function isHeld(held: Held, event: NetworkEvent, value: Json): boolean {
  return held.holds(event, typeof value === 'string' ? value.toWellFormed() : value);
}

/** Everything about the event that has no column of its own, as Defender sent it; undefined if the settings leave nothing. */
export function additionalFields(event: NetworkEvent): JsonObject | undefined {
  const fields: Record<string, Json | undefined> = {};
  for (const { key, value } of keptFields(event.settings).fields) {
    const found = value(event);
    if (found !== '') fields[key] = found;
  }
  const fitted = fitObject(fields);
  return Object.keys(fitted).length === 0 ? undefined : fitted;
}

function addressAsSent(value: Json | undefined): Json | undefined {
  return typeof value === 'string' && toText(value) === undefined ? undefined : value;
}

function initiatingProcess(event: NetworkEvent): JsonObject | undefined {
  const kept: JsonObject = {};
  for (const field of keptFields(event.settings).processFields) {
    const value = processValue(field, event);
    if (value !== undefined && value !== null && value !== '') kept[field.key] = value;
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
}

/** A column about the process; undefined if it is left out. */
export function processValue({ column, held }: ProcessField, event: NetworkEvent): Json | undefined {
  const value = event.field(column);
  return value !== undefined && held !== undefined && isHeld(held, event, value) ? undefined : value;
}

/** Defender's own AdditionalFields, if they are an object or a list that is not empty. */
function detail(event: NetworkEvent): Json | undefined {
  event.field('AdditionalFields');
  if (Object.keys(event.details).length > 0) return event.details;
  const { other } = event.unwrapped;
  return Array.isArray(other) && other.length > 0 ? redactValue('', other, event.settings.urlRedaction) : undefined;
}

/** The text of Defender's own AdditionalFields, if it cannot be parsed as a whole. */
function detailRaw(event: NetworkEvent): Json | undefined {
  const sent = event.field('AdditionalFields');
  const { other, damaged } = event.unwrapped;
  if (damaged !== undefined) return redactText(damaged, event.settings.urlRedaction);
  if (sent === undefined || other === undefined || typeof other === 'object') return undefined;
  if (typeof sent !== 'string') return sent;
  return saysNothing(sent) ? undefined : redactText(sent, event.settings.urlRedaction);
}

const nothing = new Set(['', '{}', '[]', 'null', '-']);

function saysNothing(text: string): boolean {
  return text.length <= 64 && nothing.has(text.replace(/\s/g, ''));
}

/** Columns that the mapping does not know, kept as sent so that nothing new from Defender is lost. */
function unmapped(event: NetworkEvent): JsonObject | undefined {
  const unknown: [string, Json][] = [];
  for (const [name, value] of Object.entries(event.record.properties)) {
    if (value === null || knownColumns.has(name)) continue;
    unknown.push([name, redactValue(name, value, event.settings.urlRedaction)]);
  }
  return unknown.length === 0 ? undefined : Object.fromEntries(unknown);
}

/** Values that their column could not take and that no other key here shows. */
function raw(event: NetworkEvent): JsonObject | undefined {
  const kept: JsonObject = {};
  const keep = (name: string, taken: boolean): void => {
    const value = event.field(name);
    if (taken || value === undefined || value === null) return;
    if (typeof value === 'string' && toText(value) === undefined) return;
    kept[name] = redactValue(name, value, event.settings.urlRedaction);
  };
  keep('DeviceName', deviceName(event) !== undefined);
  keep('RemoteUrl', cleanUrl(event.text('RemoteUrl')) !== undefined);
  keep('ReportId', event.text('ReportId') !== undefined);
  const { keys, showsAll } = keptFields(event.settings);
  if (showsAll) return Object.keys(kept).length === 0 ? undefined : kept;
  for (const [ip, port] of ends) {
    if (!keys.has(ip)) keep(ip, toEndpoint(event.field(ip)) !== undefined);
    if (!keys.has(port)) keep(port, toPort(event.field(port)) !== undefined || event.field(port) === 0);
  }
  const count = !keys.has('Detail') && event.action.isAggregated ? event.spelt('uniqueEventsAggregated') : undefined;
  if (count !== undefined && toCountOfEvents(count) === undefined) kept['uniqueEventsAggregated'] = count;
  return Object.keys(kept).length === 0 ? undefined : kept;
}
