import { Worker } from 'node:worker_threads';

const watch = `
const { workerData: { host, intervalMs } } = require('node:worker_threads');
setInterval(() => {
  try {
    process.kill(host, 0);
  } catch {
    process.kill(process.pid, 'SIGKILL');
  }
}, intervalMs);`;

const defaultIntervalMs = 500;

/**
 * Ends this process when its host is dead, even while a handler keeps the event loop busy: then nobody would hear that
 * the channel has closed. A thread has an event loop of its own.
 */
export function watchHost(): void {
  new Worker(watch, { eval: true, workerData: { host: process.ppid, intervalMs: defaultIntervalMs } }).unref();
}
