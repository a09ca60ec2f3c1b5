/** How often each of some names was counted. */
export class Counts {
  readonly #counts: Record<string, number> = {};

  count(name: string | number): void {
    this.#counts[name] = (this.#counts[name] ?? 0) + 1;
  }

  read(): Readonly<Record<string, number>> {
    return { ...this.#counts };
  }
}
