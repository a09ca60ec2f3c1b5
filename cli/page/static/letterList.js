import { byId, counted, make, raw, say } from './dom.js';
import * as server from './server.js';

let shownCount = -1;

/**
 * @param {number} written
 */
export async function followLetters(written) {
  if (written === shownCount) return;
  const isInUse =
    document.activeElement?.closest('#letter-list') ??
    document.querySelector('#letter-list details[open], #letter-list [aria-expanded="true"]');
  if (isInUse !== null) {
    const said = `${counted(written, 'dead letter')}. New ones are listed when you have closed and left those that are open.`;
    say(byId('letters-found', HTMLElement), said);
    return;
  }
  const { letters, written: now } = await server.letters();
  shownCount = now;
  const only = letters.length < now ? ` The newest ${letters.length} are listed.` : '';
  say(
    byId('letters-found', HTMLElement),
    now === 0 ? 'No record became a dead letter.' : `${counted(now, 'dead letter')}.${only}`,
  );
  byId('letter-list', HTMLElement).replaceChildren(...letters.map(card));
}

/** @param {server.LetterView} letter */
function card({ id, enqueued, reason, step, error, table, scope, body, isBase64, commands }) {
  const what = isBase64 ? 'Its bytes, in base64' : scope === 'record' ? 'The record' : 'The message';
  return make(
    'li',
    {},
    make('h3', {}, raw(reason)),
    make('p', { class: 'raw' }, error),
    make(
      'p',
      { class: 'note' },
      `At the step ${step}, ${enqueued}. Table: `,
      raw(table === '' ? 'unknown' : table),
      '. Id: ',
      make('span', { class: 'raw mono' }, id),
    ),
    make(
      'details',
      {},
      make('summary', {}, what),
      make('pre', { class: 'raw', tabindex: '0', 'aria-label': what }, body),
    ),
    ...(commands === undefined
      ? [make('p', {}, 'Its id is no position of a record: look at it with npm run replay -- list.')]
      : [commandsOf(commands, id)]),
  );
}

/**
 * @param {NonNullable<server.LetterView['commands']>} commands
 * @param {string} id
 */
function commandsOf(commands, id) {
  const place = make(
    'div',
    { hidden: true, tabindex: '-1' },
    make(
      'p',
      { class: 'note' },
      'In the folder of the project, in another terminal. A letter that is sent unchanged fails again unless its cause is gone: then repair it first.',
    ),
    command('Send it again', commands.send),
    command('Write its body to a file, to repair it', commands.repair),
    command('Send the repaired body', commands.sendRepaired),
    command('Show everything about it', commands.show),
  );
  const button = make(
    'button',
    {
      type: 'button',
      'aria-expanded': 'false',
      'aria-label': `Show the commands that send it again: ${id}`,
      onclick: () => {
        place.hidden = !place.hidden;
        button.setAttribute('aria-expanded', String(!place.hidden));
      },
    },
    'Show the commands that send it again',
  );
  return make('div', {}, button, place);
}

/**
 * @param {string} title
 * @param {string} text
 */
function command(title, text) {
  const said = make('span', { role: 'status', class: 'note' });
  const copy = make(
    'button',
    {
      type: 'button',
      'aria-label': `Copy: ${title}`,
      onclick: () => {
        navigator.clipboard.writeText(text).then(
          () => say(said, ' copied'),
          () => say(said, ' the browser does not allow it: select the text'),
        );
      },
    },
    'Copy',
  );
  return make(
    'div',
    {},
    make('p', {}, `${title}: `, copy, said),
    make('pre', { class: 'raw', tabindex: '0', 'aria-label': title }, text),
  );
}
