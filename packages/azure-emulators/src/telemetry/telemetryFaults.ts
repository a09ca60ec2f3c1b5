/** What can go wrong with a call. The body is always read first. */
export type TelemetryFault =
  /** This answer, and nothing kept. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  /** Every second item is rejected with this status (the call gets 206), the others are kept. */
  | { readonly kind: 'partial'; readonly status: number }
  /** Connection closed without an answer, and nothing kept. */
  | { readonly kind: 'reset' }
  /** Nothing kept and never an answer; the connection stays open. */
  | { readonly kind: 'silence' };
