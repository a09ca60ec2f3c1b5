/** Resident memory of this process over a run, in MiB. */
export interface MemoryUse {
  /** After a tenth of the records, but not before {@link warmUpRecords}. */
  readonly atTenth: number;
  readonly atHalf: number;
  readonly atEnd: number;
  readonly peak: number;
  /** Whether the end is at most 1.5 times the tenth plus 64 MiB, which leaves room for garbage, but not for a leak. */
  readonly isFlat: boolean;
}

/** Until then every process grows: code is compiled, and the first batches fill the heap. */
const warmUpRecords = 50_000;
/** Reading the memory costs a system call. */
const recordsBetweenLooks = 1000;

export class Memory {
  #atTenth: number | undefined;
  #atHalf: number | undefined;
  #peak = 0;
  #nextLook = 0;

  constructor(
    private readonly records: number,
    private readonly bytesNow: () => number = () => process.memoryUsage.rss(),
  ) {}

  /** Call with the number of records so far. */
  at(done: number): void {
    if (done < this.#nextLook) return;
    this.#nextLook = done + recordsBetweenLooks;
    const now = this.look();
    if (done >= Math.max(this.records / 10, warmUpRecords)) this.#atTenth ??= now;
    if (done >= this.records / 2) this.#atHalf ??= now;
  }

  use(): MemoryUse {
    const atEnd = this.look();
    const atTenth = this.#atTenth ?? atEnd;
    return {
      atTenth,
      atHalf: this.#atHalf ?? atEnd,
      atEnd,
      peak: this.#peak,
      isFlat: atEnd <= atTenth * 1.5 + 64,
    };
  }

  private look(): number {
    const now = Math.round(this.bytesNow() / 2 ** 20);
    this.#peak = Math.max(this.#peak, now);
    return now;
  }
}
