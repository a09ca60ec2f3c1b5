/** `unknown`: it could not be looked at, and the finding says why; never a milder `ok`. */
export const statuses = ['ok', 'warning', 'wrong', 'unknown'] as const;
export type Status = (typeof statuses)[number];

/** One thing that was looked at. */
export interface Finding {
  readonly status: Status;
  /** Which hub, rule, audience, ...; empty where there is only one. */
  readonly subject: string;
  readonly found: string;
  /** What to do; absent when nothing has to be done. */
  readonly next?: string;
}

export function ok(subject: string, found: string): Finding {
  return { status: 'ok', subject, found };
}

export function trouble(status: Exclude<Status, 'ok'>, subject: string, found: string, next: string): Finding {
  return { status, subject, found, next };
}
