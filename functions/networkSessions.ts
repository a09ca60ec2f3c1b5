import { app, type InvocationContext } from '@azure/functions';
import pLimit from 'p-limit';
import type { Config } from '../shared/config';
import { createDeadLetterHub } from '../shared/delivery/deadLetterHub';
import type { DeadLetters } from '../shared/delivery/deadLetters';
import { createSender, type Sender } from '../shared/delivery/sender';
import { settle } from '../shared/pipeline';
import { functionNames } from './functionNames';
import { toBatch } from './toBatch';

/** What the handler hands its batches to. */
export interface Outlets {
  readonly sender: () => Promise<Sender>;
  readonly deadLetters: DeadLetters;
}

export type Handler = (messages: unknown, context: InvocationContext) => Promise<void>;

/**
 * The trigger's handler: returns when every record of the batch is settled, and throws when the batch must come again.
 * Returns nothing, because a function's result travels back to the host.
 */
export function createHandler(config: Config, outlets: Outlets): Handler {
  const limit = pLimit(config.ingestion.concurrency);
  const { ruleIds } = config.ingestion;
  return async (messages, context) => {
    const batch = toBatch(messages, context);
    const tally = await settle(batch, config.transform, {
      sender: await outlets.sender(),
      ruleId: ruleOf(batch.partition, ruleIds),
      budgetMs: config.ingestion.budgetSeconds * 1000,
      deadLetters: outlets.deadLetters,
      limit,
    });
    context.log(JSON.stringify({ event: 'BatchSettled', hub: batch.hub, partition: batch.partition, ...tally }));
  };
}

/** Each partition keeps to one rule, so that a retry goes where the first attempt went. */
function ruleOf(partition: string, ruleIds: readonly string[]): string {
  const rule = ruleIds[(Number.parseInt(partition, 10) || 0) % ruleIds.length];
  if (rule === undefined) throw new RangeError('LOGS_INGESTION_RULE_IDS is empty.');
  return rule;
}

/** One broken message must not fail its batch: the app parses bodies itself. The library's types do not know the option. */
const bodiesAsBytes = { dataType: 'binary' };

/** One function for each hub that Defender streams to. */
export function register(config: Config): void {
  let sender: Promise<Sender> | undefined;
  const handler = createHandler(config, {
    sender: () => (sender ??= createSender(config.ingestion)),
    deadLetters: createDeadLetterHub(config),
  });
  // Without this the host leaves empty bodies out, and the positions of the others no longer fit.
  app.setup({ capabilities: { IncludeEmptyEntriesInMessagePayload: true } });
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
