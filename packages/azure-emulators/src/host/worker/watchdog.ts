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
 * Ends this process when its host is dead, even if a handler blocks the event loop and the process cannot see that the
 * channel has closed. A thread has its own event loop.
 */
export function watchHost(): void {
  new Worker(watch, { eval: true, workerData: { host: process.ppid, intervalMs: defaultIntervalMs } }).unref();
}
