import { exitCodes } from '../exit';

/** Aborts on the first Ctrl-C (or SIGTERM), so that the command can end cleanly; the second one ends it at once. */
export function stopOnSignal(): AbortController {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(exitCodes.wrong);
      stopping.abort();
    });
  }
  return stopping;
}
