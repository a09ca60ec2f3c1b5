import { byId, counted, make, number, raw, say, short, stackedTable } from './dom.js';
import { openStored } from './recordDialog.js';
import * as server from './server.js';

const step = 50;
let limit = step;
let asked = 0;
/** Rows stored when the list was made. */
let listed = -1;

/** @typedef {'actionType' | 'direction' | 'result'} Choice */
/** @type {readonly [Choice, string][]} */
const choices = [
  ['actionType', 'any action type'],
  ['direction', 'any direction'],
  ['result', 'any result'],
];

/** What a select says for each value; "=" before a value keeps an empty one apart from any. */
function filter() {
  /** @type {Record<string, string>} */
  const wanted = { limit: String(limit), text: byId('text', HTMLInputElement).value };
  for (const [name] of choices) {
    const { value } = byId(name, HTMLSelectElement);
    if (value !== '') wanted[name] = value.slice(1);
  }
  return wanted;
}

/** @param {boolean} isAsked a list that changes by itself is not read out; what somebody asked for is */
async function refresh(isAsked) {
  const mine = ++asked;
  const found = await server.rows(filter());
  // An older question may be answered later.
  if (mine !== asked) return;
  listed = found.stored;
  for (const [name, any] of choices) fillSelect(byId(name, HTMLSelectElement), any, found.choices[name]);
  const which =
    found.kept < found.stored
      ? `the newest ${number(found.kept)} of ${counted(found.stored, 'row')}`
      : counted(found.stored, 'row');
  const said = `${number(found.matching)} match, among ${which}; ${number(found.rows.length)} shown, newest first.`;
  say(byId('found', HTMLElement), said);
  if (isAsked) say(byId('found-said', HTMLElement), said);
  const heads = ['Open', 'Time (UTC)', 'Action type', 'Direction', 'Result', 'Source', 'Destination', 'Device', 'User'];
  const rows = found.rows.map((row) => [
    opener(row.id, `Row ${row.id}`, `: ${row.actionType} from ${row.source} to ${row.destination}`),
    short(row.time.slice(0, 19).replace('T', ' ')),
    ...[row.actionType, row.direction, row.result].map(short),
    ...[row.source, row.destination, row.device, row.user].map((text) => (text === '' ? undefined : raw(text))),
  ]);
  byId('row-list', HTMLElement).replaceChildren(
    ...(rows.length === 0 ? [] : [stackedTable({ caption: 'Rows as Logs Ingestion stored them', heads, rows })]),
  );
  byId('more', HTMLElement).hidden = found.matching <= found.rows.length || limit >= 500;
}

/**
 * @param {number} id
 * @param {string} text
 * @param {string} more what only a screen reader says
 */
function opener(id, text, more) {
  return make(
    'button',
    { type: 'button', class: 'link short', 'aria-label': text + more, onclick: () => void openStored(id) },
    text,
  );
}

/**
 * @param {HTMLSelectElement} select
 * @param {string} any
 * @param {readonly (readonly [string, number])[]} values
 */
function fillSelect(select, any, values) {
  const { value } = select;
  const chosen = value.slice(1);
  // What is chosen stays, even if no kept row has it any more.
  /** @type {readonly (readonly [string, number])[]} */
  const all = value === '' || values.some(([one]) => one === chosen) ? values : [...values, [chosen, 0]];
  const options = all.map(([one, count]) =>
    make('option', { value: `=${one}` }, `${one === '' ? '(none)' : one} (${number(count)})`),
  );
  select.replaceChildren(make('option', { value: '' }, any), ...options);
  select.value = value;
}

/**
 * Shows new rows, unless somebody is in the list or choosing: what is under the cursor must not move away.
 * @param {number} stored
 */
export async function followRows(stored) {
  const isFollowing = byId('follow', HTMLInputElement).checked;
  const isInUse =
    document.activeElement?.closest('#row-list, #filter select') ??
    document.querySelector('#row-list:hover, dialog[open]');
  if (stored !== listed && (listed < 0 || (isFollowing && isInUse === null))) await refresh(false);
}

export function startRowList() {
  const form = byId('filter', HTMLFormElement);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', (event) => {
    if (event.target === byId('follow', HTMLInputElement)) return;
    limit = step;
    void ask();
  });
  byId('more', HTMLElement).addEventListener('click', () => void showMore());
}

/** Shows what somebody asked for, or why it cannot. */
async function ask() {
  try {
    await refresh(true);
  } catch (error) {
    say(byId('found-said', HTMLElement), server.reasonOf(error));
  }
}

async function showMore() {
  const before = limit;
  limit += step;
  await ask();
  // The keyboard goes on where it was.
  const next = document.querySelectorAll('#row-list button')[before];
  if (next instanceof HTMLElement) next.focus();
}
