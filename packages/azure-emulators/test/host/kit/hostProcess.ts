/** A host in a process of its own, for tests that kill it: app folder, checkpoint folder, then settings as `name=value`. */
import { startHost } from '../../../src/host';

const [appDirectory = '', checkpointDirectory = '', ...settings] = process.argv.slice(2);

const environment = Object.fromEntries(
  settings.map((setting) => {
    const equals = setting.indexOf('=');
    return [setting.slice(0, equals), setting.slice(equals + 1)];
  }),
);

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

startHost({ appDirectory, checkpointDirectory, environment, log: ({ message }) => print(message) }).catch(
  (error: unknown) => print(`failed ${String(error)}`),
);
