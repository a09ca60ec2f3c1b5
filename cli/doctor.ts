import { settings } from '../shared/settings';
import { readArguments, wholeNumber } from './common/arguments';
import { exitCodes, run, UsageError } from './common/exit';
import { type SettingsSource, settingsFrom } from './common/settingsSource';
import { columnsOf, fitted } from './common/terminal';
import { checks } from './doctor/allChecks';
import { askAzure, type DeployedApp } from './doctor/deployedApp';
import { Deployment } from './doctor/deployment';
import { countsOf, reportText } from './doctor/doctorReport';
import { examine } from './doctor/examine';

const usage = `Usage: npm run doctor -- [options]
  --settings FILE   check the settings of a local.settings.json (default: those
                    of the environment)
  --app NAME --resource-group GROUP
                    check the settings of a Function App in Azure, and its
                    roles; needs the Azure CLI (az login)
  --timeout S       seconds that one question may take, 1 to 120 (default 15)
  --strict          exit with 1 also for a warning and for what is not known
  --json            make the last line of standard output one JSON object
It changes nothing: no event is sent, no row stored, no partition taken from the
app. Everything is asked as the managed identity of this machine if it has one,
else as you (az login, azd auth login, Connect-AzAccount).
Exit codes: 0 nothing is wrong; 1 something is wrong; 2 could not start.`;

async function main(): Promise<number> {
  const { values } = readArguments(
    {
      settings: { type: 'string' },
      app: { type: 'string' },
      'resource-group': { type: 'string' },
      timeout: { type: 'string', default: '15' },
      strict: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
    usage,
  );
  const { settings: file, app, 'resource-group': resourceGroup } = values;
  if ((app === undefined) !== (resourceGroup === undefined) || (app !== undefined && file !== undefined)) {
    throw new UsageError('--app and --resource-group belong together, and neither goes with --settings.', { usage });
  }
  const seconds = wholeNumber('timeout', values.timeout, 1, 120);
  const deployed =
    app === undefined || resourceGroup === undefined ? undefined : await askAzure(app, resourceGroup, process.env);
  const source = await sourceOf(file, deployed);
  const deployment = new Deployment(source.environment, deployed, seconds);
  const asking = `Settings of ${source.name}. Asking; this takes at most ${seconds * 3} s.`;
  console.error(fitted(asking, columnsOf(process.stderr)));
  const examined = await examine(checks, deployment);
  console.log(reportText(examined, columnsOf(process.stdout)));
  const counts = countsOf(examined);
  if (values.json) console.log(JSON.stringify({ settings: source.name, ...counts, checks: examined }));
  await deployment.close();
  const isWrong = counts.wrong > 0 || (values.strict && counts.warning + counts.unknown > 0);
  return isWrong ? exitCodes.wrong : exitCodes.well;
}

async function sourceOf(file: string | undefined, deployed: DeployedApp | undefined): Promise<SettingsSource> {
  const source = deployed === undefined ? await settingsFrom(file) : deployed.settings;
  const isAnySet = Object.values(settings).some(({ name }) => (source.environment[name] ?? '').trim() !== '');
  if (isAnySet) return source;
  throw new UsageError(
    `${source.name === 'the environment' ? 'The environment' : source.name} holds no setting of the app. Say whose settings are to be checked:\n  npm run doctor -- --settings local.settings.json\n  npm run doctor -- --app NAME --resource-group GROUP\nnpm start prints a line for the app that it runs.`,
  );
}

void run(main);
