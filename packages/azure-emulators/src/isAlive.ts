import { errorCode } from './fields';

/** Whether there is a process with this id. */
export function isAlive(processId: number): boolean {
  try {
    // Signal 0 sends nothing; it only tests whether the process exists.
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // This process may not signal it, so it is alive and belongs to another user.
    return errorCode(error) === 'EPERM';
  }
}
