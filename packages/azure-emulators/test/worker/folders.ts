import { resolve } from 'node:path';

export interface WorkerFolders {
  /** Holds worker.config.json of the platform's Node worker. */
  readonly worker: string;
  /** Holds FunctionRpc.proto. */
  readonly proto: string;
}

/** Where the platform's Node worker is; undefined if nobody said so. It is in no package registry. */
function workerFolders(): WorkerFolders | undefined {
  const worker = process.env['FUNCTIONS_WORKER_DIR'];
  const proto = process.env['FUNCTIONS_PROTO_DIR'];
  if (worker === undefined && proto === undefined) return undefined;
  if (worker === undefined || proto === undefined) {
    throw new Error(
      'Set both FUNCTIONS_WORKER_DIR (with worker.config.json) and FUNCTIONS_PROTO_DIR (with FunctionRpc.proto), or none.',
    );
  }
  return { worker: resolve(worker), proto: resolve(proto) };
}

/** `describe` where the worker is; where it is not, the tests are skipped, and a line says what is missing. */
export function describeWithWorker(title: string, tests: (folders: WorkerFolders) => void): void {
  const folders = workerFolders();
  if (folders === undefined) {
    const missing = `${title}: not run, FUNCTIONS_WORKER_DIR and FUNCTIONS_PROTO_DIR name no Node worker.`;
    // Jest leaves the titles of a file out when all of its tests are skipped.
    process.stderr.write(`${missing}\n`);
    it.skip(missing, () => {});
    return;
  }
  describe(title, () => tests(folders));
}
