import { exitCodes } from './exit';

/** npm passes a Ctrl-C on that the terminal has sent to everybody already: two in this time are one. */
const sameMs = 500;

/** Aborts on the first Ctrl-C (or SIGTERM), so that the command can end cleanly; the second one ends it at once. */
export function stopOnSignal(): AbortController {
  const stopping = new AbortController();
  let first = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (!stopping.signal.aborted) {
        first = performance.now();
        console.error('Stopping: what is in flight is finished first. Once more ends it at once.');
        stopping.abort();
      } else if (performance.now() - first > sameMs) process.exit(exitCodes.wrong);
    });
  }
  return stopping;
}
