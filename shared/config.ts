import { type Environment, type Setting, settings } from './appSettings';
import { type Contradiction, contradictions, rowContradictions } from './contradictions';
import type { DropRules } from './rules/dropRules';
import { loadPackagedRules } from './rules/loadRules';
import { isToken, looksSecret } from './secrets';
import { allBut } from './transform/omissions';
import type { TransformSettings } from './transform/transformSettings';

export type { Environment } from './appSettings';

/** The app's settings: read once from the environment, checked as a whole, frozen. */
export interface Config {
  readonly eventHub: EventHubConnection;
  readonly eventHubNames: readonly string[];
  readonly consumerGroup: string;
  readonly deadLetterEventHub: string;
  readonly ingestion: IngestionSettings;
  readonly transform: TransformSettings;
  /** Undefined without a file of rules. */
  readonly rules: DropRules | undefined;
  readonly telemetry: TelemetryIntervals;
}

export interface TelemetryIntervals {
  readonly intervalSeconds: number;
  /** 0: never. */
  readonly backlogSeconds: number;
}

export type EventHubConnection =
  | { readonly connectionString: string }
  | { readonly fullyQualifiedNamespace: string; readonly clientId: string | undefined };

export interface IngestionSettings {
  readonly endpoint: string;
  readonly ruleIds: readonly string[];
  readonly stream: string;
  readonly audience: string;
  /** Client id of the user-assigned identity; undefined for the system-assigned one. */
  readonly clientId: string | undefined;
  /** Calls in flight per instance. */
  readonly concurrency: number;
  /** For one call. */
  readonly timeoutSeconds: number;
  /** For all attempts of one invocation. */
  readonly budgetSeconds: number;
}

/** All problems of the settings in one error. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'InvalidSettings';

  constructor(readonly problems: readonly string[]) {
    const lines = problems.map((problem) => `  - ${problem}`);
    super(`The settings are invalid (${problems.length}). Correct them and start again:\n${lines.join('\n')}`);
  }
}

/** @throws ConfigError that names every wrong setting, with what is expected and what was found. */
export function readConfig(environment: Environment): Config {
  const { rules, problems } = rulesOf(environment);
  throwIfAny([
    ...Object.values(settings).flatMap((setting) => problemOf(setting, environment)),
    ...problemsOf(contradictions, environment),
    ...problems,
  ]);
  const required = <T>(setting: Setting<T>): T => valueOf(setting, environment);
  const optional = <T>(setting: Setting<T>): T | undefined =>
    textOf(setting, environment) === '' ? undefined : required(setting);
  const connectionString = optional(settings.eventHubConnection);
  return freeze({
    eventHub:
      connectionString === undefined
        ? {
            fullyQualifiedNamespace: required(settings.eventHubNamespace),
            clientId: optional(settings.eventHubClientId),
          }
        : { connectionString },
    eventHubNames: required(settings.eventHubNames),
    consumerGroup: required(settings.consumerGroup),
    deadLetterEventHub: required(settings.deadLetterEventHub),
    ingestion: {
      endpoint: required(settings.endpoint),
      ruleIds: required(settings.ruleIds),
      stream: required(settings.stream),
      audience: required(settings.audience),
      clientId: optional(settings.clientId),
      concurrency: required(settings.concurrency),
      timeoutSeconds: required(settings.timeoutSeconds),
      budgetSeconds: required(settings.budgetSeconds),
    },
    transform: readTransformSettings(environment),
    rules,
    telemetry: {
      intervalSeconds: required(settings.telemetrySeconds),
      backlogSeconds: required(settings.backlogSeconds),
    },
  });
}

