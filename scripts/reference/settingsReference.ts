import { settings } from '../../shared/appSettings';
import { contradictions } from '../../shared/contradictions';
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
    'The SDKs read `APPLICATIONINSIGHTS_CONNECTION_STRING` and the identity endpoint themselves, with their usual meaning.',
  );
}
