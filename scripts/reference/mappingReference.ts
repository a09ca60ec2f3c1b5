import { skipped } from '../../cli/map/skipped';
import { maxChunkBytes } from '../../shared/sessions/chunks';
import { actionsByTable } from '../../shared/transform/actions';
import { maxDepth, maxObjectBytes } from '../../shared/transform/fitObject';
import { maxTextBytes } from '../../shared/transform/values/text';
import { orientationSection, resultSection } from './actionSections';
import { additionalFieldsSection } from './additionalFieldsSection';
import { columnsSection, type MappingEntries } from './columnsSection';
import type { Examples } from './examples';
import { code, codes, paragraphs, table } from './markdown';
import { aggregatedSection, secondSourcesSection } from './readingSections';
import { sourcesSection } from './sourcesSection';
import { unproven } from './unproven';

/** `docs/mapping.md`, from the mapping itself. */
export function mappingReference(mapping: MappingEntries, examples: Examples): string {
  return paragraphs(
    '# Mapping reference',
    '<!-- Generated from shared/transform by "npm run generate". Do not edit. -->',
    howToRead(mapping),
    orientationSection(examples),
    resultSection(),
    aggregatedSection,
    columnsSection(mapping, examples),
    additionalFieldsSection(examples),
    sourcesSection(mapping),
    secondSourcesSection,
    skippedSection(),
    limits,
    unprovenSection(),
  );
}

function howToRead(mapping: MappingEntries): string {
  const counts = { filled: 0, unavailable: 0, platform: 0 };
  for (const { kind } of Object.values(mapping)) counts[kind]++;
  const total = counts.filled + counts.unavailable + counts.platform;
  return paragraphs(
    '## How to read this',
    `One record of Defender's tables ${codes(Object.keys(actionsByTable))} becomes one row of NetworkSessions. Of the ${total} columns, ${counts.filled} are filled from a record, ${counts.unavailable} have no source in Defender, and ${counts.platform} belong to the platform.`,
    [
      '- A column without a value is left out of the row: never written as `""`, `"-"`, `"null"` or port 0.',
      '- `as sent` means: trimmed, and absent if it is empty, `-` or `null`.',
      '- A case is a file under `test/cases/` with a record and its whole expected row, or with the differences from a base. `npm run cases -- --print NAME` prints the whole case.',
      '- `npm run map -- FILE --explain` shows all of this for your own records.',
      '- [parsers.md](parsers.md) compares this mapping with the parsers of Microsoft for the same events.',
    ].join('\n'),
  ).trimEnd();
}

function skippedSection(): string {
  const rows = skipped.map(({ tables, actionTypes, why }) => [
    codes(tables),
    actionTypes === undefined ? 'all' : codes(actionTypes),
    why,
  ]);
  return paragraphs(
    '## What is skipped, and why',
    `A record that is not a network session counts as skipped, under its table or under ${code('DeviceEvents/<ActionType>')}. That is not an error. It also applies to every table and every action type of DeviceEvents that this page does not name. Action types of DeviceNetworkEvents are never skipped.`,
    table(['Table', 'ActionType', 'Why'], rows),
  ).trimEnd();
}

const limits = paragraphs(
  '## Limits',
  table(
    ['What', 'Limit', 'Beyond it'],
    [
      [
        'a text column',
        `${maxTextBytes.toLocaleString('en-US')} bytes of UTF-8`,
        'cut between two characters; the service would cut it silently',
      ],
      [
        'AdditionalFields',
        `${maxObjectBytes.toLocaleString('en-US')} bytes of JSON`,
        'cut field by field, command line and `SamplePacketContent` first, then the longest; `Truncated` is `true`',
      ],
      ['nesting inside AdditionalFields', `${maxDepth} levels`, 'deeper values are left out; `Truncated` is `true`'],
      [
        'a row',
        `${maxChunkBytes.toLocaleString('en-US')} bytes`,
        'cut field by field like AdditionalFields, which says `Truncated: true`',
      ],
      [
        'the age of TimeGenerated',
        '2 days, or 1 day ahead',
        'the service replaces it with the time of receipt; EventStartTime and EventEndTime keep the real time',
      ],
      ['an int column', 'int32', 'absent'],
      ['a long column', 'int64, exact', 'absent'],
    ],
  ),
  'Lone surrogates in texts become U+FFFD. The same event always gets the same EventUid, however often and in whichever spelling it arrives. The table does not remove duplicates; use [`NetworkSessionsUnique`](queries.md#each-session-once-networksessionsunique).',
).trimEnd();

function unprovenSection(): string {
  return paragraphs(
    '## What is unproven',
    'Microsoft documents little about these rows. The following is based on few captured events, only on schemas, or on inference. If your events differ, please report one.',
    table(['What', 'What it rests on', 'What is done'], unproven),
  ).trimEnd();
}
