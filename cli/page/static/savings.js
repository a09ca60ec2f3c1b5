import { byId, counted, make, number, raw, say, showIfNew, stackedTable } from './dom.js';

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
  const leverTable = stackedTable({
    caption: 'What each setting that sends less has saved so far',
    heads: ['setting / rule or value', 'rows not sent', 'bytes not sent', 'of all bytes'],
    figures: ['rows not sent', 'bytes not sent', 'of all bytes'],
    rows: levers.map(([name, bytes]) => [
      raw(name),
      number(rowsSavedByLever[name] ?? 0),
      number(bytes),
      percent(bytes, all),
    ]),
  });
  showIfNew(byId('levers', HTMLElement), levers.length === 0 ? [] : [leverTable]);
  const rules = new Set([droppedByRule, countedByRule, ruleErrorsByRule].flatMap((one) => Object.keys(one)));
  const ruleTable = stackedTable({
    caption: 'What the drop rules say',
    heads: ['rule', 'dropped', 'counted, not dropped', 'errors'],
    figures: ['dropped', 'counted, not dropped', 'errors'],
    rows: Array.from(rules, (name) => [
      raw(name),
      number(droppedByRule[name] ?? 0),
      number(countedByRule[name] ?? 0),
      number(ruleErrorsByRule[name] ?? 0),
    ]),
  });
  showIfNew(byId('rules', HTMLElement), rules.size === 0 ? [] : [ruleTable]);
  const settings = byId('settings', HTMLElement);
  if (settings.childElementCount > 0) return;
  const entries = Object.entries(rowSettings);
  if (entries.length === 0) settings.append(make('dd', { class: 'quiet' }, 'none: every record becomes its whole row'));
  for (const [name, value] of entries) settings.append(make('dt', {}, name), make('dd', {}, raw(value)));
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
