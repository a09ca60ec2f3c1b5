/** A map that drops its oldest entry when it holds more than `capacity`. Setting a key again makes it the newest. */
export class BoundedMap<K, V> extends Map<K, V> {
  /**
   * Goes through the keys once, in the order in which they were set, new ones included. A new iterator for each dropped entry
   * would have to pass the places of all entries dropped before it.
   */
  readonly #oldest = this.keys();

  constructor(private readonly capacity: number) {
    super();
  }

  override set(key: K, value: V): this {
    const { size } = this;
    super.set(key, value);
    if (this.size === size) {
      // It was there: move it to the end.
      this.delete(key);
      super.set(key, value);
    } else if (this.size > this.capacity) {
      const oldest = this.#oldest.next();
      if (oldest.done !== true) this.delete(oldest.value);
    }
    return this;
  }
}
