import { decideRoom, type Duty, longestWait } from "@nightshift/decide/incidents/duties";
import type { Rounds } from "@nightshift/runtime/rounds";
import { actOn } from "./act.ts";
import { manifest } from "./manifest.ts";
import { tellDone, tellFailed } from "./proof.ts";
import { seeIncident } from "./see.ts";
import type { Done, RoomInput, RoomPorts, RoomSeen, RoomSettings } from "./settings.ts";

/**
 * Runs one incident: first notice, pages tier by tier, summaries, evidence, end. Each round looks at the record, decides what is due,
 * does it, looks again, and waits for the next time or for a word.
 */
export const warRoom: Rounds<RoomInput, RoomSettings, RoomPorts, RoomSeen, Duty, Done> = {
  name: "war-room",
  uses: manifest.uses,

  // What stands in the record now, who is on call, what Slack was sent.
  detect: (world, { incident }, settings) => seeIncident(world, incident, settings),

  // Pure: everything that is due, most urgent first (packages/decide/src/incidents/duties.ts).
  decide: ({ incident, facts }, { policy }) => ({ ...decideRoom(incident, policy, facts), longest: longestWait(incident, facts.now) }),

  // A page is an entry first, which the notifier sends once; SNS and direct messages are duties of their own, due until their proof stands.
  act: (world, duty, { incident }, settings) => actOn(world, duty, { incident, settings }),

  // Done is what looking again does not find due.
  verify: (duty, now) => !now.includes(duty),

  tell: (world, duty, done, { incident }) => tellDone(world, { id: incident.id, duty, done }),
  tellFailed: (world, duty, because, { incident }) => tellFailed(world, { id: incident.id, duty, because }),

  remember: (world, { incident }, callbackId) => world.wakes.wait(incident, callbackId, world.clock.now()),
};
