/** A Redis list: cheap at both ends however long it grows. Left is where LPUSH puts, right is where RPOP takes. */
export class RedisList<Item> {
  /** From right to left; those before `#gone` were taken. */
  #items: Item[] = [];
  #gone = 0;
  /** What RPUSH put back, the last one rightmost. */
  readonly #right: Item[] = [];

  get length(): number {
    return this.#items.length - this.#gone + this.#right.length;
  }

  pushLeft(item: Item): void {
    this.#items.push(item);
  }

  pushRight(item: Item): void {
    this.#right.push(item);
  }

  popRight(): Item | undefined {
    if (this.#right.length > 0) return this.#right.pop();
    const item = this.#items[this.#gone];
    if (item === undefined) return undefined;
    this.#gone += 1;
    if (this.#gone > 1_000 && this.#gone * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#gone);
      this.#gone = 0;
    }
    return item;
  }

  /** As LINDEX: 0 is leftmost, -1 rightmost. */
  at(index: number): Item | undefined {
    const fromRight = index < 0 ? -index - 1 : this.length - 1 - index;
    if (fromRight < 0) return undefined;
    const { length } = this.#right;
    return fromRight < length ? this.#right[length - 1 - fromRight] : this.#items[this.#gone + fromRight - length];
  }

  /** As LRANGE, left to right. */
  range(start: number, stop: number): readonly Item[] {
    const first = Math.max(0, start < 0 ? this.length + start : start);
    const last = Math.min(this.length - 1, stop < 0 ? this.length + stop : stop);
    const found: Item[] = [];
    for (let i = first; i <= last; i += 1) {
      const item = this.at(i);
      if (item !== undefined) found.push(item);
    }
    return found;
  }
}
