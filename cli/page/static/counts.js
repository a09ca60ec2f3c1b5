import { byId, counted, make, number, raw, say, showIfNew, stackedTable } from './dom.js';

/** @typedef {import('./server.js').PageCounts} PageCounts */

const phases = {
  starting: 'starting the app and the emulators',
  streaming: 'streaming records through the app',
  comparing: 'comparing the books with what the services hold',
  waiting: 'waiting for events, until Ctrl-C in the terminal',
};

/** @typedef {'sent' | 'skipped' | 'dropped' | 'merged' | 'duplicates' | 'deadLettered'} State */

/** @type {readonly { state: State, means: string, names?: 'skippedByTable' | 'droppedByRule' | 'deadLetteredByReason' }[]} */
const states = [
  { state: 'sent', means: 'sent: row accepted' },
  { state: 'skipped', means: 'skipped: not a network session', names: 'skippedByTable' },
  { state: 'dropped', means: 'dropped by a rule', names: 'droppedByRule' },
  { state: 'merged', means: 'merged into another row' },
  { state: 'duplicates', means: 'duplicates of an earlier event' },
  { state: 'deadLettered', means: 'dead-lettered, with a reason', names: 'deadLetteredByReason' },
];

/** @param {PageCounts} counts */
export function showCounts(counts) {
  const { tally, phase, problems } = counts;
  say(byId('phase', HTMLElement), phases[phase]);
  const settled = states.reduce((sum, { state }) => sum + tally[state], 0);
  const balance = byId('balance', HTMLElement);
  const isBalanced = settled === tally.received;
  balance.className = isBalanced ? 'good' : 'bad';
  say(
    balance,
    isBalanced
      ? 'The books balance: every record received is in exactly one state.'
      : `The books do not balance: ${counted(tally.received, 'record')} received, ${number(settled)} in some state.`,
  );
  const stepTable = stackedTable({
    caption: 'What went into each step, and what came out of it',
    heads: ['step', 'in', 'out', 'difference', 'that is'],
    figures: ['in', 'out', 'difference'],
    rows: steps(counts, settled).map(([step, into, out, means]) => [
      step,
      number(into),
      number(out),
      number(into - out),
      into === out ? 'none is missing' : means,
    ]),
  });
  showIfNew(byId('steps', HTMLElement), [stepTable]);
  const stateTable = stackedTable({
    caption: 'What became of the records received: they add up',
    heads: ['state', 'records', 'share', 'the most frequent'],
    figures: ['records', 'share'],
    rows: states.map((one) => stateRow(one, counts)),
  });
  showIfNew(byId('states', HTMLElement), [stateTable]);
  byId('problems-box', HTMLElement).hidden = problems.length === 0;
  say(byId('problems-count', HTMLElement), String(problems.length));
  showIfNew(
    byId('problems', HTMLElement),
    problems.map((line) => make('li', { class: 'mono' }, raw(line))),
  );
}

/**
 * @param {PageCounts} counts
 * @param {number} settled
 * @returns {readonly [step: string, into: number, out: number, means: string][]}
 */
function steps({ tally, messagesInHub, rowsStored, lettersInHub }, settled) {
  return [
    ['messages: hub → settled', messagesInHub, tally.messages, 'their batches are not settled yet'],
    ['records: received → in a state', tally.received, settled, 'records without a state: must be 0'],
    ['rows: sent → stored', tally.sent, rowsStored, 'below 0: their batch is not settled yet'],
    [
      'dead letters: written → in their hub',
      tally.deadLettered,
      lettersInHub,
      'not read yet, or records that share a letter',
    ],
  ];
}

/**
 * @param {(typeof states)[number]} one
 * @param {PageCounts} counts
 */
function stateRow({ state, means, names }, { tally }) {
  const most = Object.entries(names === undefined ? {} : tally[names])
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([name, count]) => `${number(count)} ${name}`);
  const share = tally.received === 0 ? '' : `${((100 * tally[state]) / tally.received).toFixed(1)} %`;
  return [means, number(tally[state]), share, most.length === 0 ? undefined : raw(most.join(', '))];
}
