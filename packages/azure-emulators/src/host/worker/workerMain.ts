import type { HostMessage } from '../protocol';
import { newApp } from './app';
import { provideCoreModule } from './coreModule';
import { toError } from './errors';
import { runHooks } from './hooks';
import { invoke } from './invoke';
import { loadApp } from './loadApp';
import { send, sendLog } from './toHost';
import { watchHost } from './watchdog';

/** How long a worker that ends waits until its last message is sent. */
const lastMessageMs = 500;

const app = newApp();

// Ctrl-C reaches every process of a terminal, but only the host may decide when its workers end: it drains first.
process.on('SIGINT', () => {});
process.on('SIGBREAK', () => {});
// The channel closes when the host ends, however it ends; then the worker ends, too.
process.on('disconnect', () => process.exit(0));
watchHost();

process.on('uncaughtException', (error: unknown) => {
  const { message, stack = '' } = toError(error);
  setTimeout(() => process.exit(1), lastMessageMs);
  sendLog('error', 'system', `Worker uncaught exception: ${stack || message}`);
  send({ kind: 'failed', message, stack }, () => process.exit(1));
});

process.on('message', (message: HostMessage) => {
  if (message.kind === 'start') {
    void start(message.appDirectory, message.hostVersion);
  } else if (message.kind === 'invoke') {
    const { invocationId } = message.request;
    invoke(app, message.request).then(
      () => send({ kind: 'succeeded', invocationId }),
      (error: unknown) => {
        const { message: text, stack = '' } = toError(error);
        send({ kind: 'threw', invocationId, message: text, stack });
      },
    );
  } else {
    void terminate();
  }
});

async function start(appDirectory: string, hostVersion: string): Promise<void> {
  provideCoreModule(app, hostVersion);
  try {
    const capabilities = await loadApp(app, appDirectory);
    app.registrationClosed = true;
    const functions = JSON.stringify([...app.functions.values()].map(({ metadata }) => metadata));
    send({ kind: 'started', functions, capabilities });
  } catch (error) {
    const { message, stack = '' } = toError(error);
    send({ kind: 'failed', message, stack });
  }
}

async function terminate(): Promise<void> {
  try {
    await runHooks(app, 'appTerminate', { hookData: app.appLevelHookData, appHookData: app.appHookData });
  } catch (error) {
    sendLog('error', 'system', `An appTerminate hook threw: ${toError(error).message}`);
  }
  sendLog('debug', 'system', 'The worker has run its appTerminate hooks and ends.', undefined, () => process.exit(0));
}
