import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import manifest from '../../package.json';
import { commands, root, sources } from '../programs';

/** Other tests run bundles of the commands; what npm runs are the sources. All in one process, as each would load the SDKs. */
test('npm run <command> runs the sources: they load, and each prints its usage', async () => {
  for (const [command, source] of Object.entries(sources)) {
    expect(manifest.scripts).toMatchObject({ [command]: `node -r ./cli/supported.cjs --import tsx ${source}` });
  }
  const imports = Object.values(sources).map((source) => `await import('./${source}');`);
  // None ends the process before the others have said anything.
  const script = ['process.exit = () => undefined;', ...imports].join('\n');
  const args = ['--import', 'tsx', '--input-type', 'module', '--eval', script, '--', '--help'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  const told = Array.from(stdout.matchAll(/^Usage: npm (?:run )?([\w-]+)/gm), ([, name = '']) => name);
  expect(told.toSorted()).toEqual(commands.toSorted());
});
