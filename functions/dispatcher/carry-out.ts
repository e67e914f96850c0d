import type { World } from "@nightshift/ports";
import { startWatch } from "@nightshift/runtime";
import type { manifest } from "./manifest.ts";
import type { Routed } from "./route.ts";

/** The part of the world the dispatcher sees. */
export type DispatcherWorld = Pick<World, (typeof manifest)["uses"][number]>;

/** Does what one event asks for; safe to repeat for duplicates and retries. Returns what was done, for the log. */
export async function carryOut(world: DispatcherWorld, routed: Routed): Promise<string> {
  switch (routed.kind) {
    case "ignore":
      return `ignored: ${routed.because}`;
    case "change":
      await world.signals.change(routed.note);
      return `remembered a ${routed.note.kind} of ${routed.note.service}`;
    case "alarm":
      // An open watch reads it at its next look; outside of one the sweep decides whether anything is to be said.
      await world.signals.alarm(routed.service, routed.alarm);
      return `remembered that ${routed.alarm.name} is ${routed.alarm.value}`;
    case "watch":
      return startWatch(world, routed.started);
  }
}
