/** Links that stay open from one look to the next. */
export interface Kept<L> {
  /**
   * Works over the link that is kept under this name, opening one if there is none or the address changed. One that failed is
   * thrown away; one that was open before this call may have died while nobody looked, so the work is done once more over a fresh one.
   */
  use<T>(name: string, address: string, work: Work<L, T>): Promise<T>;
}

/** What is done over a link, and which of its results mean that the link is no good. It may be done twice. */
export interface Work<L, T> {
  readonly run: (link: L) => Promise<T>;
  readonly failed: (result: T) => boolean;
}

/** Keeps one link a name for the life of the process. */
export function keepLinks<L extends { close(): Promise<void> }>(open: (address: string) => Promise<L>): Kept<L> {
  const kept = new Map<string, { readonly address: string; readonly link: L }>();

  async function linkOf(name: string, address: string): Promise<{ readonly link: L; readonly fresh: boolean }> {
    const known = kept.get(name);
    if (known?.address === address) return { link: known.link, fresh: false };
    if (known !== undefined) throwAway(name, known.link);
    const link = await open(address);
    const meanwhile = kept.get(name);
    if (meanwhile?.address === address) {
      // Two asked at once: one link is enough.
      void link.close().catch(() => undefined);
      return { link: meanwhile.link, fresh: false };
    }
    kept.set(name, { address, link });
    return { link, fresh: true };
  }

  function throwAway(name: string, link: L): void {
    if (kept.get(name)?.link === link) kept.delete(name);
    // It is given up either way; how the goodbye went tells nothing.
    void link.close().catch(() => undefined);
  }

  async function attempt<T>(name: string, link: L, { run, failed }: Work<L, T>): Promise<{ readonly result: T; readonly bad: boolean }> {
    try {
      const result = await run(link);
      if (failed(result)) throwAway(name, link);
      return { result, bad: failed(result) };
    } catch (error) {
      throwAway(name, link);
      throw error;
    }
  }

  return {
    async use(name, address, work) {
      const first = await linkOf(name, address);
      if (first.fresh) return (await attempt(name, first.link, work)).result;
      try {
        const { result, bad } = await attempt(name, first.link, work);
        if (!bad) return result;
      } catch {
        // Whether it was the old link or the broker is what the second attempt tells, with its own error.
      }
      const second = await linkOf(name, address);
      return (await attempt(name, second.link, work)).result;
    },
  };
}
