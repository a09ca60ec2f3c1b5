/** The messages of one invocation of the trigger: all of one partition, in order. */
export interface Batch {
  readonly hub: string;
  readonly partition: string;
  /** Every call to Logs Ingestion carries it. */
  readonly invocationId?: string | undefined;
  readonly messages: readonly Message[];
  /** W3C `traceparent` of the host's own span. */
  readonly host?: string | undefined;
  /** W3C `traceparent` of each span that sent messages of the batch. */
  readonly producers?: readonly string[];
}

export interface Message {
  readonly sequenceNumber: string;
  /** The body as received, normally bytes. */
  readonly body: unknown;
  /** When the hub stored it; undefined if the host did not pass it. */
  readonly enqueued?: Date | undefined;
}

/** Identifies the partition among those of all hubs. */
export function partitionKey({ hub, partition }: Pick<Batch, 'hub' | 'partition'>): string {
  return `${hub}/${partition}`;
}
