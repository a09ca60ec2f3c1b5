import { settings } from '../shared/appSettings';
import { readArguments, wholeNumber } from './common/arguments';
import { exitCodes, run, UsageError } from './common/exit';
import { type SettingsSource, settingsFrom } from './common/settingsSource';
import { columnsOf, fitted } from './common/terminal';
import { runAsim } from './doctor/asim/asimCommand';
import { checks } from './doctor/checks/allChecks';
import { askAzure } from './doctor/deployedApp';
import { Deployment } from './doctor/deployment';
import { countsOf, reportText } from './doctor/doctorReport';
import { examine } from './doctor/examine';
import { runSend } from './doctor/send/sendCommand';
import { SignIns } from './doctor/signIns';
import { workspaceAccess, workspaceSettings } from './doctor/workspaceAccess';

const usage = `Usage: npm run doctor -- [options]
       npm run doctor -- --send [options]
       npm run doctor -- --asim --workspace ID [options]
  Checks the settings of the app, and the services that they lead to.
  --settings FILE   the settings of a local.settings.json (default: the
                    environment)
  --app NAME --resource-group GROUP
                    the settings and the roles of a Function App in Azure; needs
                    the Azure CLI (az login)
  --workspace ID    resource id of the workspace of the rows, to see whether
                    Sentinel counts sessions twice (default: that of the app's
                    DCR with --app, or ROWS_WORKSPACE_RESOURCE_ID in the
                    settings)
  --timeout S       time limit of one question in seconds, 1 to 120 (default 15)
  --strict          exit with 1 also for a warning and for an unknown
  --json            print one JSON object in the last line of standard output
With --send it sends one marked record through the hub instead of the checks,
and waits until a query finds its row in the workspace. For each step it tells
how long it takes:
  --hub NAME        the hub, if the app reads several
  --wait S          how long to look for the row, 1 to 7200 s (default 900; on a
                    laptop 60)
With --asim it looks at how Microsoft Sentinel's parsers find the rows, instead
of the checks, and prints the lines to add where another source's function is:
  --register        write the app's parsers, and the functions by which Sentinel
                    calls them; never over a function of somebody else
  --exclude-built-in
                    stop Microsoft's parser of the same events, if no device
                    disappears by that
  --unregister      remove what these two wrote
In another cloud than Azure's public one:
  --management URL  (default ROWS_WORKSPACE_MANAGEMENT_ENDPOINT in the settings,
                    else https://management.azure.com)
  --query URL       (default ROWS_WORKSPACE_QUERY_ENDPOINT in the settings, else
                    https://api.loganalytics.azure.com)
Without --send and the three options that write it changes nothing: it sends
no event, stores no row, takes no partition from the app. It signs in as the
managed identity of this machine if there is one, otherwise as you (az login,
azd auth login, Connect-AzAccount).
Exit codes: 0 nothing is wrong, or the row was found; 1 something is wrong;
2 it could not start.`;

async function main(): Promise<number> {
  const { values } = readArguments(
    {
      settings: { type: 'string' },
      app: { type: 'string' },
      'resource-group': { type: 'string' },
      workspace: { type: 'string' },
      send: { type: 'boolean', default: false },
      hub: { type: 'string' },
      wait: { type: 'string' },
      asim: { type: 'boolean', default: false },
      register: { type: 'boolean', default: false },
      'exclude-built-in': { type: 'boolean', default: false },
      unregister: { type: 'boolean', default: false },
      management: { type: 'string' },
      query: { type: 'string' },
      timeout: { type: 'string', default: '15' },
      strict: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
    usage,
  );
  const { settings: file, app, 'resource-group': group, send, asim, unregister } = values;
  if ((app === undefined) !== (group === undefined) || (app !== undefined && file !== undefined)) {
    throw new UsageError('--app and --resource-group belong together, and neither goes with --settings.', { usage });
  }
  const writes = values.register || values['exclude-built-in'];
  if ((writes || unregister) && !asim) {
    throw new UsageError('--register, --exclude-built-in and --unregister need --asim.', { usage });
  }
  if (writes && unregister) {
    throw new UsageError('--unregister goes neither with --register nor with --exclude-built-in.', { usage });
  }
  if (send && asim) throw new UsageError('--send and --asim: choose one.', { usage });
  if (!send && (values.hub !== undefined || values.wait !== undefined)) {
    throw new UsageError('--hub and --wait need --send.', { usage });
  }
  const waitSeconds = values.wait === undefined ? undefined : wholeNumber('wait', values.wait, 1, 7200);
  const seconds = wholeNumber('timeout', values.timeout, 1, 120);
  const deployed = app === undefined || group === undefined ? undefined : await askAzure(app, group, process.env);
  const given = deployed?.settings ?? (await settingsFrom(file));
  const setting = (name: keyof typeof workspaceSettings): string | undefined =>
    given.environment[workspaceSettings[name]]?.trim() || undefined;
  const id = values.workspace ?? deployed?.workspaceId ?? setting('id');
  const management = values.management ?? setting('management') ?? 'https://management.azure.com';
  const query = values.query ?? setting('query') ?? 'https://api.loganalytics.azure.com';
  const workspace = id === undefined ? undefined : workspaceAccess(id, management, query);
  if (asim) {
    if (workspace === undefined) throw new UsageError(nameTheWorkspace('asim'));
    const { environment } = given;
    return runAsim(workspace, new SignIns(environment, seconds), {
      register: values.register,
      excludeBuiltIn: values['exclude-built-in'],
      unregister,
      strict: values.strict,
      json: values.json,
      seconds,
    });
  }
  const source = checkedSource(given);
  const deployment = new Deployment(source.environment, deployed, seconds, workspace);
  if (send) {
    if (workspace === undefined) throw new UsageError(nameTheWorkspace('send'));
    const wait = waitSeconds ?? (deployment.isLocal ? 60 : 900);
    return runSend(source, deployment, workspace, { hub: values.hub, waitSeconds: wait, json: values.json });
  }
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

function nameTheWorkspace(mode: 'asim' | 'send'): string {
  return `--${mode} needs the workspace of the rows:\n  npm run doctor -- --${mode} --workspace RESOURCE_ID\n  npm run doctor -- --${mode} --app NAME --resource-group GROUP\nAn azd environment has it: azd env get-value ${workspaceSettings.id}`;
}

function checkedSource(source: SettingsSource): SettingsSource {
  const isAnySet = Object.values(settings).some(({ name }) => (source.environment[name] ?? '').trim() !== '');
  if (isAnySet) return source;
  throw new UsageError(
    `${source.name === 'the environment' ? 'The environment' : source.name} holds no setting of the app. Name the settings to check:\n  npm run doctor -- --settings local.settings.json\n  npm run doctor -- --app NAME --resource-group GROUP\nnpm start prints the command for the app that it runs.`,
  );
}

void run(main);
