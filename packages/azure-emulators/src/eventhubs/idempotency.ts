/**
 * Idempotent producers: each numbers its events, so the service recognises a batch that is sent again after a lost
 * acknowledgement. Semantics after the design in Azure/azure-sdk-for-net#13188: a producer (id) is owned by the link
 * with the highest epoch; its events must arrive in the order of their numbers.
 */
import type { ProducerMark } from './partitionLog';

/** What a link asks for when it attaches; a field is undefined where the client leaves the choice to the service. */
export interface ProducerRequest {
  readonly id: number | undefined;
  readonly epoch: number | undefined;
  readonly lastSequence: number | undefined;
}

export interface ProducerLink {
  readonly epoch: number;
  replacedBy(epoch: number): void;
}

export type Decision =
  | { readonly kind: 'store'; readonly mark: ProducerMark }
  /** All of it is stored already: acknowledge, store nothing. */
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'outOfOrder'; readonly expected: number }
  | { readonly kind: 'stolen'; readonly epoch: number };

/** The idempotent producers of one partition. */
export class ProducerRegistry {
  readonly #producers = new Map<number, ProducerMark>();
  readonly #links = new Map<number, Set<ProducerLink>>();

  /**
   * Gives a link its identity, or returns the epoch that owns the producer. Replaces links of the same producer with a lower
   * epoch.
   */
  attach(request: ProducerRequest): ProducerMark | { readonly stolenBy: number } {
    const id = request.id ?? Math.max(0, ...this.#producers.keys()) + 1;
    const known = this.#producers.get(id);
    const epoch = request.epoch ?? (known ? known.epoch + 1 : 0);
    if (known && epoch < known.epoch) return { stolenBy: known.epoch };
    const resumed = known && epoch === known.epoch;
    const lastSequence = resumed ? known.lastSequence : (request.lastSequence ?? 0);
    this.#producers.set(id, { id, epoch, lastSequence });
    for (const link of this.#links.get(id) ?? []) {
      if (link.epoch < epoch) link.replacedBy(epoch);
    }
    // A client that reattaches gets its own number again. It then sends the unacknowledged batch with the old numbers, and
    // `judge` recognises it. With the service's number it would store the batch a second time.
    return { id, epoch, lastSequence: request.lastSequence ?? lastSequence };
  }

  /** Adds an open link of a producer. Returns the function that removes it. */
  join(id: number, link: ProducerLink): () => void {
    const links = this.#links.get(id) ?? new Set();
    this.#links.set(id, links.add(link));
    return () => links.delete(link);
  }

  /** Decides on a batch whose events are numbered from `first` on. */
  judge(id: number, epoch: number, first: number, count: number): Decision {
    const known = this.#producers.get(id);
    if (!known || epoch < known.epoch) return { kind: 'stolen', epoch: known?.epoch ?? epoch };
    const last = first + count - 1;
    if (last <= known.lastSequence) return { kind: 'duplicate' };
    if (first !== known.lastSequence + 1) return { kind: 'outOfOrder', expected: known.lastSequence + 1 };
    return { kind: 'store', mark: { id, epoch, lastSequence: last } };
  }

  /** Notes that the events up to this mark are stored. */
  advance(mark: ProducerMark): void {
    this.#producers.set(mark.id, mark);
  }
}
