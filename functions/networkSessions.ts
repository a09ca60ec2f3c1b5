import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { app, type InvocationContext } from '@azure/functions';
import { balances } from '../shared/books';
import type { Config } from '../shared/config';
import { DeadLetterHub } from '../shared/delivery/deadLetterHub';
import { createSender } from '../shared/delivery/sender';
import { Pipeline } from '../shared/pipeline';
import { type BatchRecording, notRecorded } from '../shared/telemetry/batchRecording';
import { codeOf } from '../shared/telemetry/codes';
import { tellingFirstFailure } from './firstFailure';
import { functionNames } from './functionNames';
import { HeldLines } from './heldLines';
import { callFailedLine, heldLine, settledLine, unbalancedLine } from './logLines';
import { setUpTelemetry, type Telemetry } from './telemetry';
import { complete, toBatch, unknownBatch } from './toBatch';

export type Handler = (messages: unknown, context: InvocationContext) => Promise<void>;

/**
 * The trigger's handler: returns when every record of the batch is settled, and throws when the batch must come again.
 * Returns nothing, because a function's result travels back to the host.
 */
export function createHandler(
  pipeline: Pick<Pipeline, 'settle'>,
  telemetry?: Pick<Telemetry, 'recorder' | 'ready'>,
): Handler {
  const [failedLines, heldLines] = [new HeldLines(), new HeldLines()];
  return async (messages, context) => {
    let batch = unknownBatch;
    let recording: BatchRecording | undefined;
    const attempt = context.retryContext?.retryCount ?? 0;
    const begin = (): BatchRecording =>
      tellingFirstFailure(telemetry?.recorder.begin(batch) ?? notRecorded, (error) => {
        const leftOut = failedLines.next(batch, codeOf(error));
        if (leftOut !== undefined) context.warn(callFailedLine(batch, error, attempt, leftOut));
      });
    try {
      await telemetry?.ready();
      batch = toBatch(messages, context);
      recording = begin();
      const tally = await pipeline.settle(complete(batch), recording);
      context.log(settledLine(batch, tally));
      if (!balances(tally)) context.error(unbalancedLine(batch, tally));
      failedLines.settled(batch);
      heldLines.settled(batch);
      recording.ended();
    } catch (error) {
      const leftOut = heldLines.next(batch, codeOf(error));
      if (leftOut !== undefined) context.error(heldLine(batch, error, attempt, leftOut));
      (recording ?? begin()).ended(error);
      throw error;
    }
  };
}

/** One broken message must not fail its batch: the app parses bodies itself. The library's types do not know the option. */
const bodiesAsBytes = { dataType: 'binary' };

/** One function for each hub that Defender streams to. */
export function register(config: Config): void {
  const deadLetters = new DeadLetterHub(config);
  const sender = createSender(config.ingestion);
  const telemetry = setUpTelemetry(config, process.env);
  const pipeline = new Pipeline({
    transform: config.transform,
    ingestion: config.ingestion,
    sender,
    deadLetters,
    onClosed: (ruleId, ms) => telemetry.recorder.closed(ruleId, ms),
  });
  const handler = createHandler(pipeline, telemetry);
  // Without this the host leaves empty bodies out, and the positions of the others no longer fit.
  app.setup({ capabilities: { IncludeEmptyEntriesInMessagePayload: true } });
  app.hook.appTerminate(async () => {
    const settled = pipeline.close();
    // The platform ends the process after five seconds: what is counted must be on its way before a slow call has ended.
    await Promise.race([settled, sleep(1500, undefined, { ref: false })]);
    await nextTurn();
    await telemetry.close();
    await settled;
    await deadLetters.close();
  });
  for (const [hub, name] of functionNames(config.eventHubNames)) {
    app.eventHub(name, {
      connection: 'EventHub',
      eventHubName: hub,
      consumerGroup: config.consumerGroup,
      cardinality: 'many',
      ...bodiesAsBytes,
      // Never gives up: after a last retry the host would move on, and the events would be lost.
      retry: {
        strategy: 'exponentialBackoff',
        maxRetryCount: -1,
        minimumInterval: { seconds: 5 },
        maximumInterval: { minutes: 5 },
      },
      handler,
    });
  }
}
