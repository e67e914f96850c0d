import type { Resolved } from "@nightshift/config";
import type { NightshiftEvent } from "@nightshift/events";
import { before, ecsDeploymentId, minutes, type ServiceName } from "@nightshift/model";
import { type Routed, routeEvent } from "../../../../functions/dispatcher/route.ts";
import { liveCheckpoints } from "./checkpoints.ts";
import { type Code, codes, type ConfiguredLab, labFor } from "./lab-account.ts";
import { rehearsalOf } from "./rehearsal.ts";
import { carryOutReplayed, type Rehearsed, rehearse } from "./rehearse.ts";

/** An alarm is replayed this long after a deployment of its service began: the first figures of the new revision are in. */
const DEPLOYED_BEFORE = minutes(3);
const REGION = "eu-central-1";

/** What was rehearsed, and a sentence about the world it happened in. */
export interface Replayed extends Rehearsed {
  readonly world: string;
}

/** Replays an event against a simulated account made from the config: nothing real is asked. */
export async function replayInLab(event: NightshiftEvent, config: Resolved & { readonly file: string }, asked: Code | undefined): Promise<Replayed> {
  const routes = routeEvent(event, config.groups, config.incidents);
  const about = serviceOf(routes);
  const made = `a simulated account made from ${config.file}`;
  if (about === undefined) {
    // Nothing is deployed for it, so nothing needs to live there: the dispatcher's answer is all there is.
    const { lab, readable } = await labFor({ ...config, groups: [] }, event.at, REGION);
    const rehearsal = rehearsalOf(readable);
    const checkpoints = liveCheckpoints({ pause: (length) => lab.clock.sleep(length) });
    return { world: made, ...(await lab.run(() => rehearse({ routes, groups: config.groups, rehearsal, checkpoints }))) };
  }
  const alarm = event.kind === "alarm-changed" ? event : undefined;
  const code: Code = asked ?? (alarm?.value === "ALARM" ? "five-hundreds" : "healthy");
  const configured = await labFor(config, alarm === undefined ? event.at : before(alarm.since, DEPLOYED_BEFORE), config.region ?? REGION);
  const story = `${about} is deployed ${alarm === undefined ? "at this moment" : "3 minutes before this alarm"} with code that behaves "${code}"`;
  return { world: `${made}, in which ${story}`, ...(await configured.lab.run(() => inStory(routes, configured, { about, code }))) };
}

/** The service whose deployment the story is about; undefined when nobody would watch anything. */
function serviceOf(routes: readonly Routed[]): ServiceName | undefined {
  for (const routed of routes) {
    if (routed.kind === "watch") return routed.started.service;
    if (routed.kind === "alarm") return routed.alarm.listening[0];
  }
  return undefined;
}

/** Deploys, lets what else the event brought arrive in its time, and plays the guard over it. */
async function inStory(
  routes: readonly Routed[],
  { lab, world, readable, groups }: ConfiguredLab,
  { about, code }: { readonly about: ServiceName; readonly code: Code },
): Promise<Rehearsed> {
  const rehearsal = rehearsalOf(readable);
  const group = groups.find((one) => one.services.some((service) => service.name === about))?.group ?? about;
  const deployed = world.deploy(about, { behaviour: codes[code]() });
  // The simulated account gives its deployment an id of its own.
  const watch: Routed = { kind: "watch", started: { group, service: about, deployment: ecsDeploymentId(deployed.deployment), at: lab.clock.now() } };
  const later: string[] = [];
  for (const routed of routes) {
    if (routed.kind === "watch") continue;
    lab.clock.in(DEPLOYED_BEFORE, () => void carryOutReplayed(rehearsal.world, routed).then((did) => later.push(did)));
  }
  const rehearsed = await rehearse({ routes: [watch], groups, rehearsal, checkpoints: liveCheckpoints({ pause: (length) => lab.clock.sleep(length) }) });
  const unheard = later.length === 0 && routes.some((routed) => routed.kind === "alarm") ? ["the verdict stood before the alarm came"] : [];
  return { ...rehearsed, dispatcher: [...rehearsed.dispatcher, ...later, ...unheard] };
}
