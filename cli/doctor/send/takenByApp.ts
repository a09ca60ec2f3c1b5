import { namespaceOf } from '../../azure/hubClients';
import type { HubConfig } from '../../azure/partialConfig';
import type { Deployment } from '../deployment';
import { checkpointsReader, type ReadCheckpoints } from '../hostCheckpoints';
import { within } from '../timeLimit';
import type { SentRecord } from './sendRecord';

/** Tells by its checkpoints how far the app is. */
export class AppProgress {
  #read: ReadCheckpoints | undefined;
  /** The last checkpoint of the partition; undefined while there is none. */
  checkpoint: number | undefined;

  constructor(
    private readonly sent: SentRecord,
    private readonly config: HubConfig,
    private readonly deployment: Deployment,
  ) {}

  /** Whether the app has settled the record: stored its row, dropped it, or written a dead letter. @throws why it is not known */
  async isSettled(): Promise<boolean> {
    const { environment, signIns, seconds } = this.deployment;
    const { eventHub, consumerGroup: group } = this.config;
    const { hub, partition, upTo } = this.sent;
    const namespace = namespaceOf(eventHub).replace(/:\d+$/, '');
    const checkpoints = await within(seconds, async (signal) => {
      this.#read ??= await checkpointsReader(environment, (clientId) => signIns.credential(clientId));
      return this.#read({ namespace, hub, group }, signal);
    });
    this.checkpoint = checkpoints.get(partition)?.sequenceNumber;
    return this.checkpoint !== undefined && this.checkpoint >= upTo;
  }
}
