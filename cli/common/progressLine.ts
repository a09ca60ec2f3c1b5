/** Shows progress on stderr: one line that is overwritten on a terminal, a new line every two seconds elsewhere. */
export class Progress {
  #shownAt = 0;

  constructor(
    private readonly out: NodeJS.WriteStream = process.stderr,
    private readonly everyMs = out.isTTY ? 100 : 2000,
  ) {}

  show(text: string): void {
    const now = performance.now();
    if (now - this.#shownAt < this.everyMs) return;
    this.#shownAt = now;
    // A line longer than the terminal would wrap, and the next one would overwrite a part of it only.
    this.out.write(this.out.isTTY ? `\r\u001b[K${text.slice(0, this.out.columns - 1)}` : `${text}\n`);
  }

  end(): void {
    if (this.out.isTTY) this.out.write('\r\u001b[K');
  }
}
