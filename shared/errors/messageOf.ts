/** The message of whatever was thrown. The Event Hubs SDK puts the errors of its tries into an AggregateError without one. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors.at(-1));
  return error instanceof Error ? error.message : String(error);
}
