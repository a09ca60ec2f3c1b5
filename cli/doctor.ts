import { settings } from '../shared/appSettings';
import { readArguments, wholeNumber } from './common/arguments';
import { exitCodes, run, UsageError } from './common/exit';
import { type SettingsSource, settingsFrom } from './common/settingsSource';
import { columnsOf, fitted } from './common/terminal';
import { checks } from './doctor/checks/allChecks';
import { askAzure, type DeployedApp } from './doctor/deployedApp';
import { Deployment } from './doctor/deployment';
import { countsOf, reportText } from './doctor/doctorReport';
import { examine } from './doctor/examine';

const usage = `Usage: npm run doctor -- [options]
  Checks the settings of the app, and the services that they lead to.
  --settings FILE   the settings of a local.settings.json (default: the
                    environment)
  --app NAME --resource-group GROUP
                    the settings and the roles of a Function App in Azure; needs
                    the Azure CLI (az login)
  --timeout S       time limit of one question in seconds, 1 to 120 (default 15)
  --strict          exit with 1 also for a warning and for an unknown
  --json            print one JSON object in the last line of standard output
It changes nothing: it sends no event, stores no row, takes no partition from the
app. It signs in as the managed identity of this machine if there is one,
otherwise as you (az login, azd auth login, Connect-AzAccount).
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
  const { settings: file, app, 'resource-group': group } = values;
  if ((app === undefined) !== (group === undefined) || (app !== undefined && file !== undefined)) {
    throw new UsageError('--app and --resource-group belong together, and neither goes with --settings.', { usage });
  }
  const seconds = wholeNumber('timeout', values.timeout, 1, 120);
  const deployed = app === undefined || group === undefined ? undefined : await askAzure(app, group, process.env);
  const source = await sourceOf(file, deployed);
  const deployment = new Deployment(source.environment, deployed, seconds);
  const asking = `Checking the settings of ${source.name}; this takes at most ${seconds * 3} s.`;
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
    `${source.name === 'the environment' ? 'The environment' : source.name} holds no setting of the app. Name the settings to check:\n  npm run doctor -- --settings local.settings.json\n  npm run doctor -- --app NAME --resource-group GROUP\nnpm start prints the command for the app that it runs.`,
  );
}

void run(main);
