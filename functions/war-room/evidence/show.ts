import { type Evidenced, sayClock } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { PortError, type World } from "@nightshift/ports";

/** What showing a picture touches. */
export type ShowWorld = Pick<World, "clock" | "deliveries" | "evidence" | "files">;

/** Where the incident's thread is. */
export interface Thread {
  readonly channel: string;
  readonly thread: string;
}

/**
 * Puts a stored chart into the thread, at most once: a file carries no mark by which a lost answer could be found again,
 * and a picture that is missing (its words and its key stand in the record) is better than two. A text: not shown, and why.
 */
export async function showChart(world: ShowWorld, incident: string, { evidence, at }: { evidence: Evidenced; at: Thread }): Promise<true | string> {
  const { stored, lines } = evidence;
  if (stored?.type !== "image/png") return "no picture was stored";
  const key = `file/${stored.key}`;
  const before = (await world.deliveries.all(incident)).find((row) => row.key === key);
  if (guard("picture is shown at most once", before !== undefined && before.state !== "parked")) return true;
  const now = world.clock.now();
  const tries = (before?.tries ?? 0) + 1;
  const begun = await world.deliveries.begin(incident, { key, state: "trying", ...at, covers: [], ts: undefined, shown: undefined, startedAt: now, tries });
  if (!begun) return true;
  try {
    const bytes = await world.evidence.picture(stored.key);
    const title = lines[0] ?? "Chart";
    const id = await world.files.upload({ ...at, name: `${incident}-${sayClock(now).replaceAll(":", "")}.png`, bytes, alt: title, title });
    await world.deliveries.settle(incident, key, { state: "sent", ts: id, tries });
    return true;
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    await world.deliveries.settle(incident, key, { state: "parked", tries });
    return error.message;
  }
}
