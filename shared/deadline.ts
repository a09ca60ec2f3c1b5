import { setMaxListeners } from 'node:events';

/** A signal that is aborted after `ms`, or when `closing` is. Call `end()` when it is no longer needed. */
export function deadline(ms: number, closing?: AbortSignal): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  // Every chunk listens to its batch's signal, every batch to the app's; Node warns of a leak from the eleventh listener on.
  setMaxListeners(Number.POSITIVE_INFINITY, controller.signal, ...(closing === undefined ? [] : [closing]));
  const timer = setTimeout(() => controller.abort(new Error(`${ms / 1000} seconds are over.`)), ms);
  const close = (): void => controller.abort(closing === undefined ? undefined : reasonOf(closing));
  if (closing?.aborted === true) close();
  // Not AbortSignal.any: it would keep every deadline in memory as long as `closing`.
  closing?.addEventListener('abort', close);
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      closing?.removeEventListener('abort', close);
    },
  };
}

/** Settles as the work does, or rejects with the signal's reason if it is aborted first, even if the work ignores it. */
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
