import { createHash } from 'node:crypto';

/** The fields that identify an event, as sent: a number as its digits, a missing value as an empty text. */
export interface EventKey {
  readonly tenantId: string;
  /** Its name of today, without the prefix of the category. */
  readonly table: string;
  readonly deviceId: string;
  /** In UTC with seven decimals: `2026-11-21T08:15:28.1883500Z`. */
  readonly timestamp: string;
  readonly reportId: string;
  readonly actionType: string;
  readonly localIp: string;
  readonly localPort: string;
  readonly remoteIp: string;
  readonly remotePort: string;
  readonly remoteUrl: string;
}

const namespace = Buffer.from('9d0c0f2e-4f53-4a55-9a0e-2f7a3c1d5b60'.replaceAll('-', ''), 'hex');

/**
 * The EventUid that the row of the event must have (UUIDv5, RFC 9562). Written for the stream alone, so that a mistake in
 * the product's own recipe shows.
 */
export function eventUidOf(key: EventKey): string {
  const { tenantId, table, deviceId, timestamp, reportId, actionType } = key;
  const ends = [key.localIp, key.localPort, key.remoteIp, key.remotePort, key.remoteUrl];
  const name = [tenantId.toLowerCase(), table, deviceId.toLowerCase(), timestamp, reportId, actionType, ...ends];
  return uuidOf(name.join('|'));
}

/** The EventUid of a row that several events share. */
export function mergedUidOf(uids: readonly string[]): string {
  return uuidOf(['merged', ...uids.toSorted()].join('|'));
}

function uuidOf(name: string): string {
  const hash = createHash('sha1').update(namespace).update(name).digest();
  const [, start = '', time = '', version = '', variant = '', node = ''] =
    /^(.{8})(.{4}).(.{3})(.{4})(.{12})/.exec(hash.toString('hex')) ?? [];
  const variantBits = (Number.parseInt(variant, 16) & 0x3fff) | 0x8000;
  return `${start}-${time}-5${version}-${variantBits.toString(16)}-${node}`;
}
