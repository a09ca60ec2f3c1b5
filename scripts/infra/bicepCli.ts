import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isObject, type Json, type JsonObject, parseJson } from '../../shared/json';
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

/** infra/main.bicep and infra/main.bicepparam, as JSON for Azure Resource Manager. */
export interface CompiledTemplate {
  readonly template: JsonObject;
  /** By name, each with its `value`. */
  readonly parameters: JsonObject;
}

/** Compiles without the environment variables that parameters read. Undefined when it does not compile: `bicepProblems` says why. */
export async function compiledTemplate(root: string): Promise<CompiledTemplate | undefined> {
  const { stdout } = await bicep('build-params', join(root, 'infra', 'main.bicepparam'), '--stdout');
  if (stdout.trim() === '') return undefined;
  const { templateJson, parametersJson } = objectIn(stdout);
  const { parameters } = objectIn(parametersJson);
  if (!isObject(parameters)) throw new TypeError('bicep build-params printed no parameters');
  return { template: objectIn(templateJson), parameters };
}

function objectIn(text: Json | undefined): JsonObject {
  const value = typeof text === 'string' ? parseJson(text) : undefined;
  if (!isObject(value)) throw new TypeError('bicep build-params printed something else than a JSON object');
  return value;
}

/** What the compiler, the linter and the formatter report, one line each. */
export async function bicepProblems(root: string): Promise<string[]> {
  const infra = join(root, 'infra');
  const reports = await Promise.all([
    problemsOf('build', join(infra, 'main.bicep'), '--stdout'),
    problemsOf('build-params', join(infra, 'main.bicepparam'), '--stdout'),
    problemsOf('lint', join(infra, 'main.bicep')),
  ]);
  return [...new Set(reports.flat()), ...(await unformatted(root))];
}

/** Errors and warnings alike go to stderr; some versions of `lint` print them on stdout. */
async function problemsOf(...args: string[]): Promise<string[]> {
  const { stdout, stderr } = await bicep(...args);
  const text = args.includes('--stdout') ? stderr : stderr + stdout;
  return text.split(/\r?\n/).filter((line) => / : (?:Error|Warning) /.test(line));
}

/** What the CLI prints, whatever its exit code. */
export async function bicep(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const { AZURE_ENV_NAME: _, WORKSPACE_RESOURCE_ID: _1, TELEMETRY_WORKSPACE_RESOURCE_ID: _2, ...env } = process.env;
  try {
    return await run('bicep', args, { maxBuffer, env });
  } catch (error) {
    // A process that ended with an exit code has both; any other error, such as a missing program, has neither.
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
