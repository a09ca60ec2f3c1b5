/** `unknown` means that it could not be checked; the finding has the reason. */
export const statuses = ['ok', 'warning', 'wrong', 'unknown'] as const;
export type Status = (typeof statuses)[number];

export interface Finding {
  readonly status: Status;
  /** Which hub, DCR, audience, ...; empty where there is only one. */
  readonly subject: string;
  readonly found: string;
  /** What to do; absent when nothing has to be done. */
  readonly next?: string;
}

export function ok(subject: string, found: string): Finding {
  return { status: 'ok', subject, found };
}

export function warning(subject: string, found: string, next: string): Finding {
  return { status: 'warning', subject, found, next };
}

export function wrong(subject: string, found: string, next: string): Finding {
  return { status: 'wrong', subject, found, next };
}

export function unknown(subject: string, found: string, next: string): Finding {
  return { status: 'unknown', subject, found, next };
}
