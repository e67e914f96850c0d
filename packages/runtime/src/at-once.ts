/** Does `work` for every item, at most `most` of them at a time, whatever becomes of the others; answers in the order of the items. */
export async function atOnce<T, R>(items: readonly T[], most: number, work: (item: T) => Promise<R>): Promise<readonly PromiseSettledResult<R>[]> {
  const results: PromiseSettledResult<R>[] = [];
  for (let next = 0; next < items.length; next += most) results.push(...(await Promise.allSettled(items.slice(next, next + most).map(work))));
  return results;
}
