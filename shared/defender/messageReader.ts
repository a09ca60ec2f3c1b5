import {
  isObject,
  isSourceObject,
  type Json,
  type JsonObject,
  parseJson,
  parseJsonSource,
  type SourceJson,
  writeSource,
} from '../json';
import { keyOf, valueOf } from './anyCaseKeys';
import { readDamaged } from './damagedMessage';
import { namesTable, tableName } from './defenderTables';
import { areShort, hasRowColumns, isEnvelopeField, unknownFieldsOf } from './envelopeFields';
import type {
  DefenderRecord,
  EnvelopeOptions,
  PartReader,
  TakeOptions,
  Unreadable,
  UnreadableReason,
} from './messageParts';
import { fieldsBeside, isRecordToo, recordLists } from './recordLists';

/** How deep envelopes may be nested: array, `body`, `records`, array. */
const maxWrapping = 4;

type Source = () => SourceJson;

/** Splits parsed JSON into its records, in their order. */
export class MessageReader implements PartReader {
  readonly found: (DefenderRecord | Unreadable)[] = [];

  /** `first` is the index of the first part. */
  constructor(
    readonly options: EnvelopeOptions,
    private readonly first = 0,
  ) {}

  take(message: Json, source: Source, { isRepaired = false, outer = {} }: TakeOptions = {}): void {
    let parsed: SourceJson | undefined;
    const once = (): SourceJson => {
      parsed ??= source();
      return parsed;
    };
    this.unwrap(message, once, { depth: maxWrapping, outer, isRepaired });
  }

  /** Adds one element of the list, when the list is all that the message holds. */
  takeElement(element: JsonObject, source: Source): void {
    this.unwrap(element, source, { depth: maxWrapping - 1, outer: {}, isRepaired: false });
  }

  reject(reason: UnreadableReason, error: string, bytes: () => Uint8Array): void {
    this.found.push({ kind: 'unreadable', index: this.next, reason, error, bytes });
  }

  /** The index of the next part. */
  private get next(): number {
    return this.first + this.found.length;
  }

  private unwrap(value: Json, source: Source, around: Around): void {
    if (!Array.isArray(value) && !isObject(value)) return this.rejectValue('NotARecord', notAnObject(value), source);
    if (Array.isArray(value)) return this.items(value, source, around);
    const lists = recordLists(value);
    if (lists.length > 0) {
      const isBoth = isRecordToo(value);
      const outer = isBoth ? around.outer : { ...around.outer, ...fieldsBeside(value) };
      for (const [key, list] of lists) this.items(list, () => fieldOf(source(), key), { ...around, outer });
      if (isBoth) this.record(value, source, around);
      return;
    }
    const bodyKey = keyOf(value, 'properties') === undefined ? keyOf(value, 'body') : undefined;
    if (bodyKey !== undefined && around.depth > 0) {
      const sent = value[bodyKey];
      const inner = unpack(sent);
      if (typeof inner === 'object' && inner !== null) {
        return this.unwrap(inner, () => unpackSource(fieldOf(source(), bodyKey)), {
          ...around,
          depth: around.depth - 1,
        });
      }
      if (typeof sent === 'string' && readDamaged(this, Buffer.from(sent))) return;
    }
    this.record(value, source, around);
  }

  private items(values: readonly Json[], source: Source, around: Around): void {
    const { outer } = around;
    const isShort = areShort(outer);
    for (const [i, value] of values.entries()) {
      const item = (): SourceJson => itemOf(source(), i);
      if (!isObject(value)) this.rejectValue('NotARecord', notAnObject(value), item);
      else if (around.depth > 0) {
        this.unwrap(value, item, { ...around, depth: around.depth - 1, outer: isShort || i === 0 ? outer : {} });
      } else this.rejectValue('NotARecord', `More than ${maxWrapping} envelopes lie inside each other.`, item);
    }
  }

  private record(value: JsonObject, source: Source, { outer, isRepaired }: Around): void {
    const { table: given } = this.options;
    const category = valueOf(value, 'category');
    const propertiesKey = keyOf(value, 'properties');
    const properties = propertiesKey === undefined ? undefined : unpack(value[propertiesKey]);
    const hasNone = properties === undefined || properties === null;
    const names = typeof category === 'string' && category.trim() !== '' ? category : undefined;
    // A row without an envelope can have a column named category.
    const isBare = hasNone && given !== undefined && !(names !== undefined && namesTable(names));
    const isFlat = !isBare && hasNone && hasRowColumns(value);
    const named = isBare ? given : (names ?? given);
    if (named === undefined) {
      const error = `The record names no table: category is ${describe(category)}.`;
      return this.rejectValue('NoCategory', error, source);
    }
    const row = isBare ? value : isFlat ? columnsOf(value) : properties;
    if (!isObject(row)) {
      const error = `Expected properties to be an object, found ${describe(properties)}.`;
      return this.rejectValue('NoProperties', error, source);
    }
    this.found.push({
      kind: 'record',
      index: this.next,
      table: tableName(named),
      tenantId: isBare ? undefined : valueOf(value, 'tenantId'),
      time: isBare ? undefined : valueOf(value, 'time'),
      received: isBare ? undefined : valueOf(value, '_TimeReceivedBySvc'),
      // All other fields of a bare or flat record are columns.
      unknownFields: isBare ? outer : unknownFieldsOf(isFlat ? envelopeOf(value) : value, outer),
      isRepaired,
      properties: row,
      source: () => {
        if (isBare) return source();
        if (isFlat) return sourceColumnsOf(source());
        return propertiesKey === undefined ? null : unpackSource(fieldOf(source(), propertiesKey));
      },
      original: () => writeSource(source()),
    });
  }

  private rejectValue(reason: UnreadableReason, error: string, source: Source): void {
    this.reject(reason, error, () => Buffer.from(writeSource(source())));
  }
}

/** What the levels above a value determine. */
interface Around {
  /** How many more envelopes may be nested in it. */
  readonly depth: number;
  /** Unknown fields beside the list of records. */
  readonly outer: JsonObject;
  readonly isRepaired: boolean;
}

function columnsOf(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !isEnvelopeField(key)));
}

function envelopeOf(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => isEnvelopeField(key)));
}

function sourceColumnsOf(value: SourceJson): SourceJson {
  if (!isSourceObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !isEnvelopeField(key)));
}

/** Parses an object that was sent as a JSON string. */
function unpack(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string') return value;
  try {
    return parseJson(value);
  } catch {
    return value;
  }
}

function unpackSource(value: SourceJson): SourceJson {
  return typeof value === 'string' ? parseJsonSource(value) : value;
}

function itemOf(value: SourceJson, index: number): SourceJson {
  return Array.isArray(value) ? (value[index] ?? null) : null;
}

function fieldOf(value: SourceJson, key: string): SourceJson {
  return isSourceObject(value) && Object.hasOwn(value, key) ? (value[key] ?? null) : null;
}

function notAnObject(value: Json): string {
  return `Expected an object, found ${describe(value)}.`;
}

function describe(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string' && value.trim() === '') return 'an empty string';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
