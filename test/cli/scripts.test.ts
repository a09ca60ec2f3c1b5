import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import manifest from '../../package.json';
import { commands, root } from '../programs';

/** Other tests run bundles of the commands; what npm runs are the sources. */
test.each(commands)('npm run %s loads the sources: it ends with 0 and says how it is used', async (command) => {
  const script = `node --import tsx cli/${command}.ts`;
  expect(manifest.scripts).toMatchObject({ [command]: script });
  const args = ['--import', 'tsx', join(root, 'cli', `${command}.ts`), '--help'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  expect(stdout).toContain('Usage: npm ');
});
