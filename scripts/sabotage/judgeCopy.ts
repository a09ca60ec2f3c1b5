import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { exitCodes } from '../../cli/common/exit';
import type { FaultsResult } from '../../cli/faults/faultRun';
import { wrongs } from '../../cli/faults/faultsSummary';
import type { Plant } from './plantedFaults';

export interface Judged {
  /** Undefined for the app as it is. */
  readonly plant: Plant | undefined;
  readonly seed: number;
  /** `not judged`: the run did not finish. */
  readonly outcome: 'well' | 'noticed' | 'not judged';
  /** What was found. */
  readonly how: string;
  readonly seconds: number;
}

/** As `--json` prints it. */
export function runOf({ plant, ...rest }: Judged) {
  return { plant: plant?.name ?? null, ...rest };
}

const root = resolve(__dirname, '..', '..');
/** A copy that makes no progress is given up sooner than the app itself. */
const patienceSeconds = 60;

/** Runs `npm run faults` with the copy of the app in the folder. */
export async function judgeCopy(
  folder: string,
  plant: Plant | undefined,
  records: number,
  seed: number,
): Promise<Judged> {
  const begin = performance.now();
  const options = { app: folder, events: records, seed, patience: patienceSeconds };
  const parameters = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { code, stdout, stderr } = await faults([...parameters, '--accept-not-shown', '--json']);
  const seconds = (performance.now() - begin) / 1000;
  const account = code === exitCodes.well || code === exitCodes.wrong ? resultIn(stdout) : undefined;
  if (account === undefined) return { plant, seed, outcome: 'not judged', how: stderr.trim().slice(-1500), seconds };
  const stuck = account.isGivenUp ? ['no more batches were settled'] : [];
  const how = [...stuck, wrongs(account)].filter((text) => text !== '').join('; ');
  return { plant, seed, outcome: code === exitCodes.well ? 'well' : 'noticed', how, seconds };
}

function faults(parameters: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const script = join(root, 'cli', 'faults.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...parameters], { cwd: root });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((ended, failed) => {
    child.once('error', failed);
    child.once('close', (code) => ended({ code, stdout, stderr }));
  });
}

/** The object in the last line. */
function resultIn(stdout: string): FaultsResult | undefined {
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the command of this tree prints its own result.
  return line.startsWith('{') ? (JSON.parse(line) as FaultsResult) : undefined;
}
