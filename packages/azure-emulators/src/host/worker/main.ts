import type { HostMessage } from '../protocol';
import { newApp } from './app';
import { send, sendLog } from './channel';
import { provideCoreModule } from './coreModule';
import { toError } from './errors';
import { runHooks } from './hooks';
import { invoke } from './invoke';
import { loadApp } from './loadApp';
import { watchHost } from './watchdog';

/** How long a dying worker waits for its last words to leave. */
const LAST_WORDS_MS = 500;

const app = newApp();

// Ctrl-C reaches every process of a terminal, but only the host may decide when its workers end: it drains first.
process.on('SIGINT', () => {});
process.on('SIGBREAK', () => {});
// No worker outlives its host: the channel closes with it, however it died.
process.on('disconnect', () => process.exit(0));
watchHost();

process.on('uncaughtException', (thrown: unknown) => {
  const error = toError(thrown);
  setTimeout(() => process.exit(1), LAST_WORDS_MS);
  sendLog('error', 'system', `Worker uncaught exception: ${error.stack ?? error.message}`);
  send({ kind: 'failed', message: error.message, stack: error.stack ?? '' }, () => process.exit(1));
});

process.on('message', (message: HostMessage) => {
  if (message.kind === 'start') {
    void start(message.appDirectory, message.hostVersion);
  } else if (message.kind === 'invoke') {
    const { invocationId } = message.request;
    invoke(app, message.request).then(
      () => send({ kind: 'succeeded', invocationId }),
      (thrown: unknown) => {
        const error = toError(thrown);
        send({ kind: 'threw', invocationId, message: error.message, stack: error.stack ?? '' });
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
  } catch (thrown) {
    const error = toError(thrown);
    send({ kind: 'failed', message: error.message, stack: error.stack ?? '' });
  }
}

async function terminate(): Promise<void> {
  try {
    await runHooks(app, 'appTerminate', { hookData: app.appLevelHookData, appHookData: app.appHookData });
  } catch (thrown) {
    sendLog('error', 'system', `An appTerminate hook threw: ${toError(thrown).message}`);
  }
  sendLog('debug', 'system', 'The worker has run its appTerminate hooks and ends.', undefined, () => process.exit(0));
}
