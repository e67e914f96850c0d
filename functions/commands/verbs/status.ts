import { frozenBecause, heldBecause } from "@nightshift/decide/control";
import { type EpochMs, type Incident, sayLength, type ServiceState, shortRevision, since } from "@nightshift/model";
import { incidentsAround, openOnes } from "../incident.ts";
import { answered, type Carry, card, refused, scopeOf } from "../verb.ts";

/** Shows how a service stands, or all of them: revision, tasks, deployment, incidents, holds. */
export const status: Carry<"status"> = async ({ service }, { world, groups, now }) => {
  const asked = groups.flatMap((group) => group.services).filter((one) => service === undefined || one.name === service);
  if (asked.length === 0) return refused(`${service ?? "Nothing"} is not in the config.`);
  const states = await world.services.describe(asked.map((one) => ({ cluster: one.cluster, service: one.name })));
  const control = await world.control.read();
  const open = openOnes((await incidentsAround(world)).incidents);
  const lines = states.flatMap((state) => {
    const scope = scopeOf(groups, state.ref.service);
    const stops = [heldBecause(control, scope, now), frozenBecause(control, scope, now)].filter((one) => one !== undefined);
    return [
      sayState(
        state,
        open.filter((one) => one.service === state.ref.service),
        now,
      ),
      ...stops.map((because) => `  ${because}`),
    ];
  });
  if (service === undefined) return answered(card(`${count(states.length, "service")}, ${count(open.length, "open incident")}.`, lines));
  const [first = `${service} is not there.`, ...stops] = lines;
  return answered(card(first, stops));
};

const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? "" : "s"}`;

function sayState(state: ServiceState, incidents: readonly Incident[], now: EpochMs): string {
  const primary = state.deployments[0];
  const rollout = primary?.rolloutState === "IN_PROGRESS" ? `, being deployed for ${sayLength(since(primary.createdAt, now))}` : "";
  const trouble = incidents.length === 0 ? "" : `, ${incidents.map((one) => `${one.severity} ${one.id}`).join(", ")}`;
  const runs = shortRevision(state.taskDefinition);
  // Most families are called after their service: its name is said once.
  const revision = runs.startsWith(`${state.ref.service}:`) ? runs : `${state.ref.service}: ${runs}`;
  return `${revision}, ${state.running} of ${state.desired} running${rollout}${trouble}`;
}
