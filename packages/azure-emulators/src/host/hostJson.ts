import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fields, isFields } from '../fields';
import { type EventHubsSettings, readEventHubsSettings } from './eventHubsSettings';
import { HostError, messageOf, show } from './hostError';
import type { AppSettings } from './hostSettings';
import { parseTimeSpan } from './hostTimeSpan';
import { logLevels } from './logs';
import type { LogLevel } from './protocol';

export { HostError } from './hostError';

export interface HostSettings {
  /** Milliseconds for one attempt; undefined is without limit. */
  readonly functionTimeoutMs: number | undefined;
  /** Lowest level per log category; the longest category that a line's category begins with wins. */
  readonly logLevels: ReadonlyMap<string, LogLevel>;
  readonly eventHubs: EventHubsSettings;
  /** Settings that the host does not know and ignores, by path. */
  readonly unknown: readonly string[];
}

/** Flex Consumption and the dedicated plans: 30 minutes (ScriptJobHostOptionsSetup.cs in Azure/azure-functions-host). */
const defaultFunctionTimeoutMs = 30 * 60_000;
const shortestFunctionTimeoutMs = 1000;
const bundles = ['Microsoft.Azure.Functions.ExtensionBundle', 'Microsoft.Azure.Functions.ExtensionBundle.Preview'];

const knownKeys = new Set(
  (
    '$schema aggregator concurrency customHandler extensionBundle extensions functionTimeout functions healthMonitor http logging ' +
    'managedDependency queues retry sendCanceledInvocationsToWorker singleton telemetryMode version watchDirectories watchFiles'
  ).split(' '),
);

/**
 * Reads host.json as the host does, but throws for what the host would only fail on later.
 * @throws HostError for a missing or unreadable file, another version than "2.0", no extension bundle, a value of the
 * wrong type or outside its bounds.
 */
export function readHostJson(appDirectory: string, settings: AppSettings = {}): HostSettings {
  const path = join(appDirectory, 'host.json');
  const root = withOverrides(parse(path), settings);
  if (root['version'] !== '2.0') {
    throw new HostError(`${path}: "version" must be "2.0", not ${show(root['version'])}.`);
  }
  checkBundle(root['extensionBundle'], path);
  checkTelemetryMode(root['telemetryMode'], path);
  const extensions = root['extensions'] ?? {};
  if (!isFields(extensions)) {
    throw new HostError(`${path}: "extensions" must be an object, not ${show(extensions)}.`);
  }
  const eventHubs = readEventHubsSettings(extensions['eventHubs'] ?? {}, path);
  return {
    functionTimeoutMs: readFunctionTimeout(root['functionTimeout'], path),
    logLevels: readLogLevels(root['logging'], path),
    eventHubs: eventHubs.settings,
    unknown: [...Object.keys(root).filter((name) => !knownKeys.has(name)), ...eventHubs.unknown],
  };
}

function parse(path: string): Fields {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new HostError(
      `The host cannot read ${path}: ${messageOf(error)}. An app's folder holds host.json, package.json and its build.`,
    );
  }
  if (!isFields(parsed)) {
    throw new HostError(`${path} must hold a JSON object, not ${show(parsed)}.`);
  }
  return parsed;
}

const override = 'AzureFunctionsJobHost__';

/** App settings such as `AzureFunctionsJobHost__extensions__eventHubs__prefetchCount` replace values of the file. */
function withOverrides(root: Fields, settings: AppSettings): Fields {
  let result = root;
  for (const [name, value] of Object.entries(settings)) {
    if (name.toLowerCase().startsWith(override.toLowerCase())) {
      result = withValue(result, name.slice(override.length).split('__'), value);
    }
  }
  return result;
}

function withValue(fields: Fields, [name = '', ...rest]: readonly string[], value: string): Fields {
  const key = Object.keys(fields).find((candidate) => candidate.toLowerCase() === name.toLowerCase()) ?? name;
  const child = fields[key];
  return { ...fields, [key]: rest.length === 0 ? value : withValue(isFields(child) ? child : {}, rest, value) };
}

function checkBundle(bundle: unknown, path: string): void {
  if (bundle === undefined) {
    throw new HostError(
      `${path} names no "extensionBundle": without it the Functions host knows no Event Hubs trigger. ` +
        `Add { "id": "${bundles[0]}", "version": "[4.*, 5.0.0)" }.`,
    );
  }
  if (!isFields(bundle) || typeof bundle['id'] !== 'string' || !bundles.includes(bundle['id'])) {
    throw new HostError(
      `${path}: "extensionBundle.id" must be "${bundles[0]}", not ${show(isFields(bundle) ? bundle['id'] : bundle)}.`,
    );
  }
  const version = bundle['version'];
  if (typeof version !== 'string' || !/^[[(]?\d+\.[\d.*]+\s*(,\s*[\d.]*\s*[\])])?$/.test(version.trim())) {
    throw new HostError(
      `${path}: "extensionBundle.version" must be a version range such as "[4.*, 5.0.0)", not ${show(version)}.`,
    );
  }
}

/** The host's own telemetry; this one sends none. */
function checkTelemetryMode(mode: unknown, path: string): void {
  const modes = ['applicationinsights', 'opentelemetry'];
  if (mode === undefined || (typeof mode === 'string' && modes.includes(mode.toLowerCase()))) return;
  throw new HostError(`${path}: "telemetryMode" must be "ApplicationInsights" or "OpenTelemetry", not ${show(mode)}.`);
}

function readFunctionTimeout(value: unknown, path: string): number | undefined {
  if (value === undefined) return defaultFunctionTimeoutMs;
  if (value === '-1' || value === -1) return undefined;
  const milliseconds = typeof value === 'string' ? parseTimeSpan(value) : undefined;
  if (milliseconds === undefined || milliseconds < shortestFunctionTimeoutMs) {
    throw new HostError(
      `${path}: "functionTimeout" must be a time of at least "00:00:01" (hh:mm:ss) or "-1", not ${show(value)}.`,
    );
  }
  return milliseconds;
}

function readLogLevels(logging: unknown, path: string): ReadonlyMap<string, LogLevel> {
  const levels = new Map<string, LogLevel>();
  const configured = isFields(logging) ? (logging['logLevel'] ?? {}) : {};
  if (!isFields(configured)) {
    throw new HostError(`${path}: "logging.logLevel" must be an object of categories, not ${show(configured)}.`);
  }
  for (const [category, value] of Object.entries(configured)) {
    const level = logLevels.find((known) => known === String(value).toLowerCase());
    if (level === undefined) {
      throw new HostError(
        `${path}: "logging.logLevel.${category}" must be one of ${logLevels.join(', ')}, not ${show(value)}.`,
      );
    }
    levels.set(category.toLowerCase(), level);
  }
  return levels;
}
