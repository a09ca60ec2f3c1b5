/** What the endpoint can be told to do wrong with a call. The body is always read first. */
export type TelemetryFault =
  /** This answer, and nothing kept. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  /** Each second item is refused with this status (206), the others are kept. */
  | { readonly kind: 'partial'; readonly status: number }
  /** Connection closed without an answer, and nothing kept. */
  | { readonly kind: 'reset' }
  /** Nothing kept and never an answer; the connection stays open. */
  | { readonly kind: 'silence' };

export function nameOfFault(fault: TelemetryFault): string {
  return 'status' in fault ? `${fault.kind} ${fault.status}` : fault.kind;
}
