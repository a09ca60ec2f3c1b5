/** Runs so many pieces of work at a time; of those that wait, the one that came last goes first. */
export class LastComeFirst {
  readonly #waiting: (() => void)[] = [];

  constructor(private places: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.places > 0) this.places--;
    else await new Promise<void>((go) => this.#waiting.push(go));
    try {
      return await work();
    } finally {
      const next = this.#waiting.pop();
      if (next === undefined) this.places++;
      else next();
    }
  }
}
