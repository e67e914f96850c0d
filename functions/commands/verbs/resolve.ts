import { resolveEntry } from "@nightshift/decide/incidents/transitions";
import type { Approval, Incident } from "@nightshift/model";
import { answerPlan } from "@nightshift/runtime/answer-plan";
import { changeOf } from "../change.ts";
import type { Carry, On } from "../verb.ts";

/** Ends an incident because a person says so. Warns where alarms ring or an automation works; plans that people asked for in it are denied with it. */
export const resolve: Carry<"resolve"> = async (_, on) => {
  const { incident, world, now } = on;
  const change = changeOf(on, (standing, doing) => resolveEntry(standing, { ...doing, how: "person" }));
  if (change.kind !== "ready" || incident === undefined) return change;
  const plans = (await world.approvals.pending(now)).filter((plan) => plan.incident === incident.id && !plan.requester.startsWith("nightshift/"));
  const warning = stillWrong(incident);
  return {
    ...change,
    calls: [...change.calls, ...plans.map(({ plan }) => `ledger: deny the plan ${plan}`)],
    tells: [...change.tells, ...plans.map((plan) => `in the thread of ${incident.id}: ${sayVoid(on, plan)}`)],
    act: async () => {
      const { card, changed } = await change.act();
      if (!changed) return { card, changed };
      for (const plan of plans) await deny(on, plan);
      return { card: warning === undefined ? card : { summary: card.summary, parts: [...card.parts, { kind: "text", text: warning }] }, changed };
    },
  };
};

/** What still spoke against an end when it was last looked at. */
function stillWrong({ firing, working }: Incident): string | undefined {
  const signs = [
    ...(firing === 0 ? [] : [firing === 1 ? "1 alarm still rings" : `${firing} alarms still ring`]),
    ...(working.length === 0 ? [] : [`${working.join(" and ")} still ${working.length === 1 ? "works" : "work"} on it`]),
  ];
  return signs.length === 0 ? undefined : `Mind: ${signs.join(", and ")}. It is resolved because you say so.`;
}

const sayVoid = ({ person }: On, { plan }: Approval): string => `${person.name} resolved the incident, so the plan ${plan} is denied. Nothing was changed.`;

async function deny(on: On, plan: Approval): Promise<void> {
  const { world, person, now, request, doing } = on;
  const became = await answerPlan(world, plan, { says: "denied", by: person.name, at: now, whoMay: 1 });
  if (became.kind !== "answered" || plan.incident === undefined) return;
  const entry = { key: `answered/${plan.plan}`, at: request.at, kind: "answered", text: sayVoid(on, plan), announce: true, actor: doing.actor } as const;
  await world.incidents.say(plan.incident, entry);
}
