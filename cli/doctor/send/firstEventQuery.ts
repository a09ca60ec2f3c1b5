/** The query that finds the row. */
export const firstEventQuery = 'infra/queries/doctor/first-event.kql';
const anyUid = '00000000-0000-0000-0000-000000000000';

/** The text of the query, asking for this EventUid. */
export function askingFor(text: string, eventUid: string): string {
  return text.replace(anyUid, eventUid);
}

/** The EventUid that a query asks for; undefined if it differs from the text anywhere else. */
export function uidAskedFor(text: string, query: string): string | undefined {
  const start = text.indexOf(anyUid);
  const uid = query.slice(start, start + anyUid.length);
  return /^[\da-f-]+$/.test(uid) && query === askingFor(text, uid) ? uid : undefined;
}
