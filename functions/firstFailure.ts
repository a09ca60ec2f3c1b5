import type { BatchRecording } from '../shared/telemetry/batchRecording';

/** Passes everything on to `recording`, and tells of the first call that fails: what follows may take a minute and more. */
export function tellingFirstFailure(recording: BatchRecording, tell: (error: unknown) => void): BatchRecording {
  let isTold = false;
  return {
    step: async (step, work) => recording.step(step, work),
    call: async (call, work) =>
      recording.call(call, async () => {
        try {
          return await work();
        } catch (error) {
          if (!isTold) tell(error);
          isTold = true;
          throw error;
        }
      }),
    ledgerHits: (what, count) => recording.ledgerHits(what, count),
    letterWritten: (letter) => recording.letterWritten(letter),
    settled: (books, sent) => recording.settled(books, sent),
    ended: (error) => recording.ended(error),
  };
}
