import { deadline, untilAborted } from '../../shared/deadline';

/** There was no answer within the time limit of one question. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** The result of some work. @throws NoAnswer when it takes longer; the work goes on, and its result is ignored. */
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

/** Asks once for each key: several checks need the same answer. */
export function once<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (key) => {
    const answer = answers.get(key) ?? ask(key);
    answers.set(key, answer);
    return answer;
  };
}
