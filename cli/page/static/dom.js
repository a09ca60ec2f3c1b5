/** Control characters, and those that change the direction of text: they could hide or forge what is shown. */
// oxlint-disable-next-line no-control-regex -- finding control characters is its purpose.
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * A text as it may be shown: characters that cannot be seen are spelt out.
 * @param {string} text
 */
export function shown(text) {
  return text.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * @typedef {Node | string | undefined} Child
 * @typedef {Readonly<Record<string, string | boolean | undefined | ((event: Event) => void)>>} Attributes
 */

/**
 * Makes an element. Text only ever becomes text, whatever it holds. An attribute that begins with "on" is a listener; one that is
 * false or undefined is left out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Attributes} attributes
 * @param {readonly Child[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flatMap((child) => (child === undefined ? [] : [asNode(child)])));
  return element;
}

/** @param {Node | string} child */
function asNode(child) {
  return typeof child === 'string' ? document.createTextNode(shown(child)) : child;
}

/**
 * Text that came from outside.
 * @param {string} text
 */
export function raw(text) {
  return make('span', { class: 'raw' }, text);
}

/**
 * Text that came from outside, on one line unless it is longer than an action type ever is.
 * @param {string} text
 */
export function short(text) {
  if (text === '') return undefined;
  return text.length > 40 ? raw(text) : make('span', { class: 'raw short' }, text);
}

/**
 * The element of the page with this id.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new TypeError(`The page has no ${type.name} "${id}".`);
}

/**
 * Replaces what an element holds, unless it is that text already: a status that is written again is read out again.
 * @param {HTMLElement} element
 * @param {string} text
 */
export function say(element, text) {
  const safe = shown(text);
  if (element.textContent !== safe) element.textContent = safe;
}

/**
 * A table with a heading row. Each cell is a text or a node; the first of each row names the row. On a narrow window each row becomes
 * a block, so the roles are named: without them a block is no table to a screen reader.
 * @param {{ caption: string, heads: readonly string[], rows: readonly (readonly Child[])[], figures?: readonly string[] }} content
 *   `figures`: heads of the columns that hold numbers
 */
export function stackedTable({ caption, heads, rows, figures = [] }) {
  const isFigure = heads.map((head) => figures.includes(head));
  const headCells = heads.map((head, i) =>
    make('th', { scope: 'col', role: 'columnheader', class: isFigure[i] === true && 'n' }, head),
  );
  const body = rows.map((cells) =>
    make(
      'tr',
      { role: 'row' },
      ...cells.map((cell, i) =>
        i === 0
          ? make('th', { scope: 'row', role: 'rowheader' }, cell)
          : make('td', { role: 'cell', 'data-name': heads[i], class: isFigure[i] === true && 'n' }, cell),
      ),
    ),
  );
  return make(
    'table',
    { class: 'stack', role: 'table' },
    make('caption', {}, caption),
    make('thead', { role: 'rowgroup' }, make('tr', { role: 'row' }, ...headCells)),
    make('tbody', { role: 'rowgroup' }, ...body),
  );
}

/**
 * Shows other content, unless it reads the same: what a screen reader or a selection is in must not go away each second.
 * @param {HTMLElement} place
 * @param {readonly Node[]} nodes
 */
export function showIfNew(place, nodes) {
  const text = nodes.map((node) => node.textContent ?? '').join('');
  if (place.textContent !== text || place.childNodes.length !== nodes.length) place.replaceChildren(...nodes);
}

/** @param {number} value */
export function number(value) {
  return value.toLocaleString('en-US');
}

/**
 * @param {number} count
 * @param {string} what
 */
export function counted(count, what) {
  return `${number(count)} ${what}${count === 1 ? '' : 's'}`;
}
