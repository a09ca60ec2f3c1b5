/** A host in a process of its own, for tests that kill it: app folder, checkpoint folder, connection string. */
import { startHost } from '../../../../local/host';

const [appDirectory = '', checkpointDirectory = '', EventHub = ''] = process.argv.slice(2);

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

startHost({ appDirectory, checkpointDirectory, environment: { EventHub }, log: ({ message }) => print(message) }).catch(
  (error: unknown) => print(`failed ${String(error)}`),
);
