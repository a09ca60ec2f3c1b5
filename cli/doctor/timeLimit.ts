import { deadline, untilAborted } from '../../shared/delivery/deadline';

/** Nobody answered in the time that one question may take. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** The outcome of some work, or NoAnswer when it takes longer; the work is then left to itself. */
export async function within<T>(seconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = deadline(seconds * 1000);
  try {
    return await untilAborted(work(limit.signal), limit.signal);
  } catch (error) {
    if (limit.signal.aborted) throw new NoAnswer(`No answer within ${seconds} s.`, { cause: error });
    throw error;
  } finally {
    limit.end();
  }
}

/** Remembers what was asked: several checks need the same answer. */
export function once<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (key) => {
    const answer = answers.get(key) ?? ask(key);
    answers.set(key, answer);
    return answer;
  };
}
