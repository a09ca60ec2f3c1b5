import { exitCodes } from './exit';

/** npm passes on a Ctrl-C that the terminal has already sent to every process: two within this time are one. */
const sameMs = 500;

/** The first Ctrl-C (or SIGTERM) aborts it, so that the command can end cleanly; the second one exits at once. */
export function stopOnSignal(): AbortController {
  const stopping = new AbortController();
  let first = 0;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (!stopping.signal.aborted) {
        first = performance.now();
        console.error('Stopping after in-flight work completes. Press Ctrl-C again to quit now.');
        stopping.abort();
      } else if (performance.now() - first > sameMs) process.exit(exitCodes.wrong);
    });
  }
  return stopping;
}

export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}
