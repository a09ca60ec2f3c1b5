import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, completeSettings } from '../../cli/bundle';
import { median, rounded } from './cost';

/** Milliseconds of CPU time are medians. */
export interface StartUp {
  /** Node alone. */
  readonly nodeMs: number;
  /** From there until the app has registered its functions. */
  readonly importMs: number;
  readonly importOverNode: number;
  /** Loading telemetry, a second after that, where it is on. */
  readonly telemetryMs: number;
  /** Of `dist/`, without source maps. */
  readonly bytes: number;
}

/** Nothing listens there, and the process ends before anything is sent. */
const connection = 'InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=https://127.0.0.1:1/';

/** In the child: loads a file as the worker does, and waits for what happens later. */
const script = `
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const [file, waitMs] = process.argv.slice(1);
require(file);
const loaded = cpu();
setTimeout(() => {
  console.log(JSON.stringify([loaded, cpu() - loaded]));
  process.exit();
}, Number(waitMs));
`;

/** Builds the app into `directory` and loads it in processes of their own: Node alone, the app, and the app with telemetry in turns. */
export async function measureStartUp(directory: string, runs: number): Promise<StartUp> {
  const sizes = Object.entries(await build({ dist: directory })).filter(([name]) => name.endsWith('.js'));
  const bytes = sizes.reduce((sum, [, size]) => sum + size, 0);
  const [nothing, app] = [join(directory, 'nothing.js'), join(directory, 'main.js')];
  await writeFile(nothing, '');
  const times: Readonly<Record<'node' | 'app' | 'telemetry', number[]>> = { node: [], app: [], telemetry: [] };
  for (let i = 0; i < runs; i++) {
    times.node.push((await load(nothing, 0, {})).loaded);
    times.app.push((await load(app, 0, {})).loaded);
    times.telemetry.push((await load(app, 1500, { APPLICATIONINSIGHTS_CONNECTION_STRING: connection })).later);
  }
  const nodeMs = rounded(median(times.node), 1);
  const importMs = rounded(median(times.app) - nodeMs, 1);
  const telemetryMs = rounded(median(times.telemetry), 1);
  return { nodeMs, importMs, importOverNode: rounded(importMs / nodeMs, 2), telemetryMs, bytes };
}

async function load(file: string, waitMs: number, more: Readonly<Record<string, string>>) {
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, file, String(waitMs)], {
    env: { PATH: process.env['PATH'], ...completeSettings, ...more },
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the script above prints last.
  const [loaded, later] = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as [number, number];
  return { loaded, later };
}
