import { frozenBecause, heldBecause } from "@nightshift/decide/control";
import { explainScaling } from "@nightshift/decide/scaling/explain-scaling";
import { type EpochMs, type Incident, type ScaleOrder, sayLength, type ServiceState, shortRevision, since } from "@nightshift/model";
import { incidentsAround, openOnes } from "../incident.ts";
import { answered, type Carry, card, type On, refused, scopeOf } from "../verb.ts";

/** Shows how a service stands, or all of them: revision, tasks, deployment, incidents, holds. */
export const status: Carry<"status"> = async ({ service }, on) => {
  const { world, groups, now } = on;
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
  return answered(card(first, [...stops, ...(await scalingOf(on, service))]));
};

/** What the scaler saw and did last, and what a person ordered; nothing of a service that is not scaled. */
async function scalingOf({ world, workers = [], now }: On, service: string): Promise<readonly string[]> {
  if (workers.every((one) => one.service !== service)) return [];
  const [[last], { order }] = await Promise.all([world.scalingBook.decisions(service), world.scalingBook.read(service)]);
  const ordered =
    order === undefined || order.until <= now
      ? []
      : [`  ordered by ${order.by}: ${sayCount(order)}, for ${sayLength(since(now, order.until))} more: ${order.because}`];
  if (last === undefined) return [...ordered, "  the scaler has not looked at it yet"];
  const [did, ...why] = explainScaling(last).filter((line) => !line.startsWith("next look"));
  return [...ordered, `  scaler, ${sayLength(since(last.at, now))} ago: ${did ?? ""}`, ...why.map((line) => `    ${line}`)];
}

const sayCount = ({ workers, max }: ScaleOrder): string =>
  [...(workers === undefined ? [] : [`${workers} workers`]), ...(max === undefined ? [] : [`at most ${max}`])].join(", ");

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
