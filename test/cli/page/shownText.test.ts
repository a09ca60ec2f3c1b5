import * as fc from 'fast-check';
import { shown } from '../../../cli/page/static/dom.js';

test.each([
  ['right-to-left override', 'a\u202etxt.exe', String.raw`a\u202etxt.exe`],
  ['right-to-left mark', '\u200fa', String.raw`\u200fa`],
  ['isolate', '\u2067a\u2069', String.raw`\u2067a\u2069`],
  ['zero-width space', 'a\u200bb', String.raw`a\u200bb`],
  ['escape', '\u001b[31mred', String.raw`\u001b[31mred`],
  ['byte order mark', '\ufeffa', String.raw`\ufeffa`],
])('a character that cannot be seen is spelt out: %s', (_, text, expected) => {
  expect(shown(text)).toBe(expected);
});

test.each(['שלום', 'naïve café', 'line\nline\ttab', '<script>', '😀'])(
  'a text that can be seen stays as it is: %j',
  (text) => {
    expect(shown(text)).toBe(text);
  },
);

test('no text that is shown holds a character that turns text around', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(shown(text)).not.toMatch(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
    }),
  );
});
