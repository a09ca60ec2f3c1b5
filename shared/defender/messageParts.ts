import type { Json, JsonObject, SourceJson } from '../json';

/** One Advanced Hunting row as the streaming API publishes it, taken out of its message. */
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
  /** The same properties with every number as the source spelt it. Slow: only for records without a proper key. */
  readonly source: () => SourceJson;
  /** Fields of the envelope that Defender is not known to send, and known ones with another value than they always had. */
  readonly unknownFields: JsonObject;
  /** Raw control characters in its texts had to be escaped before it could be read. */
  readonly isRepaired: boolean;
  /** The record as it stood in the message, as JSON text with every number as the source spelt it. */
  readonly original: () => string;
}

/** A message, or a part of one, that holds no record. */
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
  /** The table of bare rows, as the hunting API gives them; without it a record must name its table. */
  readonly table?: string | undefined;
}

export interface TakeOptions {
  readonly isRepaired?: boolean;
  /** Unknown fields of an envelope around the message. */
  readonly outer?: JsonObject;
}

/** Where those who read a message put what they find. */
export interface PartReader {
  readonly options: EnvelopeOptions;
  readonly found: (DefenderRecord | Unreadable)[];
  /** A parsed message; `source` parses the same text again, keeping numbers as spelt. */
  take(message: Json, source: () => SourceJson, options?: TakeOptions): void;
  reject(reason: UnreadableReason, error: string, bytes: () => Uint8Array): void;
}
