import { generateStream, type StreamMessage, type StreamOptions } from '../src';

export const end = new Date('2026-11-21T08:15:28.188Z');

export function streamOf(options: Partial<StreamOptions> & { readonly records: number }): StreamMessage[] {
  return [...generateStream({ seed: 1, end, ...options })];
}

export interface PublishedRecord {
  readonly time: string;
  readonly category?: string;
  readonly _TimeReceivedBySvc: string;
  readonly properties?: Properties | null;
}
export type Properties = Readonly<Record<string, unknown>>;

/** Reads a message as any consumer would; undefined when it cannot be read. */
export function readBody(body: Buffer): unknown[] | undefined {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  try {
    const message: unknown = JSON.parse(text);
    if (typeof message === 'object' && message !== null && 'records' in message && Array.isArray(message.records)) {
      return [...(message.records as unknown[])];
    }
    return [message];
  } catch {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    try {
      return lines.length === 0 ? undefined : lines.map((line): unknown => JSON.parse(line));
    } catch {
      return undefined;
    }
  }
}

export function isPublished(record: unknown): record is PublishedRecord {
  return typeof record === 'object' && record !== null && 'time' in record && '_TimeReceivedBySvc' in record;
}

export interface Row {
  readonly published: string;
  readonly received: string;
  /** Without the prefix of the category. */
  readonly table: string;
  readonly properties: Properties;
}

/** All records of all messages that name a table and have properties. */
export function rowsOf(messages: Iterable<StreamMessage>): Row[] {
  const rows: Row[] = [];
  for (const { body } of messages) {
    for (const record of readBody(body) ?? []) {
      if (!isPublished(record) || record.category === undefined || !record.properties) continue;
      const { time: published, ['_TimeReceivedBySvc']: received } = record;
      rows.push({
        published,
        received,
        table: record.category.replace('AdvancedHunting-', ''),
        properties: record.properties,
      });
    }
  }
  return rows;
}

/** A column of a row that must be a text or a number. */
export function textOf({ properties }: Row, column: string): string {
  const value = properties[column];
  if (typeof value !== 'string' && typeof value !== 'number') throw new TypeError(`${column} is ${typeof value}.`);
  return String(value);
}

export function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** How often each text occurs. */
export function tallyOf(texts: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
