import type { StoredRow } from 'azure-emulators/ingestion';
import { type LogsQuestion, type LogsTable, QueryError } from 'azure-emulators/workspace';
import { fieldsOf } from '../../shared/fieldsOf';
import { fileText } from '../doctor/asim/parserFiles';
import { firstEventQuery, uidAskedFor } from '../doctor/send/firstEventQuery';

const table = 'NetworkSessions_CL';

/** Answers the query of `npm run doctor -- --send` over the stored rows, as the rows of NetworkSessions_CL, and no other query. */
export async function firstEventAnswer(
  rows: () => AsyncIterable<StoredRow>,
): Promise<(question: LogsQuestion) => Promise<LogsTable>> {
  const text = await fileText(firstEventQuery);
  return async ({ query, from, to }) => {
    const uid = uidAskedFor(text, query);
    if (uid === undefined) {
      throw new QueryError(
        'EmulatorUnknownQuery',
        `The emulator has no Kusto engine. It answers the query of npm run doctor -- --send (${firstEventQuery}) and no other.`,
      );
    }
    const found: StoredRow[] = [];
    for await (const row of rows()) if (isOf(row, uid, from, to)) found.push(row);
    const sorted = found.toSorted((one, other) => (one.storedAt?.getTime() ?? 0) - (other.storedAt?.getTime() ?? 0));
    return {
      columns: [
        ['Table', 'string'],
        ['Received', 'datetime'],
        ['Stored', 'datetime'],
      ],
      rows: sorted.map(({ receivedAt, storedAt }) => [
        table,
        receivedAt?.toISOString() ?? null,
        storedAt?.toISOString() ?? null,
      ]),
    };
  };
}

function isOf({ text }: StoredRow, uid: string, from: Date | undefined, to: Date | undefined): boolean {
  // Only a row that may have the id is parsed: the command asks every second, over all rows.
  if (!text.includes(uid) && !text.includes(String.raw`\u`)) return false;
  const { EventUid, TimeGenerated } = fieldsOf(JSON.parse(text));
  const time = Date.parse(String(TimeGenerated));
  return (
    EventUid === uid && (from === undefined || time >= from.getTime()) && (to === undefined || time <= to.getTime())
  );
}
