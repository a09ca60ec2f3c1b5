import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import manifest from '../../../package.json';
import { fieldsOf } from '../../../shared/fieldsOf';
import type { Check } from '../doctorCheck';
import { type Finding, ok, warning, wrong } from '../finding';

const root = resolve(__dirname, '../../..');

export const versionsCheck: Check = {
  id: 'versions',
  question: 'Do the versions fit together?',
  how: 'Node against `engines` of package.json; the installed packages against the versions pinned there; with `--app` the runtime of the app; `FUNCTIONS_EXTENSION_VERSION` and `FUNCTIONS_WORKER_RUNTIME` where they are set.',
  run: async ({ environment, app }) => [
    nodeHere(),
    ...nodeOfApp(app?.runtime),
    ...platform('FUNCTIONS_EXTENSION_VERSION', environment['FUNCTIONS_EXTENSION_VERSION'], '~4'),
    ...platform('FUNCTIONS_WORKER_RUNTIME', environment['FUNCTIONS_WORKER_RUNTIME'], 'node'),
    await packages(),
  ],
};

function nodeHere(): Finding {
  const least = manifest.engines.node.replace('>=', '');
  const found = `Node ${process.versions.node}; ${least} or later is needed.`;
  const isNewEnough = process.versions.node.localeCompare(least, 'en', { numeric: true }) >= 0;
  return isNewEnough ? ok('Node here', found) : wrong('Node here', found, 'Install a later Node.');
}

function nodeOfApp(runtime: string | undefined): Finding[] {
  if (runtime === undefined) return [];
  const subject = 'Node of the app';
  const found = `The app runs ${runtime}.`;
  const isNewEnough = Number(/^node (\d+)/.exec(runtime)?.[1]) >= 20;
  return [isNewEnough ? ok(subject, found) : wrong(subject, found, 'Set the runtime to Node 22.')];
}

function platform(name: string, value: string | undefined, expected: string): Finding[] {
  if (value === undefined || value === expected) return [];
  return [wrong(name, `Is "${value}".`, `Set it to ${expected}.`)];
}

async function packages(): Promise<Finding> {
  const pinned = Object.entries(manifest.dependencies);
  const differences: string[] = [];
  for (const [name, version] of pinned) {
    const installed = await versionOf(name);
    if (installed !== version) differences.push(`${name} ${installed ?? 'missing'} (pinned ${version})`);
  }
  if (differences.length === 0) return ok('packages', `All ${pinned.length} are installed as pinned.`);
  return warning('packages', `Not as pinned: ${differences.join(', ')}.`, 'Run npm ci.');
}

async function versionOf(name: string): Promise<string | undefined> {
  try {
    const { version } = fieldsOf(JSON.parse(await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8')));
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
