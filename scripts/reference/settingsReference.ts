import { settings } from '../../shared/appSettings';
import { contradictions } from '../../shared/contradictions';
import { requiredColumns } from '../../shared/transform/omissions';
import { code, paragraphs, table } from './markdown';

interface Listed {
  readonly name: string;
  readonly expected: string;
  readonly description: string;
  readonly default?: string;
}

function defaultOf(setting: Listed): string {
  if (setting.default === undefined) return '**required**';
  return setting.default === '' ? '' : code(setting.default);
}

/** `docs/settings.md`, from the settings themselves. */
export function settingsReference(): string {
  const rows = Object.values<Listed>(settings).map((setting) => [
    code(setting.name),
    defaultOf(setting),
    setting.expected,
    setting.description,
  ]);
  return paragraphs(
    '# Settings',
    '<!-- Generated from shared/appSettings.ts by "npm run generate". Do not edit. -->',
    'App settings of the Function App. The app reads them once at start, reports all errors together by name, and does not start with a wrong one. Empty is the same as missing.',
    table(['Setting', 'Default', 'Expected', 'What it does'], rows),
    'Each of these is valid alone, but the combination is rejected:',
    contradictions.map(({ rule }) => `- ${rule}`).join('\n'),
    'Errors never show a value that looks like a key, a password or a token, whichever setting holds it.',
    '## Required columns',
    '`KEEP_COLUMNS` and `OMIT_COLUMNS` decide which columns the app fills; they do not change the table, where the others stay empty. These columns stay even if `KEEP_COLUMNS` does not name them, and the app does not start with one of them in `OMIT_COLUMNS`:',
    table(
      ['Column', 'Needed because'],
      Object.entries(requiredColumns).map(([column, why]) => [code(column), why]),
    ),
    'EventResult and DvcHostname are absent where a record has nothing for them, as without these settings. A row of more than 1,000,000 bytes is cut even without the column AdditionalFields; it then has `AdditionalFields.Truncated`, and nothing else in it.',
    'What else needs columns and keys: [the ASim transform](asim.md) finds the side of the device by NetworkDirection, and makes DvcId from `DeviceId`, XAppName and XAppId from `InitiatingProcess.FileName` and `InitiatingProcess.Id`, and TcpFlags from `Detail`; the workbook shows addresses, names, DvcAction, NetworkRuleName and `InitiatingProcess.FileName`.',
    'What the settings leave out is not worked out, except in one row of 100, [to count what they save](telemetry.md#metrics). It does not change EventUid, what is reported as new or unreadable, or how many records are in each state. [cost.md](cost.md#what-each-setting-saves) shows what each setting saves in a usual row; `npm run map` counts it for your own events.',
    '## Other settings',
    'The SDKs read `APPLICATIONINSIGHTS_CONNECTION_STRING` and the identity endpoint themselves, with their usual meaning.',
  );
}
