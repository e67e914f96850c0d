import { type Ms, seconds } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { type HeldSnapshot, holdSnapshot } from "../postgres/hold-snapshot.ts";
import { explainDump } from "../postgres/next-step.ts";
import { type Connect, type Connection, connectTo } from "../postgres/session.ts";
import { watchForBlocked } from "../postgres/watch-for-blocked.ts";
import { complaintOf } from "./complaint.ts";
import type { Reporter } from "./reporter.ts";
import type { RunnerWorld } from "./world.ts";

/** We were in somebody's way and let everything go; the message says whose. */
export class GaveWay extends Error {
  override readonly name = "GaveWay";
}

/** A snapshot that is held while work is done under it. */
export interface UnderSnapshot {
  readonly held: HeldSnapshot;
  /** Sessions that end with the work. */
  readonly connect: Connect;
  /** Given when the work must end: somebody waits for us, something failed, or the run is to stop. */
  readonly signal: AbortSignal;
  readonly give: AbortController;
}

/**
 * Does work under a held snapshot of a live database; everything is let go whatever happens.
 * @throws {GaveWay} when a statement of somebody else waited behind us, or we would have had to wait behind it.
 */
export async function underSnapshot<T>(world: RunnerWorld, connection: Connection, work: (under: UnderSnapshot) => Promise<T>): Promise<T> {
  const give = new AbortController();
  const signal = AbortSignal.any([world.signal, give.signal]);
  const connect = connectTo(connection, signal);
  const held = await hold(connect);
  const watch = watchForBlocked({ connect: connectTo(connection, world.signal), name: connection.name, pause: world.pause });
  watch.signal.addEventListener("abort", () => give.abort(new GaveWay(complaintOf(watch.signal.reason))), { once: true });
  try {
    return await work({ held, connect, signal, give });
  } catch (error) {
    world.signal.throwIfAborted();
    const first: unknown = give.signal.aborted ? give.signal.reason : error;
    throw standsBehindSomebody(first) ? new GaveWay(complaintOf(first), { cause: first }) : explainDump(first);
  } finally {
    // First the locks: whoever waits for them has waited long enough.
    await held.release();
    await watch.stop();
  }
}

/** Somebody who holds a table's lock is not made to wait, and nobody is made to wait behind us in its queue. */
async function hold(connect: Connect): Promise<HeldSnapshot> {
  try {
    return await holdSnapshot({ connect });
  } catch (error) {
    if (error instanceof PortError && error.kind === "conflict") throw new GaveWay(error.message, { cause: error });
    throw error;
  }
}

/** A lock could not be had in time: somebody changes a table, and we do not stand in that queue. */
const standsBehindSomebody = (error: unknown): boolean =>
  !(error instanceof GaveWay) &&
  ((error instanceof PortError && error.kind === "conflict" && error.operation.startsWith("sql:")) ||
    (error instanceof Error && /due to (lock|statement) timeout|could not obtain lock/.test(error.message)));

/** A migration that we are in the way of goes first: so often, then the run fails and says so. */
const MOST_YIELDS = 3;
/** How long we stay away after giving way; a migration that takes longer is found again by the lock's timeout. */
const STAY_AWAY: Ms = seconds(20);

/** Begins again after giving way, a counted number of times. @throws {PortError} `conflict` after that. */
export async function givingWay<T>(world: RunnerWorld, { of, report }: { readonly of: string; readonly report: Reporter }, work: () => Promise<T>): Promise<T> {
  for (let yields = 0; ; yields++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof GaveWay)) throw error;
      const because = `it gave way ${yields + 1} times to somebody who waited behind it (${error.message}); try again when the migrations are over`;
      if (yields >= MOST_YIELDS) throw new PortError("conflict", "backup:read", of, because);
      report.phase("yielding");
      await world.pause(STAY_AWAY, world.signal);
    }
  }
}
