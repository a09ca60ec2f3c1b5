import type { Evidence, Place } from './evidence';

export interface Judgement {
  /** Records that are neither stored nor set aside, nor skipped on purpose. */
  readonly lost: number;
  /** Rows or dead letters that nothing produced accounts for. */
  readonly unexpected: number;
  /** Rows beyond the first of each event. */
  readonly duplicatesStored: number;
  readonly duplicatesExplained: { readonly crash: number; readonly answerLost: number };
  readonly duplicatesUnexplained: number;
  /** The first few of what is wrong, each with what is known of it. */
  readonly examples: readonly string[];
}

/**
 * Holds what was produced against what was stored and set aside. `places` tells by the digest of a message where the hub
 * kept it, `deadLetters` are the ids that are in the dead-letter hub.
 */
export function judge(
  evidence: Evidence,
  places: ReadonlyMap<string, readonly Place[]>,
  hub: string,
  deadLetters: ReadonlySet<string>,
): Judgement {
  const explained = { crash: 0, answerLost: 0 };
  const expectedUids = new Set<string>();
  const expectedLetters = new Set<string>();
  const examples: string[] = [];
  const example = (what: string, kept: readonly Place[]): void => {
    if (examples.length < maxExamples)
      examples.push(`${what}; its message: ${kept.map((place) => storyOf(place, evidence)).join(' and ')}`);
  };
  let lost = 0;
  let duplicatesStored = 0;
  for (const [digest, { rows, deadRecords }] of evidence.produced) {
    const kept = places.get(digest) ?? [];
    for (const uid of rows) {
      expectedUids.add(uid);
      const calls = evidence.callsByUid.get(uid) ?? [];
      if (calls.length === 0) {
        lost++;
        example(`row ${uid} is stored nowhere`, kept);
      }
      const causes = causesOf(calls, kept, evidence);
      duplicatesStored += Math.max(0, calls.length - 1);
      for (const cause of causes) explained[cause]++;
      if (causes.length < calls.length - 1) {
        example(
          `row ${uid} was stored by calls ${calls.map((call) => `${call} (${evidence.answered[call] === true ? 'answered' : 'answer lost'})`).join(', ')}`,
          kept,
        );
      }
    }
    for (const record of deadRecords) {
      const ids = kept.map(({ partition, sequenceNumber }) => `${hub}/${partition}/${sequenceNumber}/${record}`);
      for (const id of ids) expectedLetters.add(id);
      if (!ids.some((id) => deadLetters.has(id))) {
        lost++;
        example(`record ${record} is in no dead letter`, kept);
      }
    }
  }
  const unexpected =
    [...evidence.callsByUid.keys()].filter((uid) => !expectedUids.has(uid)).length +
    [...deadLetters].filter((id) => !expectedLetters.has(id)).length;
  const duplicatesUnexplained = duplicatesStored - explained.crash - explained.answerLost;
  return { lost, unexpected, duplicatesStored, duplicatesExplained: explained, duplicatesUnexplained, examples };
}

const maxExamples = 10;

/** `partition 3, sequence number 17, given to process 4711 as 10-25, ...` */
function storyOf({ partition, sequenceNumber }: Place, { invocations }: Evidence): string {
  const given = (invocations.get(partition) ?? [])
    .filter(
      ({ firstSequenceNumber, lastSequenceNumber }) =>
        firstSequenceNumber <= sequenceNumber && sequenceNumber <= lastSequenceNumber,
    )
    .map(
      ({ firstSequenceNumber, lastSequenceNumber, workerProcessId }) =>
        `to process ${workerProcessId} as ${firstSequenceNumber}-${lastSequenceNumber}`,
    );
  return `partition ${partition}, sequence number ${sequenceNumber}, given ${given.join(', ') || 'to nobody'}`;
}

/** Why a row was stored again, for each time that it was: nothing for a time that has no good reason. */
function causesOf(calls: readonly number[], places: readonly Place[], evidence: Evidence): ('crash' | 'answerLost')[] {
  return calls.slice(1).flatMap((_, repeat) => {
    // The sender never heard that the call before had stored the row.
    if (evidence.answered[calls[repeat] ?? 0] === false) return ['answerLost'];
    // Another process got the message again: what the first one knew was gone with it.
    return processesOf(places, evidence).size > 1 ? ['crash'] : [];
  });
}

function processesOf(places: readonly Place[], { invocations }: Evidence): Set<number> {
  const processes = new Set<number>();
  for (const { partition, sequenceNumber } of places) {
    for (const invocation of invocations.get(partition) ?? []) {
      const isIn = invocation.firstSequenceNumber <= sequenceNumber && sequenceNumber <= invocation.lastSequenceNumber;
      if (isIn) processes.add(invocation.workerProcessId);
    }
  }
  return processes;
}
