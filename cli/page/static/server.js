/**
 * @typedef {import('../pageState').PageCounts} PageCounts
 * @typedef {import('../storedRows').FoundRows} FoundRows
 * @typedef {import('../recordView').RecordView} RecordView
 * @typedef {import('../recordView').RecordLine} RecordLine
 * @typedef {import('../pastedRecords').PastedResult} PastedResult
 * @typedef {import('../keptLetters').LetterView} LetterView
 */

/** The server answered, and says what is wrong. */
class Refused extends Error {}

/**
 * What to tell of a call that failed.
 * @param {unknown} error
 */
export function reasonOf(error) {
  return error instanceof Refused ? error.message : 'npm start does not answer.';
}

/**
 * What the server sends has the type that its own code declares.
 * @template T
 * @param {string} path
 * @param {Readonly<Record<string, string>>} query
 * @param {RequestInit} options
 * @returns {Promise<T>}
 */
async function call(path, query, options = {}) {
  const response = await fetch(`${path}?${new URLSearchParams(query)}`, { ...options, credentials: 'omit' });
  /** @type {T & { readonly error?: string }} */
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- what comes over the wire has no type of its own.
  const body = await response.json();
  if (response.ok) return body;
  throw new Refused(body.error ?? `It failed with status ${response.status}.`);
}

/** @returns {Promise<PageCounts>} */
export async function counts() {
  return call('/api/counts', {});
}

/**
 * @param {Readonly<Record<string, string>>} filter
 * @returns {Promise<FoundRows>}
 */
export async function rows(filter) {
  return call('/api/rows', filter);
}

/**
 * @param {number} id
 * @returns {Promise<{ rowText: string, record: RecordView | null }>}
 */
export async function row(id) {
  return call('/api/row', { id: String(id) });
}

/** @returns {Promise<{ letters: readonly LetterView[], written: number }>} */
export async function letters() {
  return call('/api/letters', {});
}

/**
 * Maps records without sending them.
 * @param {Blob | string} records
 * @param {Readonly<Record<string, string>>} options
 * @returns {Promise<PastedResult>}
 */
export async function map(records, options) {
  const headers = { 'content-type': 'application/octet-stream' };
  const body = typeof records === 'string' ? new Blob([records]) : records;
  return call('/api/map', options, { method: 'POST', headers, body });
}

/**
 * @param {string} position
 * @returns {Promise<{ record: RecordView }>}
 */
export async function pasted(position) {
  return call('/api/pasted', { position });
}
