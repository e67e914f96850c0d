import { activeRollback } from "@nightshift/decide/control";
import { routeDeployment } from "@nightshift/decide/watches";
import type { DeploymentStarted } from "@nightshift/model";
import { PortError, type World } from "@nightshift/ports";

/** What starting a watch needs of the world. */
export type WatchStarter = Pick<World, "clock" | "control" | "watches" | "starter">;

/** Tries to write the watch row before leaving the event to be delivered again. */
const WATCH_ATTEMPTS = 5;

/**
 * Opens, joins or supersedes the group's watch, then starts its execution under a name made from the work's key. Safe to
 * repeat: for duplicates of the event, for a second try after a crash, and for the sweep that looks for lost events.
 */
export async function startWatch(world: WatchStarter, started: DeploymentStarted): Promise<string> {
  const key = `guard/${started.group}/${started.deployment}`;
  for (let attempt = 0; attempt < WATCH_ATTEMPTS; attempt++) {
    const existing = await world.watches.find(started.group);
    const now = world.clock.now();
    const rollbackUnderWay = activeRollback(await world.control.read(), started.service, now);
    const routed = routeDeployment(existing, { started, key, now, rollbackUnderWay });
    if (routed.kind === "ignore") {
      // The row may stand while the start was lost to a crash: starting the same name again is harmless.
      if (routed.restart) await startOnce(world, key, started);
      return `no new watch: ${routed.because}`;
    }
    if (!(await world.watches.replace(existing, routed.next))) continue;
    if (routed.kind !== "join") await startOnce(world, key, started);
    return `${routed.kind}: ${routed.because}`;
  }
  throw new PortError("throttled", "watches:replace", started.group, `the watch row changed ${WATCH_ATTEMPTS} times meanwhile`);
}

/**
 * An execution of this name with another input runs already: the event and the sweep name one deployment by different
 * moments, and the first to start it is enough.
 */
async function startOnce(world: WatchStarter, key: string, started: DeploymentStarted): Promise<void> {
  try {
    await world.starter.start("guard", executionName("guard", key), started);
  } catch (error) {
    // Other conflicts (the function is just being deployed) pass by themselves and are tried again.
    const running = error instanceof PortError && error.kind === "conflict" && error.message.includes("DurableExecutionAlreadyStarted");
    if (!running) throw error;
  }
}

/** At most 64 of `[A-Za-z0-9-_]`, the same for the same key (durable-execution-idempotency, AWS Lambda developer guide, 2026-11-21). */
export const executionName = (automation: string, key: string): string => {
  const plain = key.replace(/[^A-Za-z0-9-]+/g, "-");
  const name = plain.startsWith(automation) ? plain : `${automation}-${plain}`;
  return name.length <= 64 ? name : `${name.slice(0, 51)}-${checksum(key)}`;
};

/** FNV-1a twice over, 12 hex digits: only tells long keys apart, protects nothing. */
function checksum(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    a = Math.imul(a ^ code, 0x01000193) >>> 0;
    b = Math.imul(b ^ (code + 7), 0x01000193) >>> 0;
  }
  return `${a.toString(16).padStart(8, "0")}${b.toString(16).padStart(8, "0")}`.slice(0, 12);
}
