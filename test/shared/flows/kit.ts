import { Books, type Tally } from '../../../shared/books';
import { type Environment, readTransformSettings } from '../../../shared/config';
import { isObject, type JsonObject, parseJson } from '../../../shared/json';
import type { Row } from '../../../shared/sessions/row';
import { countSent, transformBatch } from '../../../shared/transformBatch';
import { batchOf, message } from '../kit/batches';

export const tenant = '3b1d5a6c-9f0e-4c55-8a77-2f4d6e8091ab';
export const device = '5d9f1c3a7b2e4f60819a2b3c4d5e6f708192a3b4';

interface Sent {
  readonly time?: string;
  readonly _TimeReceivedBySvc?: string;
  readonly tenantId?: string;
  readonly category?: string;
  readonly [field: string]: unknown;
}

/** A connection that a browser opened; `changes` are to its columns, `envelope` to the fields around them. */
export function connection(changes: Readonly<Record<string, unknown>> = {}, envelope: Sent = {}): object {
  return {
    time: '2026-11-20T09:16:02.1184730Z',
    tenantId: tenant,
    category: 'AdvancedHunting-DeviceNetworkEvents',
    _TimeReceivedBySvc: '2026-11-20T09:15:40.0271100Z',
    ...envelope,
    properties: {
      DeviceName: 'fin-ws-0421.corp.example.com',
      DeviceId: device,
      ReportId: 48_213,
      RemoteIP: '203.0.113.80',
      RemotePort: 443,
      LocalIP: '10.20.30.41',
      LocalPort: 50_123,
      Protocol: 'Tcp',
      ActionType: 'ConnectionSuccess',
      Timestamp: '2026-11-20T09:14:33.4821907Z',
      ...changes,
    },
  };
}

export interface Mapped {
  readonly rows: readonly Row[];
  readonly columns: readonly JsonObject[];
  /** As if every row were accepted. */
  readonly tally: Tally;
}

/** The rows of one message. */
export async function rowsOf(records: readonly object[], environment: Environment = {}): Promise<Mapped> {
  return rowsOfBodies([message(...records)], environment);
}

export async function rowsOfBodies(bodies: readonly unknown[], environment: Environment = {}): Promise<Mapped> {
  const books = new Books();
  const settings = readTransformSettings({ MERGE_FLOWS: 'message', ...environment });
  const { rows, letters } = await transformBatch(batchOf(bodies), settings, books);
  countSent(books, rows);
  for (const letter of letters) books.count('deadLettered', letter);
  return { rows, columns: rows.map(({ text }) => columnsOf(text)), tally: books.tally() };
}

export function columnsOf(text: string): JsonObject {
  const columns = parseJson(text);
  if (!isObject(columns)) throw new Error('A row is an object.');
  return columns;
}

/** Which records share a row: `[[0, 2], [1]]`. */
export async function sharedBy(
  records: readonly object[],
  environment: Environment = {},
): Promise<(readonly number[])[]> {
  const { rows } = await rowsOf(records, environment);
  return rows.map(({ members, position }) => members ?? [Number(position.split('/').at(-1))]);
}
