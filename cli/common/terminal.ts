/** The width of an ordinary terminal in characters. */
const ordinary = 80;

/** The width of the terminal in characters; without a terminal that of COLUMNS, or of an ordinary terminal. */
export function columnsOf(out: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>): number {
  const told = out.isTTY ? out.columns : Number(process.env['COLUMNS']);
  return Number.isInteger(told) && told > 0 ? Math.max(told, 40) : ordinary;
}

/**
 * Breaks lines at spaces so that they fit into `width` characters; long words stay whole. A continued line is indented to
 * the last column of its first line, as in a list of options, or like the line itself.
 */
export function fitted(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => (line.length <= width ? [line] : fittedLine(line, width)))
    .join('\n');
}

function fittedLine(line: string, width: number): string[] {
  const indent = /^ */.exec(line)?.[0].length ?? 0;
  const column = /^ *\S(?:.*?\S)?( {2,})(?=\S)/.exec(line)?.[0].length ?? indent;
  const hanging = ' '.repeat(column > indent && column < width / 2 ? column : indent);
  const lines: string[] = [];
  let current = line.slice(0, hanging.length);
  for (const word of line.slice(current.length).split(' ')) {
    const joined = current.trim() === '' || current.length === column ? `${current}${word}` : `${current} ${word}`;
    if (joined.length <= width || current.trim() === '') current = joined;
    else {
      lines.push(current.trimEnd());
      current = `${hanging}${word}`;
    }
  }
  return [...lines, current];
}

/** A path as one word of a command line. */
export function quoted(path: string): string {
  return /^[\w./:\\@%+=,-]+$/.test(path) ? path : `"${path}"`;
}
