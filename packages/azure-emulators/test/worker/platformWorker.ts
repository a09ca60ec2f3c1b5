import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InvocationRequest } from '../../src/host/protocol';
import { workerEnvironment } from '../../src/host/workerEnvironment';
import { type App, type Line, type Registered, retryOf, type Worker } from './worker';
import { Channel, grpcLimit, type Message, type Metadata } from './workerChannel';

/**
 * The platform's Node worker, driven over gRPC as the platform's host drives it: start, initialise, list the functions,
 * load each, invoke.
 * @param workerDirectory holds worker.config.json
 * @param protoDirectory holds FunctionRpc.proto and what it imports
 */
export async function startPlatformWorker(
  { directory, settings }: App,
  workerDirectory: string,
  protoDirectory: string,
): Promise<Worker> {
  const channel = await Channel.open(protoDirectory);
  const child = spawnWorker(workerDirectory, channel.port, workerEnvironment(settings, directory), directory);
  const exited = once(child, 'exit');
  const words = lastWords(child);
  void exited.then(() => channel.broke(new Error(`The worker ended.\n${words()}`)));
  try {
    await channel.until(({ content }) => content === 'startStream');
    const folder = { functionAppDirectory: directory };
    const initialised = await channel.ask({
      workerInitRequest: { hostVersion: '4.1037.0', workerDirectory, capabilities: {}, logCategories: {}, ...folder },
    });
    const listed = await channel.ask({ functionsMetadataRequest: folder });
    const functions = listed.functionMetadataResponse?.functionMetadataResults ?? [];
    for (const metadata of functions) {
      await channel.ask({ functionLoadRequest: { functionId: metadata.functionId, metadata } });
    }
    return {
      functions: functions.map(registered),
      capabilities: initialised.workerInitResponse?.capabilities ?? {},
      async invoke(request: InvocationRequest) {
        const lines: Line[] = [];
        const collect = ({ rpcLog }: Message): void => {
          if (rpcLog?.invocationId !== request.invocationId || rpcLog.logCategory !== 'User') return;
          lines.push({ level: rpcLog.level.toLowerCase(), message: rpcLog.message });
        };
        channel.messages.on('message', collect);
        try {
          const { invocationResponse } = await channel.ask({ invocationRequest: request }, false);
          const { status, exception } = invocationResponse?.result ?? { status: 'none', exception: null };
          return { error: status === 'Success' ? undefined : (exception?.message ?? status), lines };
        } finally {
          channel.messages.off('message', collect);
        }
      },
      async stop() {
        channel.send({ workerTerminate: {} });
        await exited;
        channel.close();
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    channel.close();
    throw error;
  }
}

function spawnWorker(
  workerDirectory: string,
  port: number,
  environment: NodeJS.ProcessEnv,
  appDirectory: string,
): ChildProcess {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every release has these fields; else the path is wrong.
  const config = JSON.parse(readFileSync(join(workerDirectory, 'worker.config.json'), 'utf8')) as {
    readonly description: { readonly defaultWorkerPath: string };
  };
  const args = {
    uri: `http://127.0.0.1:${port}/`,
    'worker-id': randomUUID(),
    'request-id': randomUUID(),
    'grpc-max-message-length': String(grpcLimit),
  };
  return spawn(
    process.execPath,
    [
      join(workerDirectory, config.description.defaultWorkerPath),
      ...Object.entries(args).flatMap(([name, value]) => [`--functions-${name}`, value]),
    ],
    { cwd: appDirectory, env: environment, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true },
  );
}

/** What the process said on its console, for the error if it dies. */
function lastWords(child: ChildProcess): () => string {
  let words = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      words = `${words}${text}`.slice(-4000);
    });
  }
  return () => words;
}

function registered({ name, functionId, rawBindings, retryOptions }: Metadata): Registered {
  const bindings = rawBindings.map((text): [string, object] => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the worker writes an object with the binding's name.
    const binding = JSON.parse(text) as { readonly name: string };
    return [binding.name, binding];
  });
  return { name, functionId, bindings: Object.fromEntries(bindings), retry: retryOf(retryOptions) };
}
