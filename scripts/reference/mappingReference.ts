import { maxChunkBytes } from '../../shared/sessions/chunks';
import { actionsByTable } from '../../shared/transform/actions';
import { maxDepth, maxObjectBytes } from '../../shared/transform/fitObject';
import { skipped } from '../../shared/transform/skipped';
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
      '- `as sent` means: trimmed, and absent when it is empty, `-` or `null`.',
      '- A case is a file under `test/cases/` with a record and the whole row expected for it, or with what differs from a base. `npm run cases -- --print NAME` prints it whole.',
      '- `npm run map -- FILE --explain` shows all of this for a record of yours.',
      '- Microsoft has parsers of its own for the same events: [parsers.md](parsers.md) compares.',
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
    `A record that is no network session is counted as skipped, under its table or under ${code('DeviceEvents/<ActionType>')}; that is no error. The same holds for every table and every action type of DeviceEvents that this page does not name. Action types of DeviceNetworkEvents are never skipped.`,
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
        'cut between two characters; the service would cut it without a word',
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
        'the service replaces it by the time of receipt; EventStartTime and EventEndTime keep the true time',
      ],
      ['an int column', 'int32', 'absent'],
      ['a long column', 'int64, exact', 'absent'],
    ],
  ),
  'Lone surrogates in texts become U+FFFD. EventUid is the same for the same event however often and in whichever spelling it arrives; the table itself removes no duplicates, so a query does: `summarize arg_max(TimeGenerated, *) by EventUid`.',
).trimEnd();

function unprovenSection(): string {
  return paragraphs(
    '## What is unproven',
    'Microsoft documents little of what these rows mean. The following rests on few captured events, on schemas alone, or on inference; if your events say otherwise, please report one.',
    table(['What', 'What it rests on', 'What is done'], unproven),
  ).trimEnd();
}
