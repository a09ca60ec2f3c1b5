import { generateStream } from 'defender-samples';
import { type Environment, readTransformSettings } from '../../shared/config';
import { readMessage } from '../../shared/defender/readMessage';
import { Plans } from '../../shared/transform/plans';
import { transformToText } from '../../shared/transform/transform';
import { additionalFieldsLevels } from '../../shared/transform/transformSettings';
import { code, paragraphs, table } from './markdown';

const records = 2000;

/** Nothing in these columns is lost: EventMessage is EventSubType, and EventSeverity is the same in every row. */
const sayNothingNew = 'EventMessage,EventSeverity';

const examples: readonly Environment[] = [
  ...additionalFieldsLevels.map((level) => ({ ADDITIONAL_FIELDS: level })),
  { OMIT_COLUMNS: sayNothingNew },
  { ADDITIONAL_FIELDS: 'lean', OMIT_COLUMNS: sayNothingNew },
  { OMIT_ADDITIONAL_FIELDS: 'InitiatingProcess.SHA1,InitiatingProcess.MD5' },
  { OMIT_COLUMNS: 'AdditionalFields' },
];

/** What each setting saves, measured on the generated events of `npm start`. */
export function rowBytesSection(): string {
  const sizes = examples.map((environment) => ({ environment, bytes: bytesPerRow(environment) }));
  const most = Math.max(...sizes.map(({ bytes }) => bytes));
  return paragraphs(
    '### Bytes a row',
    `Bytes of a row as JSON, on average of the rows of ${records.toLocaleString('en-US')} believable events (${code('defender-samples')}, seed 1). ${code('npm run generate')} measures them; ${code('npm run map -- FILE --json')} with the settings in the environment gives ${code('bytesOut')} and ${code('sent')} for your own events.`,
    table(
      ['Settings', 'Bytes a row', 'Saved'],
      sizes.map(({ environment, bytes }) => [
        Object.entries(environment)
          .map(([name, value]) => code(`${name}=${value}`))
          .join(' '),
        Math.round(bytes).toLocaleString('en-US'),
        bytes === most ? '' : `${(100 - (100 * bytes) / most).toFixed(1)}%`,
      ]),
    ),
  ).trimEnd();
}

function bytesPerRow(environment: Environment): number {
  const settings = readTransformSettings(environment);
  const plans = new Plans();
  let rows = 0;
  let bytes = 0;
  for (const { body } of generateStream({ records, seed: 1, end: new Date('2026-01-01T00:00:00Z'), devices: 2000 })) {
    for (const part of readMessage(body)) {
      const made = part.kind === 'record' ? transformToText(part, settings, plans) : undefined;
      if (made?.kind !== 'row') continue;
      rows++;
      bytes += Buffer.byteLength(made.text);
    }
  }
  return bytes / rows;
}
