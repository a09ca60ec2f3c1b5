import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Environment } from '../../shared/config';
import { fieldsOf } from '../../shared/fieldsOf';
import { textOf } from '../azure/jsonText';
import { UsageError } from '../common/exit';
import { environmentOf, type SettingsSource } from '../common/settingsSource';

/** A Function App in Azure, as the Azure CLI describes it. */
export interface DeployedApp {
  readonly settings: SettingsSource;
  /** Such as `node 22`; undefined where the app does not say. */
  readonly runtime: string | undefined;
  /** Memory of an instance in MB; undefined if the app's properties do not have it. */
  readonly memoryMb: number | undefined;
  /** Roles of the app's identities, each with its scope. */
  readonly roles: readonly { readonly role: string; readonly scope: string }[];
  /** Resource id of the workspace that the app's DCRs write to; undefined if none of them was found. */
  readonly workspaceId?: string | undefined;
}

const run = promisify(execFile);
/** The CLI takes seconds for every call. */
const timeoutMs = 60_000;

/** @throws UsageError when the CLI is missing, nobody is signed in, or there is no such app. */
export async function askAzure(name: string, resourceGroup: string, environment: Environment): Promise<DeployedApp> {
  for (const text of [name, resourceGroup]) {
    // On Windows the CLI is a batch file, so a shell reads its arguments.
    if (!/^[\w.()-]{1,90}$/.test(text)) throw new UsageError(`"${text}" is no name of an app or a resource group.`);
  }
  const az = async (...args: readonly string[]): Promise<unknown> => azureCli(args, environment);
  const which = ['--name', name, '--resource-group', resourceGroup];
  const dcrs = `/subscriptions/{subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Insights/dataCollectionRules?api-version=2023-03-11`;
  const [settings, app, rules] = await Promise.all([
    az('functionapp', 'config', 'appsettings', 'list', ...which),
    az('functionapp', 'show', ...which),
    // Only one check needs it, and says what it lacks.
    az('rest', '--method', 'get', '--url', dcrs).catch(() => undefined),
  ]);
  const pairs = listOf(settings).map((setting): [string, unknown] => [String(setting['name']), setting['value'] ?? '']);
  const { functionAppConfig, siteConfig, identity } = fieldsOf(app);
  const { runtime, scaleAndConcurrency } = fieldsOf(functionAppConfig);
  const { instanceMemoryMB } = fieldsOf(scaleAndConcurrency);
  const roles = principalsOf(fieldsOf(identity)).map(async (principal) => {
    const assignments = await az('role', 'assignment', 'list', '--assignee', principal, '--all');
    return listOf(assignments).map((one) => ({ role: String(one['roleDefinitionName']), scope: String(one['scope']) }));
  });
  return {
    settings: { name: `the app ${name}`, environment: environmentOf(pairs, `the app ${name}`) },
    runtime: runtimeOf(fieldsOf(runtime), fieldsOf(siteConfig)),
    memoryMb: typeof instanceMemoryMB === 'number' ? instanceMemoryMB : undefined,
    roles: (await Promise.all(roles)).flat(),
    workspaceId: workspaceOf(listOf(fieldsOf(rules)['value']), new Map(pairs).get('LOGS_INGESTION_RULE_IDS')),
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** The workspace of the first of these DCRs that the app sends to. */
function workspaceOf(dcrs: readonly Fields[], ruleIds: unknown): string | undefined {
  const own = new Set(
    textOf(ruleIds)
      .split(',')
      .map((id) => id.trim()),
  );
  const properties = dcrs
    .map((dcr) => fieldsOf(dcr['properties']))
    .find(({ immutableId }) => own.has(String(immutableId)));
  const [workspace] = listOf(fieldsOf(properties?.['destinations'])['logAnalytics']);
  const id = workspace?.['workspaceResourceId'];
  return typeof id === 'string' ? id : undefined;
}

function runtimeOf(flex: Fields, { linuxFxVersion }: Fields): string | undefined {
  if (typeof flex['name'] === 'string') return `${flex['name']} ${String(flex['version'])}`;
  if (typeof linuxFxVersion !== 'string' || linuxFxVersion === '') return undefined;
  return linuxFxVersion.replace('|', ' ').toLowerCase();
}

function principalsOf(identity: Fields): string[] {
  const assigned = Object.values(fieldsOf(identity['userAssignedIdentities'])).map(fieldsOf);
  return [identity, ...assigned].map((one) => one['principalId']).filter((id) => typeof id === 'string');
}

/** What `az` prints, as JSON. */
async function azureCli(args: readonly string[], env: Environment): Promise<unknown> {
  const isWindows = process.platform === 'win32';
  try {
    const options = { env, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024, shell: isWindows };
    const { stdout } = await run(isWindows ? 'az.cmd' : 'az', [...args, '--output', 'json'], options);
    const printed: unknown = JSON.parse(stdout);
    return printed;
  } catch (error) {
    const { code, stderr, killed } = fieldsOf(error);
    if (code === 'ENOENT') throw new UsageError('--app needs the Azure CLI (az), which is not installed here.');
    const lines = String(stderr ?? error)
      .trim()
      .split('\n', 3);
    const reason = killed === true ? `no answer within ${timeoutMs / 1000} s` : lines.join(' ');
    throw new UsageError(
      `"az ${args.join(' ')}" failed: ${reason}\nSign in with "az login", choose the subscription, and check the names.`,
    );
  }
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}
