import type { EventHubConsumerClient, ReceivedEventData } from '@azure/event-hubs';
import type { HostEvent } from 'azure-emulators/host';
import { Books } from '../../shared/books';
import { BoundedMap } from '../../shared/boundedMap';
import { isObject, parseJson } from '../../shared/json';
import { openConsumer } from '../azure/hubClients';
import { storedEvents } from '../deadLetters/storedEvents';
import { dryBatches } from '../map/dryRun';
import type { RowSettings } from './pastedRecords';
import { type RecordView, RecordViews } from './recordView';
import type { StoredRow } from './storedRows';

/** Batches whose place in the hub is remembered: more than the rows that are kept can come from. */
const mostBatches = 4000;

type Handed = Extract<HostEvent, { kind: 'handedOver' }>['invocation'];
type Place = Pick<Handed, 'partitionId' | 'firstSequenceNumber' | 'lastSequenceNumber'>;

/**
 * Finds the record of a stored row: its call names the invocation, the host knows the messages of the invocation, and the hub still
 * has them. Nothing is read or mapped before somebody opens a row.
 */
export class RowOrigins {
  readonly #places = new BoundedMap<string, Place>(mostBatches);
  #open: (() => EventHubConsumerClient) | undefined;
  #consumer: EventHubConsumerClient | undefined;
  #hub = '';

  constructor(private readonly rowSettings: RowSettings) {}

  /** Call it once, when the hub runs. */
  readFrom(connectionString: string, hub: string, group: string): void {
    this.#hub = hub;
    this.#open = () => openConsumer({ connectionString }, hub, {}, group);
  }

  /** Takes what the host tells. */
  readonly onEvent = (event: HostEvent): void => {
    if (event.kind !== 'handedOver') return;
    const { invocationId, partitionId, firstSequenceNumber, lastSequenceNumber } = event.invocation;
    this.#places.set(invocationId, { partitionId, firstSequenceNumber, lastSequenceNumber });
  };

  /** Undefined if the hub does not have its message any more. @throws HubError */
  async view({ text, invocationId = '' }: StoredRow): Promise<RecordView | undefined> {
    const place = this.#places.get(invocationId);
    const uid = uidOf(text);
    if (place === undefined || uid === undefined) return undefined;
    const { partitionId, firstSequenceNumber, lastSequenceNumber } = place;
    this.#consumer ??= this.#open?.();
    if (this.#consumer === undefined) return undefined;
    const range = { partition: partitionId, first: firstSequenceNumber, last: lastSequenceNumber };
    for await (const event of storedEvents(this.#consumer, [range])) {
      const view = await this.viewIn(event, partitionId, uid);
      if (view !== undefined) return view;
    }
    return undefined;
  }

  async close(): Promise<void> {
    await this.#consumer?.close();
  }

  /** A message alone gives the rows that it gives in its batch. */
  private async viewIn(
    { sequenceNumber, ...event }: Pick<ReceivedEventData, 'sequenceNumber' | 'body'>,
    partition: string,
    uid: string,
  ): Promise<RecordView | undefined> {
    const body: unknown = event.body;
    async function* message() {
      yield { sequenceNumber: String(sequenceNumber), body };
    }
    const run = { ...this.rowSettings, file: this.#hub, table: undefined, onDeadLetter: () => undefined };
    for await (const batch of dryBatches(message(), run, new Books())) {
      const row = batch.rows.find((one) => one.uid === uid);
      const view =
        row === undefined ? undefined : new RecordViews(batch, this.rowSettings.settings, undefined).view(row.position);
      if (view !== undefined) return { ...view, position: view.position.replace('/line/', () => `/${partition}/`) };
    }
    return undefined;
  }
}

/** The whole EventUid: no setting leaves it out. */
function uidOf(text: string): string | undefined {
  const row = parseJson(text);
  const uid = isObject(row) ? row['EventUid'] : undefined;
  return typeof uid === 'string' ? uid : undefined;
}
