import type { BatchRecording } from '../shared/delivery/batchRecording';

/** Passes everything on to `recording`, and calls `onFailure` with the first failed call; the retries may take minutes. */
export function reportingFirstFailure(recording: BatchRecording, onFailure: (error: unknown) => void): BatchRecording {
  let isReported = false;
  return {
    step: async (step, work) => recording.step(step, work),
    call: async (call, work) =>
      recording.call(call, async () => {
        try {
          return await work();
        } catch (error) {
          if (!isReported) onFailure(error);
          isReported = true;
          throw error;
        }
      }),
    ledgerHits: (what, count) => recording.ledgerHits(what, count),
    letterWritten: (letter) => recording.letterWritten(letter),
    settled: (books, sent) => recording.settled(books, sent),
    ended: (error) => recording.ended(error),
  };
}
