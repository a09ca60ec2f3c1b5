import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { filesIn, read } from './files';

const run = promisify(execFile);
const maxBuffer = 64 * 1024 * 1024;

/** The version of the Bicep CLI on PATH; undefined without one. */
export async function bicepVersion(): Promise<string | undefined> {
  try {
    const { stdout } = await run('bicep', ['--version']);
    return /\d+\.\d+\.\d+/.exec(stdout)?.[0];
  } catch {
    return undefined;
  }
}

/** What the compiler, the linter and the formatter have to say, a line each. */
export async function bicepProblems(root: string): Promise<string[]> {
  const infra = join(root, 'infra');
  const spoken = await Promise.all([
    wordsOf('build', join(infra, 'main.bicep'), '--stdout'),
    wordsOf('build-params', join(infra, 'main.bicepparam'), '--stdout'),
    wordsOf('lint', join(infra, 'main.bicep')),
  ]);
  return [...new Set(spoken.flat()), ...(await unformatted(root))];
}

/** Errors and warnings alike go to stderr; lint says them on stdout in some versions. */
async function wordsOf(...args: string[]): Promise<string[]> {
  const { stdout, stderr } = await bicep(...args);
  const text = args.includes('--stdout') ? stderr : stderr + stdout;
  return text.split(/\r?\n/).filter((line) => / : (?:Error|Warning) /.test(line));
}

/** What the CLI says, whatever its exit code. */
export async function bicep(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  try {
    return await run('bicep', args, { maxBuffer });
  } catch (error) {
    // It ended with a code; any other error, such as no such program, has neither.
    if (typeof error === 'object' && error !== null && 'stdout' in error && 'stderr' in error)
      return { stdout: String(error.stdout), stderr: String(error.stderr) };
    throw error;
  }
}

async function unformatted(root: string): Promise<string[]> {
  const copy = await mkdtemp(join(tmpdir(), 'infra-'));
  try {
    await cp(join(root, 'infra'), join(copy, 'infra'), { recursive: true });
    await run('bicep', ['format', '--pattern', '**/*.bicep', '--newline-kind', 'LF'], { cwd: copy, maxBuffer });
    await run('bicep', ['format', join(copy, 'infra', 'main.bicepparam'), '--newline-kind', 'LF'], { maxBuffer });
    return filesIn(root, 'infra', '.bicep', '.bicepparam')
      .filter((file) => read(root, file) !== read(copy, file))
      .map((file) => `${file} is not formatted: run "bicep format ${file}"`);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
