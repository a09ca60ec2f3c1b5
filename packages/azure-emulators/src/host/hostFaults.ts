/** When a worker is killed: before it begins with a batch, during its work, or after its work, before the host knows. */
export type KillMoment = 'before' | 'during' | 'after';

/** What can go wrong with an attempt to run a batch. */
export type HostFault =
  /** The worker process is killed, as by `kill -9`; all its invocations fail. */
  | { readonly kind: 'killWorker'; readonly moment: KillMoment }
  /** The attempt exceeds the function's time-out, whatever the handler does. */
  | { readonly kind: 'timeOut' };
