import { contradictions } from '../../shared/contradictions';
import { settings } from '../../shared/settings';
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
    '<!-- Generated from shared/settings.ts by "npm run generate". Do not edit. -->',
    'App settings of the Function App, read from the environment once at start. All mistakes are reported together, by name; the app does not start with one. Empty is the same as missing.',
    table(['Setting', 'Default', 'Expected', 'What it does'], rows),
    'Refused together, though each is right by itself:',
    contradictions.map(({ rule }) => `- ${rule}`).join('\n'),
    'What looks like a key, a password or a token is not shown in an error, whichever setting it stands in.',
    '`APPLICATIONINSIGHTS_CONNECTION_STRING` and the identity endpoint are read by the SDKs of the platform and mean what they mean everywhere.',
  );
}
