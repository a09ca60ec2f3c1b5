/** Characters in a line of an ordinary terminal. */
const ordinary = 80;

/** Characters in a line: those of the terminal, or, where there is none, of COLUMNS or of an ordinary one. */
export function columnsOf(out: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>): number {
  const told = out.isTTY ? out.columns : Number(process.env['COLUMNS']);
  return Number.isInteger(told) && told > 0 ? Math.max(told, 40) : ordinary;
}

/**
 * Text whose lines are at most `width` characters long, broken at spaces. What a line is continued by stands below its last
 * column, as in a list of options, or two characters further in than the line.
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
  let current = line.slice(0, Math.max(hanging.length, indent));
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

/** A path as a word of a command that somebody copies. */
export function quoted(path: string): string {
  return /^[\w./:\\@%+=,-]+$/.test(path) ? path : `"${path}"`;
}
