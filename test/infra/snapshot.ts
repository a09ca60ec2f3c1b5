import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { bicep, bicepProblems, type CompiledTemplate, compiledTemplate } from '../../scripts/infra/bicepCli';
import { type JsonObject, parseJson } from '../../shared/json';
import { objectOf, objectsIn } from './json';

export const root = resolve(__dirname, '../..');
export const subscription = '00000000-0000-0000-0000-000000000000';

const hasBicep = spawnSync('bicep', ['--version']).status === 0;
/** For tests that need the Bicep CLI. Skipped without it, unless it is required, as in CI. */
export const testWithBicep = hasBicep || process.env['BICEP_REQUIRED'] === '1' ? test : test.skip;

let compilation: Promise<CompiledTemplate> | undefined;

/** The template and its default parameters, compiled once for all tests of a file. */
export async function compiled(): Promise<CompiledTemplate> {
  compilation ??= (async () => {
    const found = await compiledTemplate(root);
    if (found === undefined) throw new Error((await bicepProblems(root)).join('\n'));
    return found;
  })();
  return compilation;
}

/**
 * The resources of a deployment, as far as Bicep knows them without Azure: with main.bicepparam, or with these parameters and
 * otherwise the defaults. @throws if the template rejects them.
 */
export async function resources(parameters?: JsonObject, template = 'main.bicep'): Promise<JsonObject[]> {
  if (parameters === undefined) return resourcesOf(template);
  const given = template === 'main.bicep' ? { name: 'netsessions', ...parameters } : parameters;
  const lines = Object.entries(given).map(([name, value]) => `param ${name} = json('''${JSON.stringify(value)}''')`);
  return resourcesOf(template, [`using '${basename(template)}'`, ...lines]);
}

/** Why the template rejects these parameters. */
export async function refusal(parameters: JsonObject): Promise<string> {
  return resources(parameters).then(
    () => 'not rejected',
    (error: unknown) => String(error),
  );
}

/** The resources of a deployment in this cloud, by Azure Resource Manager's name for it. */
export async function resourcesInCloud(cloud: string): Promise<JsonObject[]> {
  const { template } = await compiled();
  const inCloud = JSON.stringify(template).replaceAll('environment().name', `'${cloud}'`);
  return resourcesOf('own.json', ["using './own.json'", "param name = 'netsessions'"], inCloud);
}

/** `bicep snapshot` writes beside the parameter file, so it works in a copy. */
async function resourcesOf(
  template: string,
  ownLines?: readonly string[],
  ownTemplate?: string,
): Promise<JsonObject[]> {
  const copy = mkdtempSync(join(tmpdir(), 'bicep-'));
  try {
    cpSync(join(root, 'infra'), join(copy, 'infra'), { recursive: true });
    cpSync(join(root, 'host.json'), join(copy, 'host.json'));
    const file = join(copy, 'infra', dirname(template), ownLines === undefined ? 'main' : 'own');
    if (ownLines !== undefined) writeFileSync(`${file}.bicepparam`, ownLines.join('\n'));
    if (ownTemplate !== undefined) writeFileSync(join(copy, 'infra', template), ownTemplate);
    const group = ['--subscription-id', subscription, '--resource-group', 'rg', '--location', 'westeurope'];
    const { stderr } = await bicep('snapshot', `${file}.bicepparam`, '--tenant-id', subscription, ...group);
    if (!existsSync(`${file}.snapshot.json`)) throw new Error(stderr);
    return objectsIn(objectOf(parseJson(readFileSync(`${file}.snapshot.json`, 'utf8')))['predictedResources']);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
