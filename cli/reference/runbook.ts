import { type CodeEntry, codes } from '../../shared/telemetry/codes';
import { paragraphs, table } from './markdown';

const kinds: Readonly<Record<CodeEntry['kind'], string>> = {
  held: 'A batch is held: only its partition waits, and nothing is lost before the retention of the hub ends.',
  deadLetter: 'A record is set aside in the dead-letter hub, with its bytes; the batch goes on.',
  start: 'The app does not start.',
  telemetry: 'Telemetry itself; batches are not touched by it.',
};

/** `docs/runbook.md`, from the table of codes. */
export function runbookReference(): string {
  const entries = Object.entries<CodeEntry>(codes).map(([code, { kind, means, at, next }]) =>
    [
      `## ${code}`,
      table(
        ['', ''],
        [
          ['seen when', kinds[kind]],
          ['means', means],
          ['look at', at],
          ['do', next],
        ],
      ),
    ].join('\n\n'),
  );
  return paragraphs(
    '# Runbook',
    '<!-- Generated from shared/telemetry/codes.ts by "npm run generate". Do not edit. -->',
    'One entry for each code that the app writes: `code` of a log line or span, `error.type` of a metric, `reason` of a dead letter. What the app does by itself in each situation: [reliability.md](reliability.md).',
    ...entries,
  );
}
