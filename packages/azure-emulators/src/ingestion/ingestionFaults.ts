/** What can go wrong with a call. The body is always read first. */
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
  /** The body is read only after this time; then the call goes on as usual. */
  | { readonly kind: 'slowBody'; readonly milliseconds: number }
  /** Stores the rows at once and sends the answer this much later. */
  | { readonly kind: 'slowAnswer'; readonly milliseconds: number };
