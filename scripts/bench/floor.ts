import { gzipSync } from 'node:zlib';

const maxBodyBytes = 1_000_000;

/**
 * What no program can avoid, and nothing else: parses the messages, writes the ready rows as JSON and compresses them at
 * level 1.
 */
export function floor(bodies: readonly Buffer[], rows: readonly unknown[]): void {
  for (const body of bodies) JSON.parse(body.toString());
  let texts: string[] = [];
  let characters = 0;
  const send = (): void => {
    if (texts.length > 0) gzipSync(`[${texts.join(',')}]`, { level: 1 });
    texts = [];
    characters = 0;
  };
  for (const row of rows) {
    const text = JSON.stringify(row);
    if (characters + text.length > maxBodyBytes) send();
    texts.push(text);
    characters += text.length + 1;
  }
  send();
}
