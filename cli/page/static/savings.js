import { byId, counted, make, number, raw, say } from './dom.js';

/** @typedef {import('./server.js').PageCounts} PageCounts */

/** @param {PageCounts} counts */
export function showSavings({ tally, rowSettings }) {
  const { bytesOut, bytesSavedByLever, rowsSavedByLever, droppedByRule, countedByRule, ruleErrorsByRule } = tally;
  const saved = sum(bytesSavedByLever);
  const all = bytesOut + saved;
  const levers = Object.entries(bytesSavedByLever).toSorted(([, a], [, b]) => b - a);
  say(
    byId('saved-text', HTMLElement),
    levers.length === 0
      ? 'No setting sends less in this run. Start it with one to see what it saves here, such as OMIT_COLUMNS, ADDITIONAL_FIELDS, MERGE_FLOWS or DROP_RULES_FILE (docs/settings.md).'
      : `${counted(bytesOut, 'byte')} of JSON text sent, ${number(saved)} not sent: ${percent(saved, all)} less. Figures of columns and keys are estimates from one row in 100.`,
  );
  fill(
    'levers',
    levers.map(([name, bytes]) => [name, number(rowsSavedByLever[name] ?? 0), number(bytes), percent(bytes, all)]),
  );
  const ruleCounts = [droppedByRule, countedByRule, ruleErrorsByRule];
  const rules = [...new Set(ruleCounts.flatMap((one) => Object.keys(one)))];
  fill(
    'rules',
    rules.map((name) => [name].concat(ruleCounts.map((counts) => number(counts[name] ?? 0)))),
  );
  const settings = byId('settings', HTMLElement);
  if (settings.childElementCount > 0) return;
  const entries = Object.entries(rowSettings);
  if (entries.length === 0) settings.append(make('dd', { class: 'quiet' }, 'none: every record becomes its whole row'));
  for (const [name, value] of entries) settings.append(make('dt', {}, name), make('dd', {}, raw(value)));
}

/**
 * @param {string} id
 * @param {readonly (readonly string[])[]} rows
 */
function fill(id, rows) {
  const table = byId(id, HTMLTableElement);
  table.hidden = rows.length === 0;
  table.tBodies[0]?.replaceChildren(
    ...rows.map(([name = '', ...figures]) =>
      make(
        'tr',
        {},
        make('th', { scope: 'row' }, raw(name)),
        ...figures.map((figure) => make('td', { class: 'n' }, figure)),
      ),
    ),
  );
}

/** @param {Readonly<Record<string, number>>} counts */
function sum(counts) {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/**
 * @param {number} part
 * @param {number} all
 */
function percent(part, all) {
  return all === 0 ? '' : `${((100 * part) / all).toFixed(1)} %`;
}
