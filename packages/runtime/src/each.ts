/**
 * Does `work` for every item in turn, whatever becomes of the others, and throws at the end what failed.
 * @throws the one error, or an AggregateError that says all of them.
 */
export async function eachOf<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const failed: unknown[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      failed.push(error);
    }
  }
  if (failed.length === 1) throw failed[0];
  if (failed.length > 1) throw new AggregateError(failed, failed.map((error) => (error instanceof Error ? error.message : String(error))).join("; "));
}
