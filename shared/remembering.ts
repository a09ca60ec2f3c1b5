/** When so many texts are stored, all are forgotten: that is cheaper than finding the oldest. */
const mostTexts = 4096;
const longestText = 256;

/**
 * Wraps a pure function of a text and stores its results, because Defender repeats the same addresses, names and times. The
 * results stay the same.
 */
export function remembering<V>(of: (text: string) => V): (text: string) => V {
  const known = new Map<string, Remembered<V>>();
  let last: Remembered<V> | undefined;
  return (text) => {
    // Several columns ask for the same text one after the other.
    if (last?.text === text) return last.answer;
    const before = known.get(text);
    if (before !== undefined) return (last = before).answer;
    const answer = of(text);
    if (text.length > longestText) return answer;
    if (known.size >= mostTexts) known.clear();
    last = { text: copyOf(text), answer };
    known.set(last.text, last);
    return answer;
  };
}

interface Remembered<V> {
  readonly text: string;
  readonly answer: V;
}

/** V8 can store a text as a slice of a longer one. A copy lets the longer text be freed. */
function copyOf(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
