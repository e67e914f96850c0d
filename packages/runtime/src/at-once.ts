/** Does `work` for every item, at most `most` of them at a time, whatever becomes of the others; answers in the order of the items. */
export async function atOnce<T, R>(items: readonly T[], most: number, work: (item: T) => Promise<R>): Promise<readonly PromiseSettledResult<R>[]> {
  const waiting = items.map((item, place) => ({ item, place })).values();
  const results = new Map<number, PromiseSettledResult<R>>();
  // Each takes the next as soon as it is free: one slow item keeps nobody waiting while others could go on.
  const hand = async (): Promise<void> => {
    for (const { item, place } of waiting) {
      const [result] = await Promise.allSettled([work(item)]);
      results.set(place, result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, hand));
  return items.flatMap((_, place) => results.get(place) ?? []);
}
