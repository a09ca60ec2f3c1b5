import { byId, make, raw, say, stackedTable } from './dom.js';
import * as server from './server.js';

/** @typedef {import('./server.js').RecordView} RecordView */

/** Counts what was opened: what was asked for earlier may be answered later. */
let opened = 0;

/** @param {number} id */
export async function openStored(id) {
  await open(`Row ${id}`, async () => {
    const { rowText, record } = await server.row(id);
    if (record !== null) return [content(record, rowText)];
    return [
      make(
        'p',
        {},
        'Its record cannot be shown: its message is not in the hub any more, or the row was not sent by the app.',
      ),
      jsonOf('The row as it was stored', rowText),
    ];
  });
}

/**
 * @param {string} position
 * @param {string} name
 */
export async function openPasted(position, name) {
  await open(name, async () => [content((await server.pasted(position)).record, '')]);
}

/**
 * @param {string} title
 * @param {() => Promise<readonly Node[]>} load
 */
async function open(title, load) {
  const mine = ++opened;
  const dialog = byId('record', HTMLDialogElement);
  const place = byId('record-content', HTMLElement);
  const said = byId('record-said', HTMLElement);
  say(byId('record-title', HTMLElement), title);
  say(said, 'Reading the record …');
  place.replaceChildren();
  if (!dialog.open) dialog.showModal();
  byId('record-title', HTMLElement).focus();
  try {
    const nodes = await load();
    if (mine !== opened) return;
    place.replaceChildren(...nodes);
    say(said, '');
  } catch (error) {
    if (mine === opened) say(said, server.reasonOf(error));
  }
}

/**
 * The row, with source and rule of each column, and beside it the record.
 * @param {RecordView} record
 * @param {string} storedText
 */
export function content(record, storedText) {
  const { outcome, why, table, position, ends, notes, columns, absent, fields, recordText, rowText } = record;
  const said = outcome === 'row' ? 'It became a row.' : `It is no row of its own: ${outcome}, ${why}`;
  const source = make('div', {}, make('h3', {}, 'The record'), ...recordParts(fields, recordText));
  const row = make('div', {}, make('h3', {}, 'Its row, and why'));
  if (columns.length > 0)
    row.append(columnsTable(columns, new Set(fields.map(({ name }) => name))), absentPart(absent));
  else row.append(make('p', {}, 'No row was made of it.'));
  const stored = storedText === '' ? rowText : storedText;
  if (stored !== '') row.append(jsonOf(storedText === '' ? 'The row as JSON' : 'The row as it was stored', stored));
  return make(
    'div',
    { class: 'view' },
    make(
      'p',
      {},
      `${said} Table: `,
      raw(table === '' ? 'unknown' : table),
      '. Position: ',
      make('span', { class: 'raw mono' }, position),
    ),
    ...(ends === '' ? [] : [make('p', {}, raw(`${ends}.`))]),
    ...notes.map((note) => make('p', {}, raw(note))),
    make('div', { class: 'beside' }, row, source),
  );
}

/**
 * @param {RecordView['fields']} fields
 * @param {string} text
 */
function recordParts(fields, text) {
  const rows = fields.map(({ name, value }) => [
    make('span', { class: 'raw', 'data-field': name, tabindex: '-1' }, name),
    raw(value),
  ]);
  const table = stackedTable({ caption: 'Fields, as they were sent', heads: ['field', 'value'], rows });
  return [...(fields.length === 0 ? [] : [table]), jsonOf('The record as JSON', text, fields.length === 0)];
}

/**
 * @param {RecordView['columns']} columns
 * @param {ReadonlySet<string>} fields names of the fields that are shown
 */
function columnsTable(columns, fields) {
  const rows = columns.map(({ column, value, from, rule }) => [
    column,
    raw(value),
    from.length === 0
      ? undefined
      : make('ul', { class: 'plain sources' }, ...from.map((source) => make('li', {}, sourceOf(source, fields)))),
    rule,
  ]);
  return stackedTable({
    caption: 'Columns that have a value. A source leads to its field in the record.',
    heads: ['column', 'value', 'from', 'rule'],
    rows,
  });
}

/**
 * Leads to the field in the record. What was worked out from several fields, such as the orientation, is only text.
 * @param {{ name: string, value: string }} source
 * @param {ReadonlySet<string>} fields
 */
function sourceOf({ name, value }, fields) {
  const text = `${name} = ${value.length > 60 ? `${value.slice(0, 60)}…` : value}`;
  if (!fields.has(name)) return raw(text);
  const title = 'Show this field in the record';
  return make('button', { type: 'button', class: 'link raw', title, onclick: (event) => mark(event, name) }, text);
}

/**
 * @param {Event} event
 * @param {string} name
 */
function mark({ currentTarget }, name) {
  const view = currentTarget instanceof Element ? currentTarget.closest('.view') : null;
  for (const field of view?.querySelectorAll('[data-field]') ?? []) {
    const isIt = field instanceof HTMLElement && field.dataset['field'] === name;
    field.closest('tr')?.classList.toggle('marked', isIt);
    if (!isIt) continue;
    field.focus();
    field.scrollIntoView({ block: 'center' });
  }
}

/** @param {RecordView['absent']} absent */
function absentPart(absent) {
  const rows = absent.map(({ cause, detail, columns }) => [cause, columns.join(', '), raw(detail)]);
  const count = absent.reduce((sum, { columns }) => sum + columns.length, 0);
  return make(
    'details',
    {},
    make('summary', {}, `${count} columns without a value, and why`),
    stackedTable({ caption: 'Columns without a value', heads: ['why', 'columns', 'more precisely'], rows }),
  );
}

/**
 * @param {string} title
 * @param {string} text
 */
function jsonOf(title, text, isOpen = false) {
  const lines = make('pre', { class: 'raw', tabindex: '0', 'aria-label': title }, text);
  return make('details', { open: isOpen }, make('summary', {}, title), lines);
}

export function startRecordDialog() {
  const dialog = byId('record', HTMLDialogElement);
  byId('close', HTMLElement).addEventListener('click', () => dialog.close());
}
