import { app, type InvocationContext } from '@azure/functions';
import type { Config } from '../shared/config';
import { DeadLetterHub } from '../shared/delivery/deadLetterHub';
import { createSender } from '../shared/delivery/sender';
import { Pipeline } from '../shared/pipeline';
import { functionNames } from './functionNames';
import { heldLine, settledLine } from './logLines';
import { toBatch } from './toBatch';

export type Handler = (messages: unknown, context: InvocationContext) => Promise<void>;

/**
 * The trigger's handler: returns when every record of the batch is settled, and throws when the batch must come again.
 * Returns nothing, because a function's result travels back to the host.
 */
export function createHandler(pipeline: Pick<Pipeline, 'settle'>): Handler {
  return async (messages, context) => {
    const batch = toBatch(messages, context);
    try {
      context.log(settledLine(batch, await pipeline.settle(batch)));
    } catch (error) {
      context.error(heldLine(batch, error, context.retryContext?.retryCount ?? 0));
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
  const pipeline = new Pipeline({ transform: config.transform, ingestion: config.ingestion, sender, deadLetters });
  const handler = createHandler(pipeline);
  // Without this the host leaves empty bodies out, and the positions of the others no longer fit.
  app.setup({ capabilities: { IncludeEmptyEntriesInMessagePayload: true } });
  app.hook.appTerminate(async () => {
    await pipeline.close();
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
