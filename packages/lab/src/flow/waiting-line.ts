/** Task numbers in the order they are taken: new ones at the end, those given back at the front. */
export class WaitingLine {
  #ring = new Int32Array(1_024);
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(task: number): void {
    if (this.#length === this.#ring.length) this.#grow();
    this.#ring[(this.#head + this.#length) & (this.#ring.length - 1)] = task;
    this.#length += 1;
  }

  /** In front of all others. */
  giveBack(task: number): void {
    if (this.#length === this.#ring.length) this.#grow();
    this.#head = (this.#head - 1) & (this.#ring.length - 1);
    this.#ring[this.#head] = task;
    this.#length += 1;
  }

  /** The first; undefined when nothing waits. */
  peek(): number | undefined {
    return this.#length === 0 ? undefined : this.#ring[this.#head];
  }

  take(): number | undefined {
    const task = this.peek();
    if (task === undefined) return undefined;
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.#length -= 1;
    return task;
  }

  #grow(): void {
    const larger = new Int32Array(this.#ring.length * 2);
    for (let i = 0; i < this.#length; i += 1) larger[i] = this.#ring[(this.#head + i) & (this.#ring.length - 1)] ?? 0;
    this.#ring = larger;
    this.#head = 0;
  }
}
