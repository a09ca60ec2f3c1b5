import { stringifyJson } from '../../shared/json';

/** Control characters, and those that change the direction of text: in a terminal they could hide or forge what is shown. */
// oxlint-disable-next-line no-control-regex -- finding control characters is its purpose.
const unsafe = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A value on one line, safe to show, at most `length` characters. */
export function printable(value: unknown, length: number): string {
  const text = textOf(value).slice(0, length + 1);
  const safe = text.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return safe.length <= length ? safe : `${safe.slice(0, length - 3)}...`;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? stringifyJson(value) : String(value);
}

/** Text in lines of at most `width` characters, broken at spaces; a longer word is cut. */
export function wrapped(text: string, width: number): string {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ').flatMap((one) => pieces(one, width))) {
      if (line !== '' && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines.join('\n');
}

function pieces(word: string, width: number): string[] {
  const count = Math.max(1, Math.ceil(word.length / width));
  return Array.from({ length: count }, (_, i) => word.slice(i * width, (i + 1) * width));
}

/** A cli-table3 table without lines between its rows, and without colours. */
export const plainTable = {
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  style: { head: [], border: [] },
};
