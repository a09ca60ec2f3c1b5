/** The errors that hold a batch: the trigger throws, and the host redelivers the same messages. */

/** A chunk was not accepted. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  /** How long the service asks us to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(
    /** The service's error code, or one of ours: `NoToken`, `Timeout`, `BudgetSpent`, `NoConnection`. */
    readonly code: string,
    /** HTTP status; undefined when no response came. */
    readonly status: number | undefined,
    message: string,
    options?: ErrorOptions & { readonly retryAfterMs?: number | undefined },
  ) {
    super(message, options);
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** Dead letters could not be written; some of them may be stored all the same. */
export class DeadLetterError extends Error {
  override readonly name = 'DeadLetterError';
  readonly code = 'DeadLettersNotWritten';
}

/** The host left out hub, partition or a sequence number. Without them two records could not be told apart. */
export class IncompleteTrigger extends Error {
  override readonly name = 'IncompleteTrigger';
  readonly code = 'IncompleteTrigger';
}
