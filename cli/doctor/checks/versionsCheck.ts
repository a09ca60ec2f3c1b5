import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import manifest from '../../../package.json';
import { fieldsOf } from '../../common/settingsSource';
import type { Check } from '../doctorCheck';
import { type Finding, ok, trouble } from '../finding';

const root = resolve(__dirname, '../../..');

export const versionsCheck: Check = {
  id: 'versions',
  question: 'Do the versions fit together?',
  how: 'Node against `engines` of package.json; the installed packages against the versions pinned there; with `--app` the runtime of the app; `FUNCTIONS_EXTENSION_VERSION` and `FUNCTIONS_WORKER_RUNTIME` where they are set.',
  run: async ({ environment, app }) => {
    const findings = [
      ...nodeHere(),
      ...nodeThere(app?.runtime),
      ...platform('FUNCTIONS_EXTENSION_VERSION', environment['FUNCTIONS_EXTENSION_VERSION'], '~4'),
      ...platform('FUNCTIONS_WORKER_RUNTIME', environment['FUNCTIONS_WORKER_RUNTIME'], 'node'),
    ];
    return [...findings, await packages()];
  },
};

function nodeHere(): Finding[] {
  const least = manifest.engines.node.replace('>=', '');
  const found = `Node ${process.versions.node}; ${least} or later is needed.`;
  return [
    isAtLeast(process.versions.node, least)
      ? ok('Node here', found)
      : trouble('wrong', 'Node here', found, 'Install a later Node.'),
  ];
}

function nodeThere(runtime: string | undefined): Finding[] {
  if (runtime === undefined) return [];
  const major = Number(/^node (\d+)/.exec(runtime)?.[1] ?? Number.NaN);
  if (major >= 20) return [ok('Node of the app', `The app runs ${runtime}.`)];
  return [trouble('wrong', 'Node of the app', `The app runs ${runtime}.`, 'Set the runtime to Node 22.')];
}

function platform(name: string, value: string | undefined, expected: string): Finding[] {
  if (value === undefined || value === expected) return [];
  return [trouble('wrong', name, `Is "${value}".`, `Set it to ${expected}.`)];
}

async function packages(): Promise<Finding> {
  const differences: string[] = [];
  for (const [name, pinned] of Object.entries(manifest.dependencies)) {
    const installed = await versionOf(name);
    if (installed !== pinned) differences.push(`${name} ${installed ?? 'missing'} (pinned ${pinned})`);
  }
  if (differences.length === 0)
    return ok('packages', `All ${Object.keys(manifest.dependencies).length} are installed as pinned.`);
  return trouble('warning', 'packages', `Not as pinned: ${differences.join(', ')}.`, 'Run npm ci.');
}

async function versionOf(name: string): Promise<string | undefined> {
  try {
    const { version } = fieldsOf(JSON.parse(await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8')));
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}

function isAtLeast(version: string, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split('.').map(Number));
  for (const [i, part] of (b ?? []).entries()) {
    const other = a?.[i] ?? 0;
    if (other !== part) return other > part;
  }
  return true;
}
