import * as fc from 'fast-check';
import { remembering } from '../../shared/remembering';
import { anyText } from './kit/valueKit';

function shortInBrackets(text: string): string | undefined {
  return text.length > 3 ? undefined : `<${text}>`;
}

describe('a function that remembers its answers', () => {
  test('gives the same answers as the function itself, for texts that come again and for lone surrogates', () => {
    const remembered = remembering(shortInBrackets);
    fc.assert(
      fc.property(fc.array(anyText), (texts) => {
        for (const text of [...texts, ...texts]) expect(remembered(text)).toBe(shortInBrackets(text));
      }),
    );
  });

  test('asks the function once for a text that comes again, unless it is long or thousands came between', () => {
    const asked: string[] = [];
    const remembered = remembering((text) => {
      asked.push(text);
    });
    const long = 'x'.repeat(257);
    for (const text of ['a', 'a', 'b', 'a', long, long]) remembered(text);
    expect(asked).toEqual(['a', 'b', long, long]);
    for (let i = 0; i < 4096; i++) remembered(String(i));
    asked.length = 0;
    remembered('a');
    expect(asked).toEqual(['a']);
  });
});
