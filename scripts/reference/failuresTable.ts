import { type Failure, failures, type Verdict, verdicts } from '../../shared/errors/failures';
import { keysOf } from '../../shared/keysOf';
import { code, table } from './markdown';

const all = Object.entries<Failure>(failures);

/** What Logs Ingestion answers in the case of this failure; undefined for one that has nothing to do with a call. */
export function answerOf({ status, serviceCode, verdict, verdictByServiceCode }: Failure): string | undefined {
  if (status === 'other') return 'any other status';
  if (verdictByServiceCode !== undefined) return `${status} with any other code`;
  if (serviceCode !== undefined) return code(serviceCode);
  return status === undefined ? verdict && 'no response' : String(status);
}

function answersWith(verdict: Verdict): string[] {
  return all.flatMap(([name, failure]) => [
    ...(failure.verdict === verdict && failure.status !== undefined ? [answerOf(failure) ?? ''] : []),
    ...(failure.verdict === verdict && answerOf(failure) === 'no response' ? [code(name)] : []),
    ...Object.entries(failure.verdictByServiceCode ?? {})
      .filter(([, own]) => own === verdict)
      .map(([serviceCode]) => `${failure.status} ${code(serviceCode)}`),
  ]);
}

/** What the app does about each answer of Logs Ingestion. */
export function answersTable(): string {
  return table(
    ['answer of the service', 'what it means', 'what happens'],
    [
      ['204', 'the rows are accepted', 'They are counted as sent.'],
      ...keysOf(verdicts).map((verdict) => {
        const { means, next } = verdicts[verdict];
        return [answersWith(verdict).join(', '), means, next];
      }),
    ],
  );
}

/** The codes of held batches and dead letters. */
export function failuresTable(): string {
  const events: Partial<Record<Failure['kind'], string>> = { held: '`BatchHeld`', deadLetter: 'dead letter' };
  return table(
    ['you see', 'it means', 'look at'],
    all.flatMap(([name, failure]) => {
      const event = events[failure.kind];
      const status =
        failure.status === undefined ? '' : ` (${failure.status === 'other' ? answerOf(failure) : failure.status})`;
      const link = `[${code(name)}](runbook.md#${name.toLowerCase()})`;
      return event === undefined ? [] : [[`${event} ${link}${status}`, failure.means, failure.at]];
    }),
  );
}
