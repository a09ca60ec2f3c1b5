/** One partition: events in the order of their arrival, each with a sequence number, an offset and an enqueued time. */
import { stampEvent } from './sections';

export interface StoredEvent {
  readonly sequenceNumber: number;
  /** Bytes stored in the partition before this event, over its whole life. Clients must treat it as opaque text. */
  readonly offset: number;
  /** Milliseconds since 1970, UTC; never less than that of the event before. */
  readonly enqueuedTime: number;
  /** Bytes of the event as it was sent. */
  readonly size: number;
  /** The event as receivers get it: as sent, plus the service's annotations. */
  readonly bytes: Buffer;
}

/** Events that arrived in one message. They are stored together or not at all. */
export interface Batch {
  readonly firstSequenceNumber: number;
  readonly firstOffset: number;
  readonly enqueuedTime: number;
  /** Each event's bytes as sent. */
  readonly events: readonly Buffer[];
  /** Set for batches of idempotent producers: the state of that producer once the batch is stored. */
  readonly producer?: ProducerMark;
}

export interface ProducerMark {
  readonly id: number;
  readonly epoch: number;
  readonly lastSequence: number;
}

/** Storage for batches besides memory. */
export interface BatchStore {
  /** Returns when the batch is written; throws if it cannot be. */
  append(batch: Batch): void;
  close(): void;
}

export interface Retention {
  readonly milliseconds: number;
  /** Per partition, in bytes of events as sent. */
  readonly bytes: number;
}

/** The array of events is cut only after this many events were dropped, so that dropping stays cheap. */
const cutAfter = 4096;

export class PartitionLog {
  #events: StoredEvent[] = [];
  /** Index in #events of the first event that is still in the partition. */
  #head = 0;
  #bytes = 0;
  #nextSequenceNumber = 0;
  #nextOffset = 0;
  #last: StoredEvent | undefined;
  readonly #readers = new Set<() => void>();

  constructor(
    private readonly now: () => number,
    private readonly retention: Retention,
    private readonly store?: BatchStore,
  ) {}

  get count(): number {
    return this.#events.length - this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Sequence number of the first event that is kept, or of the next one if none is. */
  get firstSequenceNumber(): number {
    return this.#nextSequenceNumber - this.count;
  }

  /** -1 if nothing was ever stored; unchanged when the event itself has expired. */
  get lastSequenceNumber(): number {
    return this.#nextSequenceNumber - 1;
  }

  /** The newest event, even if it has expired; undefined if nothing was ever stored. */
  get last(): StoredEvent | undefined {
    return this.#last;
  }

  get(sequenceNumber: number): StoredEvent | undefined {
    return sequenceNumber < this.firstSequenceNumber
      ? undefined
      : this.#events[this.#head + sequenceNumber - this.firstSequenceNumber];
  }

  /** Sequence number of the first kept event for which `reached` holds; it must hold for all later ones too. */
  find(reached: (event: StoredEvent) => boolean): number {
    let low = this.#head;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const event = this.#events[middle];
      if (event && reached(event)) high = middle;
      else low = middle + 1;
    }
    return this.firstSequenceNumber + low - this.#head;
  }

  /** Stores the events and wakes the readers. Throws MalformedAmqp, with nothing stored, if one is no AMQP message. */
  append(events: readonly Buffer[], producer?: ProducerMark): void {
    const batch: Batch = {
      firstSequenceNumber: this.#nextSequenceNumber,
      firstOffset: this.#nextOffset,
      enqueuedTime: Math.max(Math.floor(this.now()), this.#last?.enqueuedTime ?? 0),
      events,
      ...(producer && { producer }),
    };
    const stamped = stampBatch(batch);
    this.store?.append(batch);
    this.add(stamped);
    this.expire();
    for (const wake of this.#readers) wake();
  }

  /** Puts back a batch that was kept on disk. */
  restore(batch: Batch): void {
    this.#nextSequenceNumber = batch.firstSequenceNumber;
    this.#nextOffset = batch.firstOffset;
    this.add(stampBatch(batch));
  }

  /** Drops the events that retention does not allow any more. Sequence numbers continue. */
  expire(): void {
    const oldest = this.now() - this.retention.milliseconds;
    for (;;) {
      const event = this.#events[this.#head];
      if (!event) break;
      const tooOld = event.enqueuedTime < oldest;
      const tooMuch = this.#bytes > this.retention.bytes && this.count > 1;
      if (!tooOld && !tooMuch) break;
      this.#bytes -= event.size;
      this.#head++;
    }
    if (this.#head > cutAfter || this.#head === this.#events.length) {
      this.#events = this.#events.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Calls back whenever events were stored. Returns the function that ends that. */
  onAppend(reader: () => void): () => void {
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  }

  close(): void {
    this.store?.close();
  }

  private add(events: readonly StoredEvent[]): void {
    for (const event of events) {
      this.#events.push(event);
      this.#bytes += event.size;
      this.#nextOffset += event.size;
      this.#nextSequenceNumber++;
      this.#last = event;
    }
  }
}

function stampBatch(batch: Batch): StoredEvent[] {
  let offset = batch.firstOffset;
  return batch.events.map((event, index) => {
    const stamp = {
      sequenceNumber: batch.firstSequenceNumber + index,
      offset: String(offset),
      enqueuedTime: batch.enqueuedTime,
    };
    const stored = { ...stamp, offset, size: event.length, bytes: stampEvent(event, stamp) };
    offset += event.length;
    return stored;
  });
}
