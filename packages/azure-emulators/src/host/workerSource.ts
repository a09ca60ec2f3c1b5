import { join } from 'node:path';
import { build } from 'esbuild';

/** The worker's entry point. */
const entryPoint = join(__dirname, 'worker', 'workerMain.ts');

let compiled: Promise<string> | undefined;

/**
 * The worker program as JavaScript, compiled once per process. A worker runs without a TypeScript loader, so that the app
 * sees the same module system as on the platform.
 */
export function workerSource(): Promise<string> {
  compiled ??= compile();
  return compiled;
}

async function compile(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entryPoint],
    bundle: true,
    platform: 'node',
    target: 'node20.17',
    format: 'cjs',
    write: false,
    logLevel: 'silent',
  });
  const [file] = outputFiles;
  if (file === undefined) {
    throw new Error(`esbuild produced nothing for ${entryPoint}.`);
  }
  return file.text;
}

/**
 * What Node runs with `-e`: it gets the program through the channel, so that no file is written. Entry points
 * that are ES modules need the default loader for `import()`.
 */
export const bootstrap = `
process.once('message', (source) => {
  const vm = require('node:vm');
  vm.compileFunction(source, ['require', 'module', 'exports'], {
    filename: 'functions-worker.js',
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })(require, { exports: {} }, {});
});`;
