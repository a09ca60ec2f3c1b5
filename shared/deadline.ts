import { setMaxListeners } from 'node:events';

/** A signal that is aborted after `ms`, or when `closing` is. `end()` when it is not needed any more. */
export function deadline(ms: number, closing?: AbortSignal): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  // Every chunk of a batch listens to the batch's signal, every batch to the app's; Node warns of a leak from the eleventh on.
  setMaxListeners(Number.POSITIVE_INFINITY, controller.signal, ...(closing === undefined ? [] : [closing]));
  const timer = setTimeout(() => controller.abort(new Error(`${ms / 1000} seconds are over.`)), ms);
  const close = (): void => controller.abort(closing === undefined ? undefined : reasonOf(closing));
  if (closing?.aborted === true) close();
  // Not AbortSignal.any: it keeps every signal it made alive as long as the longest-lived of its sources.
  closing?.addEventListener('abort', close);
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      closing?.removeEventListener('abort', close);
    },
  };
}

/** The outcome of some work, or the signal's reason when it is aborted first, whether or not the work heeds the signal. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(reasonOf(signal));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('Aborted.');
}
