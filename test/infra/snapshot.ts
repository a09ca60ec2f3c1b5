import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { bicep } from '../../scripts/infra/bicepCli';
import { type JsonObject, parseJson } from '../../shared/json';
import { objectOf, objectsIn } from './json';

export const root = resolve(__dirname, '../..');
export const subscription = '00000000-0000-0000-0000-000000000000';

const hasBicep = spawnSync('bicep', ['--version']).status === 0;
/** For tests that need the Bicep CLI. Skipped without it, unless it is required, as in CI. */
export const testWithBicep = hasBicep || process.env['BICEP_REQUIRED'] === '1' ? test : test.skip;

/** The resources of a deployment with main.bicepparam, as far as Bicep knows them without Azure. */
export async function defaultResources(): Promise<JsonObject[]> {
  return resourcesOf('main.bicep');
}

/** The resources of a deployment with these parameters; all others have their defaults. @throws if the template rejects them. */
export async function resources(parameters: JsonObject, template = 'main.bicep'): Promise<JsonObject[]> {
  const given = template === 'main.bicep' ? { name: 'netsessions', ...parameters } : parameters;
  return resourcesOf(template, [
    `using '${template.replace(/^.*\//, '')}'`,
    ...Object.entries(given).map(([name, value]) => `param ${name} = json('''${JSON.stringify(value)}''')`),
  ]);
}

/** `bicep snapshot` writes beside the parameter file, so it works in a copy. */
async function resourcesOf(template: string, ownLines?: readonly string[]): Promise<JsonObject[]> {
  const copy = mkdtempSync(join(tmpdir(), 'bicep-'));
  try {
    cpSync(join(root, 'infra'), join(copy, 'infra'), { recursive: true });
    cpSync(join(root, 'host.json'), join(copy, 'host.json'));
    const file = join(copy, 'infra', dirname(template), ownLines === undefined ? 'main' : 'own');
    if (ownLines !== undefined) writeFileSync(`${file}.bicepparam`, ownLines.join('\n'));
    const group = ['--subscription-id', subscription, '--resource-group', 'rg', '--location', 'westeurope'];
    const { stderr } = await bicep('snapshot', `${file}.bicepparam`, '--tenant-id', subscription, ...group);
    if (!existsSync(`${file}.snapshot.json`)) throw new Error(stderr);
    return objectsIn(objectOf(parseJson(readFileSync(`${file}.snapshot.json`, 'utf8')))['predictedResources']);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
