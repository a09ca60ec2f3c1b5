import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Environment } from '../../shared/config';
import { UsageError } from '../common/exit';
import { environmentOf, fieldsOf, type SettingsSource } from '../common/settingsSource';

/** A Function App in Azure, as the Azure CLI describes it. */
export interface DeployedApp {
  readonly settings: SettingsSource;
  /** Such as `node 22`; undefined where the plan tells it elsewhere. */
  readonly runtime: string | undefined;
  /** Of an instance, in MB; undefined where the plan does not say. */
  readonly memoryMb: number | undefined;
  /** Roles of the app's identities, each with the scope that it holds for. */
  readonly roles: readonly { readonly role: string; readonly scope: string }[];
}

const run = promisify(execFile);
/** The CLI takes seconds for every call. */
const longestMs = 60_000;

/** @throws UsageError when the CLI is missing, nobody is signed in, or there is no such app. */
export async function askAzure(name: string, resourceGroup: string, environment: Environment): Promise<DeployedApp> {
  const az = commandLine(environment);
  for (const text of [name, resourceGroup]) {
    // On Windows the CLI is a batch file, whose arguments a shell reads.
    if (!/^[\w.()-]{1,90}$/.test(text)) throw new UsageError(`"${text}" is no name of an app or a resource group.`);
  }
  const which = ['--name', name, '--resource-group', resourceGroup];
  const [settings, app] = await Promise.all([
    az('functionapp', 'config', 'appsettings', 'list', ...which),
    az('functionapp', 'show', ...which),
  ]);
  const pairs = listOf(settings).map((setting): [string, unknown] => {
    const { name: settingName, value } = fieldsOf(setting);
    return [String(settingName), value ?? ''];
  });
  const { functionAppConfig, siteConfig, identity } = fieldsOf(app);
  const { runtime, scaleAndConcurrency } = fieldsOf(functionAppConfig);
  const { instanceMemoryMB } = fieldsOf(scaleAndConcurrency);
  return {
    settings: { name: `the app ${name}`, environment: environmentOf(pairs, `the app ${name}`) },
    runtime: runtimeOf(fieldsOf(runtime), fieldsOf(siteConfig)),
    memoryMb: typeof instanceMemoryMB === 'number' ? instanceMemoryMB : undefined,
    roles: (await Promise.all(principalsOf(fieldsOf(identity)).map(async (id) => rolesOf(id, az)))).flat(),
  };
}

function runtimeOf(
  flex: Readonly<Record<string, unknown>>,
  site: Readonly<Record<string, unknown>>,
): string | undefined {
  if (typeof flex['name'] === 'string') return `${flex['name']} ${String(flex['version'])}`;
  const { linuxFxVersion } = site;
  return typeof linuxFxVersion === 'string' && linuxFxVersion !== ''
    ? linuxFxVersion.replace('|', ' ').toLowerCase()
    : undefined;
}

function principalsOf(identity: Readonly<Record<string, unknown>>): string[] {
  const assigned = Object.values(fieldsOf(identity['userAssignedIdentities'])).map(fieldsOf);
  return [identity, ...assigned].map((one) => one['principalId']).filter((id) => typeof id === 'string');
}

async function rolesOf(principal: string, az: CommandLine): Promise<DeployedApp['roles']> {
  const assignments = await az('role', 'assignment', 'list', '--assignee', principal, '--all');
  return listOf(assignments).map((assignment) => {
    const { roleDefinitionName, scope } = fieldsOf(assignment);
    return { role: String(roleDefinitionName), scope: String(scope) };
  });
}

type CommandLine = (...args: readonly string[]) => Promise<unknown>;

/** What `az` prints, as JSON. */
function commandLine(environment: Environment): CommandLine {
  const isWindows = process.platform === 'win32';
  return async (...args) => {
    try {
      const { stdout } = await run(isWindows ? 'az.cmd' : 'az', [...args, '--output', 'json'], {
        env: environment,
        timeout: longestMs,
        maxBuffer: 64 * 1024 * 1024,
        shell: isWindows,
      });
      const printed: unknown = JSON.parse(stdout);
      return printed;
    } catch (error) {
      const { code, stderr, killed } = fieldsOf(error);
      if (code === 'ENOENT') throw new UsageError('--app needs the Azure CLI (az), which is not installed here.');
      const text = String(stderr ?? error)
        .trim()
        .split('\n', 3)
        .join(' ');
      const said = killed === true ? `no answer within ${longestMs / 1000} s` : text;
      throw new UsageError(
        `"az ${args.join(' ')}" failed: ${said}\nSign in with "az login", choose the subscription, and check the names.`,
      );
    }
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
