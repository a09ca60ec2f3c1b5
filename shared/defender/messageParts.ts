import type { Json, JsonObject, SourceJson } from '../json';

/** One Advanced Hunting row as the streaming API sends it, with its envelope. */
export interface DefenderRecord {
  readonly kind: 'record';
  /** Position in the message, from 0. */
  readonly index: number;
  /** The table's modern name. */
  readonly table: string;
  /** The Entra tenant, as sent. */
  readonly tenantId: Json | undefined;
  /** When Defender published the record (`time`), as sent. */
  readonly time: Json | undefined;
  /** When Defender's service received the event (`_TimeReceivedBySvc`), as sent. */
  readonly received: Json | undefined;
  readonly properties: JsonObject;
  /** The same properties with every number as the source wrote it. Slow: only for records without a usable key. */
  readonly source: () => SourceJson;
  /** Unknown fields of the envelope, and known ones with a new value. */
  readonly unknownFields: JsonObject;
  /** The record contained raw control characters, which were escaped so that it could be parsed. */
  readonly isRepaired: boolean;
  /** The record as JSON text, with every number as the source wrote it. */
  readonly original: () => string;
}

/** A message, or a part of one, that is not a record. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly index: number;
  readonly reason: UnreadableReason;
  readonly error: string;
  /** The bytes that could not be read; undefined for the whole message. */
  readonly bytes: (() => Uint8Array) | undefined;
}
export type UnreadableReason = 'InvalidJson' | 'EmptyMessage' | 'NotARecord' | 'NoCategory' | 'NoProperties';

export interface EnvelopeOptions {
  /** The table of rows without an envelope, as the hunting API returns them. If undefined, each record must have a category. */
  readonly table?: string | undefined;
}

export interface TakeOptions {
  readonly isRepaired?: boolean;
  /** Unknown fields of an envelope around the message. */
  readonly outer?: JsonObject;
}

/** Collects the parts of a message. */
export interface PartReader {
  readonly options: EnvelopeOptions;
  readonly found: (DefenderRecord | Unreadable)[];
  /** Adds the records of a parsed message. `source` parses its text again and keeps numbers as written. */
  take(message: Json, source: () => SourceJson, options?: TakeOptions): void;
  reject(reason: UnreadableReason, error: string, bytes: () => Uint8Array): void;
}
