import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { app, type InvocationContext } from '@azure/functions';
import { partitionKey } from '../shared/batch';
import { balances } from '../shared/books';
import type { Config } from '../shared/config';
import { type BatchRecording, notRecorded } from '../shared/delivery/batchRecording';
import { DeadLetterHub } from '../shared/delivery/deadLetterHub';
import { createSender } from '../shared/delivery/sender';
import { codeOf } from '../shared/errors/classify';
import { LogThrottle } from '../shared/logThrottle';
import { Pipeline } from '../shared/pipeline';
import { reportingFirstFailure } from './firstFailure';
import { functionNames } from './functionNames';
import { callFailedLine, heldLine, ruleOffLine, settledLine, unbalancedLine } from './logLines';
import { setUpTelemetry, type Telemetry } from './telemetry';
import { complete, toBatch, unknownBatch } from './toBatch';

/** Equal lines of a partition are written once in this time. */
const repeatMs = 5 * 60_000;

export type Handler = (messages: unknown, context: InvocationContext) => Promise<void>;

/**
 * The trigger's handler: returns when every record of the batch is settled, and throws when the batch must be redelivered.
 * Returns nothing, because a function's result is sent to the host.
 */
export function createHandler(
  pipeline: Pick<Pipeline, 'settle'>,
  telemetry?: Pick<Telemetry, 'recorder' | 'ready'>,
): Handler {
  const [failedLines, heldLines] = [new LogThrottle(repeatMs), new LogThrottle(repeatMs)];
  return async (messages, context) => {
    let batch = unknownBatch;
    let recording: BatchRecording | undefined;
    const attempt = context.retryContext?.retryCount ?? 0;
    const begin = (): BatchRecording =>
      reportingFirstFailure(telemetry?.recorder.begin(batch) ?? notRecorded, (error) => {
        const leftOut = failedLines.next(partitionKey(batch), codeOf(error));
        if (leftOut !== undefined) context.warn(callFailedLine(batch, error, attempt, leftOut));
      });
    try {
      await telemetry?.ready();
      batch = toBatch(messages, context);
      recording = begin();
      const tally = await pipeline.settle(complete(batch), recording);
      context.log(settledLine(batch, tally));
      if (!balances(tally)) context.error(unbalancedLine(batch, tally));
      failedLines.forget(partitionKey(batch));
      heldLines.forget(partitionKey(batch));
      recording.ended();
    } catch (error) {
      const leftOut = heldLines.next(partitionKey(batch), codeOf(error));
      if (leftOut !== undefined) context.error(heldLine(batch, error, attempt, leftOut));
      (recording ?? begin()).ended(error);
      throw error;
    }
  };
}

/** The app parses bodies itself, so that one broken message does not fail its batch. The library's types lack the option. */
const bodiesAsBytes = { dataType: 'binary' };

/** One function for each hub that Defender streams to. */
export function register(config: Config): void {
  const deadLetters = new DeadLetterHub(config);
  const sender = createSender(config.ingestion);
  const telemetry = setUpTelemetry(config, process.env);
  const pipeline = new Pipeline({
    transform: config.transform,
    rules: config.rules,
    ingestion: config.ingestion,
    sender,
    deadLetters,
    onClosed: (dcrId, ms) => telemetry.recorder.closed(dcrId, ms),
  });
  if (config.rules !== undefined) {
    config.rules.onSwitchedOff = (rule, milliseconds) => {
      console.warn(ruleOffLine(rule, milliseconds));
      telemetry.recorder.ruleSwitchedOff(rule);
    };
  }
  const handler = createHandler(pipeline, telemetry);
  // Without this the host leaves out empty bodies, and the sequence numbers no longer match the messages.
  app.setup({ capabilities: { IncludeEmptyEntriesInMessagePayload: true } });
  app.hook.appTerminate(async () => {
    const settled = pipeline.close();
    // The platform ends the process after five seconds: telemetry is sent even while a slow call is in flight.
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
      // Retries without limit: after a last retry the host would move the checkpoint past the batch, and its events would be lost.
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
