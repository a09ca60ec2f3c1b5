import type { LogLevel, LogOrigin, WorkerMessage } from '../protocol';

/** Sends one message to the host; `then` runs once the channel has taken it (or is gone). */
export function send(message: WorkerMessage, then?: () => void): void {
  if (process.send === undefined || !process.connected) {
    then?.();
    return;
  }
  process.send(message, undefined, {}, () => then?.());
}

export function sendLog(
  level: LogLevel,
  origin: LogOrigin,
  message: string,
  invocationId?: string,
  then?: () => void,
): void {
  send({ kind: 'log', level, origin, message, ...(invocationId === undefined ? {} : { invocationId }) }, then);
}
