import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { HubError } from '../common/errorText';
import { UsageError } from '../common/exit';
import type { PartitionStorage, StoredOwner } from './partitionStorage';

/** An owner that renewed within this time counts as alive: the platform's host renews every 30 s. */
const aliveSeconds = 60;
/** Much shorter than any host's expiry of an ownership (two minutes; ten seconds for the embedded host). */
const renewMs = 2000;
/** The owner may renew at the same moment, so a claim is tried again. */
const maxClaims = 5;

const ownName = 'set-aside-';

export function isOwned(owner: StoredOwner | undefined): owner is StoredOwner {
  return owner !== undefined && owner.id !== '' && owner.renewedSecondsAgo < aliveSeconds;
}

export function ownerText(owner: StoredOwner | undefined): string {
  if (owner === undefined || owner.id === '') return 'nobody';
  const who = owner.id.startsWith(ownName) ? `another set-aside (${owner.id})` : `a host (${owner.id})`;
  return `${who}, renewed ${Math.round(owner.renewedSecondsAgo)} s ago`;
}

/** Owns a partition as a host would, so that no host begins to read it while its messages are moved. */
export class Ownership {
  readonly id: string;
  #version: string;
  #isLost = false;
  readonly #ended = new AbortController();
  #renewal: Promise<void> = Promise.resolve();

  private constructor(
    private readonly storage: PartitionStorage,
    id: string,
    version: string,
  ) {
    this.id = id;
    this.#version = version;
    void this.keep();
  }

  /** @throws UsageError when the partition has a live owner, unless `mayTake`. */
  static async take(storage: PartitionStorage, mayTake: boolean): Promise<Ownership> {
    const id = `${ownName}${randomUUID()}`;
    for (let claims = 0; claims < maxClaims; claims++) {
      const owner = await storage.owner();
      if (isOwned(owner) && !mayTake) throw new UsageError(rejection(owner));
      const version = await storage.claim(id, owner?.version);
      if (version !== undefined) return new Ownership(storage, id, version);
    }
    throw new UsageError(
      `The partition could not be taken: its owner changed ${maxClaims} times meanwhile (${storage.name}). Stop the app, then run it again.`,
    );
  }

  /** @throws HubError when another process owns the partition now. */
  async confirm(): Promise<void> {
    await this.renew();
    if (this.#isLost) throw new HubError(`Another process took the partition (${this.storage.name}).`);
  }

  /** Gives the partition back. Never rejects: an ownership that remains expires. */
  async release(): Promise<void> {
    this.#ended.abort();
    await this.#renewal;
    if (!this.#isLost) await this.storage.claim('', this.#version).catch(() => undefined);
  }

  private async keep(): Promise<void> {
    while (!this.#ended.signal.aborted && !this.#isLost) {
      await sleep(renewMs, undefined, { signal: this.#ended.signal }).catch(() => undefined);
      // `confirm` asks again and reports an error.
      if (!this.#ended.signal.aborted) await this.renew().catch(() => undefined);
    }
  }

  /** One renewal at a time: each needs the version of the one before. */
  private renew(): Promise<void> {
    const before = this.#renewal;
    const renewal = (async () => {
      await before;
      if (this.#isLost) return;
      const version = await this.storage.claim(this.id, this.#version);
      if (version === undefined) this.#isLost = true;
      else this.#version = version;
    })();
    this.#renewal = renewal.catch(() => undefined);
    return renewal;
  }
}

export function rejection(owner: StoredOwner): string {
  const why = owner.id.startsWith(ownName)
    ? 'If that run was killed, wait a minute'
    : 'A running host keeps the batch in memory. Stop the app and wait a minute';
  return `The partition is owned by ${ownerText(owner)}. ${why}, or add --take-ownership.`;
}
