/** What the emulator can be told to do wrong with a call. The body is always read first. */
export type IngestionFault =
  /** This answer, and nothing stored. */
  | { readonly kind: 'status'; readonly status: number; readonly code?: string; readonly retryAfterSeconds?: number }
  /** Rows stored, then this answer. */
  | { readonly kind: 'storeThenStatus'; readonly status: number; readonly code?: string }
  /** Connection closed without an answer, and nothing stored. */
  | { readonly kind: 'reset' }
  /** Rows stored, then the connection closed without an answer. */
  | { readonly kind: 'storeThenReset' }
  /** Nothing stored and never an answer; the connection stays open. */
  | { readonly kind: 'silence' }
  /** The body is left waiting for so long before it is read; then the call goes on as ever. */
  | { readonly kind: 'slowBody'; readonly milliseconds: number }
  /** Rows are stored at once, the answer comes so much later. */
  | { readonly kind: 'slowAnswer'; readonly milliseconds: number };

export function nameOfFault(fault: IngestionFault): string {
  const isToldWhen = fault.kind === 'status' && fault.retryAfterSeconds !== undefined;
  return 'status' in fault ? `${fault.kind} ${fault.status}${isToldWhen ? ' with Retry-After' : ''}` : fault.kind;
}