/** Only the settings that change a row. @throws ConfigError */
export function readTransformSettings(environment: Environment): TransformSettings {
  const { additionalFields, omitAdditionalFields, urlRedaction, proxies, knownNews } = settings;
  throwIfAny([
    ...rowSettings.flatMap((setting) => problemOf(setting, environment)),
    ...problemsOf(rowContradictions, environment),
  ]);
  const optional = <T>(setting: Setting<T>): T | undefined =>
    textOf(setting, environment) === '' ? undefined : valueOf(setting, environment);
  const kept = optional(settings.keepColumns);
  return freeze({
    additionalFields: valueOf(additionalFields, environment),
    omittedColumns: kept === undefined ? (optional(settings.omitColumns) ?? new Set()) : allBut(kept),
    omittedFields: optional(omitAdditionalFields) ?? new Set<string>(),
    urlRedaction: valueOf(urlRedaction, environment),
    proxies: optional(proxies) ?? [],
    knownNews: optional(knownNews) ?? new Set<string>(),
  });
}

/** The rules of the file that the settings name, each time new: a rule may be switched off. @throws ConfigError */
export function readDropRules(environment: Environment): DropRules | undefined {
  const { rules, problems } = rulesOf(environment);
  throwIfAny([...problemOf(settings.dropRulesFile, environment), ...problems]);
  return rules;
}

interface RulesOf {
  readonly rules: DropRules | undefined;
  readonly problems: readonly string[];
}

function rulesOf(environment: Environment): RulesOf {
  const path = rightText(settings.dropRulesFile, environment) ?? '';
  if (path === '') return { rules: undefined, problems: [] };
  const read = loadPackagedRules(path);
  if (read.kind === 'rules') return { rules: read.rules, problems: [] };
  return {
    rules: undefined,
    problems: read.problems.map((problem) => `${settings.dropRulesFile.name}: ${path}: ${problem}`),
  };
}

/** The settings that change a row, whether there is one, or what is told of it. */
export const rowSettings: readonly Setting<unknown>[] = [
  settings.additionalFields,
  settings.omitAdditionalFields,
  settings.keepColumns,
  settings.omitColumns,
  settings.urlRedaction,
  settings.proxies,
  settings.knownNews,
  settings.dropRulesFile,
];

function problemsOf(rules: readonly Contradiction[], environment: Environment): string[] {
  return rules.flatMap(({ problem }) => problem((setting) => rightText(setting, environment), environment) ?? []);
}

function textOf(setting: Setting<unknown>, environment: Environment): string {
  const text = environment[setting.name]?.trim() ?? '';
  return text === '' ? (setting.default ?? '') : text;
}

function problemOf(setting: Setting<unknown>, environment: Environment): string[] {
  const text = textOf(setting, environment);
  if (text === '' && setting.default === '') return [];
  if (text !== '' && setting.parse(text) !== undefined && !isToken(text)) return [];
  const found = text === '' ? 'nothing' : shown(setting, text);
  const advice = looksSecret(text) ? [] : (setting.advice?.(text) ?? []);
  return [[`${setting.name}: expected ${setting.expected}; found ${found}.`, ...advice].join(' ')];
}

/** Undefined for a setting that is missing or invalid. */
function rightText(setting: Setting<unknown>, environment: Environment): string | undefined {
  return problemOf(setting, environment).length === 0 ? textOf(setting, environment) : undefined;
}

function valueOf<T>(setting: Setting<T>, environment: Environment): T {
  const value = setting.parse(textOf(setting, environment));
  if (value === undefined) throw new ConfigError(problemOf(setting, environment));
  return value;
}

function throwIfAny(problems: readonly string[]): void {
  if (problems.length > 0) throw new ConfigError(problems);
}

/** Hides what looks like a secret: a key may have been pasted into any setting. */
function shown({ secret, wrongIn = (text) => [text] }: Setting<unknown>, text: string): string {
  if (secret === true) return 'something else (not shown, it is a secret)';
  if (looksSecret(text)) return 'what looks like a key, a password or a token (not shown)';
  const parts = wrongIn(text).map((part) => `"${cutWithLength(part)}"`);
  const more = parts.length - mostShown;
  return [...parts.slice(0, mostShown), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}

/** More invalid parts of one setting would hide the problems of the others. */
const mostShown = 20;

function cutWithLength(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}... (${text.length} characters)`;
}

function freeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) freeze(inner);
  return Object.freeze(value);
}
