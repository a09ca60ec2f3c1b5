import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { settings } from '../shared/appSettings';
import { fieldsOf } from '../shared/fieldsOf';
import { readArguments } from './common/arguments';
import { errorCode } from './common/errorText';
import { exitCodes, run, UsageError } from './common/exit';
import { parsedJson } from './common/parsedJson';
import { quoted } from './common/terminal';

const usage = `Usage: npm run azd-settings
  Writes the settings of the app that azd has deployed to
  .azure/ENVIRONMENT/commands.settings.json, for --settings of the commands. azd
  runs it after each deployment of the template, with its outputs in the
  environment. By hand: azd hooks run postprovision.
  The file holds names and addresses, and no secret: the commands sign in as
  you.
  A file of that name that it has not written stays as it is.
Exit codes: 0 written, or left as it is; 2 could not start.`;

/** The setting of the app, or of the commands, for each output of the template. */
const outputs: Readonly<Record<string, string>> = {
  EVENT_HUB_HOST: settings.eventHubNamespace.name,
  EVENT_HUB_NAMES: settings.eventHubNames.name,
  EVENT_HUB_CONSUMER_GROUP: settings.consumerGroup.name,
  DEAD_LETTER_EVENT_HUB: settings.deadLetterEventHub.name,
  LOGS_INGESTION_ENDPOINT: settings.endpoint.name,
  LOGS_INGESTION_RULE_IDS: settings.ruleIds.name,
  LOGS_INGESTION_STREAM: settings.stream.name,
  LOGS_INGESTION_AUDIENCE: settings.audience.name,
  STORAGE_BLOB_ENDPOINT: 'AzureWebJobsStorage__blobServiceUri',
  ROWS_WORKSPACE_RESOURCE_ID: 'ROWS_WORKSPACE_RESOURCE_ID',
};

const madeBy = 'npm run azd-settings';

async function main(): Promise<number> {
  readArguments({}, usage);
  const name = valueOf('AZURE_ENV_NAME');
  const missing = ['AZURE_ENV_NAME', ...Object.keys(outputs)].filter((output) => valueOf(output) === '');
  if (missing.length > 0) {
    const absent = missing.join(', ');
    throw new UsageError(`The environment lacks what azd sets: ${absent}. Run it by azd: azd hooks run postprovision`);
  }
  // azd's own rule for names, without those that leave the folder.
  if (!/^[\w()-][\w.()-]{0,63}$/.test(name))
    throw new UsageError(`AZURE_ENV_NAME is no name that azd gives: "${name}".`);
  const shown = `.azure/${name}/commands.settings.json`;
  const file = resolve(shown);
  if (await isOfSomebodyElse(file)) {
    console.log(`${quoted(shown)} is not a file of this command, so it stays as it is. Rename it to get a new one.`);
    return exitCodes.well;
  }
  const values = Object.fromEntries(Object.entries(outputs).map(([output, setting]) => [setting, valueOf(output)]));
  await mkdir(dirname(file), { recursive: true });
  const content = { MadeBy: madeBy, IsEncrypted: false, Values: values };
  await writeFile(file, `${JSON.stringify(content, undefined, 2)}\n`);
  console.log(`The settings for the commands are in ${quoted(shown)}; no secret is in it.`);
  return exitCodes.well;
}

function valueOf(name: string): string {
  return (process.env[name] ?? '').trim();
}

/** @throws the system's error when there is a file that cannot be read */
async function isOfSomebodyElse(file: string): Promise<boolean> {
  try {
    const { MadeBy: made } = fieldsOf(parsedJson(await readFile(file)));
    return made !== madeBy;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

void run(main);
