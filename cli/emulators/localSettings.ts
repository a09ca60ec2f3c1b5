import { writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { quoted } from '../common/terminal';
import { workspaceSettings } from '../doctor/workspaceAccess';
import type { Services } from './services';

/** A whole local.settings.json for Azure Functions Core Tools. */
export interface LocalSettings {
  readonly IsEncrypted: false;
  readonly Values: Readonly<Record<string, string>>;
}

/**
 * Settings with which the app and the commands find the emulators. The certificate is not among them: it belongs in the
 * environment of the process that starts Node.
 */
export function localSettings({ appSettings, hub, deadLetterHub, stream, workspace }: Services): LocalSettings {
  const { NODE_EXTRA_CA_CERTS: _, ...settings } = appSettings;
  return {
    IsEncrypted: false,
    Values: {
      FUNCTIONS_WORKER_RUNTIME: 'node',
      AzureWebJobsStorage: 'UseDevelopmentStorage=true',
      ...settings,
      EVENT_HUB_NAMES: hub,
      DEAD_LETTER_EVENT_HUB: deadLetterHub,
      LOGS_INGESTION_STREAM: stream,
      [workspaceSettings.id]: workspace.resourceId,
      [workspaceSettings.management]: workspace.endpoint,
      [workspaceSettings.query]: workspace.endpoint,
    },
  };
}

/** The settings of a run, for `--settings` of the commands. */
export function settingsFileIn(directory: string): string {
  return join(directory, 'local.settings.json');
}

/** Writes it; `more` are settings of the commands alone. */
export async function writeSettings(services: Services, more: Readonly<Record<string, string>> = {}): Promise<void> {
  const { Values: values, ...settings } = localSettings(services);
  const content = { ...settings, Values: { ...values, ...more } };
  await writeFile(settingsFileIn(services.directory), JSON.stringify(content, undefined, 2), { mode: 0o600 });
}

/** The commands of the doctor for a run, to copy and to type in the folder of the project. */
export function doctorLines({ certificate, directory }: Services, root: string): string {
  const doctor = `NODE_EXTRA_CA_CERTS=${quoted(pathBelow(root, certificate))} npm run doctor --`;
  const option = `--settings ${quoted(pathBelow(root, settingsFileIn(directory)))}`;
  return `Check the app and its services:
  ${doctor} ${option}
Send one record, and wait until a query finds its row:
  ${doctor} --send ${option}`;
}

/** A path as it is typed in the folder of the project. */
export function pathBelow(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}
