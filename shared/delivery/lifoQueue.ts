/** Runs work in a fixed number of slots. The newest of the waiting work runs first. */
export class LifoQueue {
  readonly #waiting: (() => void)[] = [];

  constructor(private slots: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.slots > 0) this.slots--;
    else await new Promise<void>((go) => this.#waiting.push(go));
    try {
      return await work();
    } finally {
      const next = this.#waiting.pop();
      if (next === undefined) this.slots++;
      else next();
    }
  }
}
