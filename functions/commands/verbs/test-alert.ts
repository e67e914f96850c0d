import { announceEntry } from "@nightshift/decide/incidents/transitions";
import { after, type Entry, ms, type Opening, sayStamp } from "@nightshift/model";
import { openIncident } from "@nightshift/runtime/incidents";
import { shortHash } from "../short-hash.ts";
import { card, type Carry, refused, serviceNamed } from "../verb.ts";

/** Sends a made-up alarm the whole way through the ledger to the channel: a marked drill that pages nobody and ends by itself. */
export const testAlert: Carry<"test-alert"> = async ({ service, severity }, { world, groups, policy, request, person, doing }) => {
  if (serviceNamed(groups, service) === undefined) return refused(`${service} is not in the config. Nothing was changed.`);
  if (severity === "P1" || severity === "P2")
    return refused(`A drill is P3 or P4: ${severity} would call people. /ops drill escalation ${service} shows who. Nothing was changed.`);
  const id = `INC-${sayStamp(request.at)}-${service}-drill-${shortHash(request.key).slice(-4)}`;
  const title = `DRILL by ${person.name}: a test alert for ${service}; nothing is wrong`;
  // A group of its own: a real alarm must not join a drill.
  const opening: Opening = { id, group: `drill/${id}`, service, severity, title, openedAt: request.at, by: person.name };
  const entries: readonly Entry[] = [
    { key: "drill", at: request.at, kind: "opened", text: "DRILL: a made-up alarm. Nobody has to do anything.", announce: true, actor: doing.actor },
    announceEntry(request.at, doing.actor),
    {
      key: "resolved/1",
      at: after(request.at, ms(1)),
      kind: "resolved",
      text: "DRILL over: what you read here came the whole way through the ledger.",
      announce: true,
      actor: doing.actor,
      change: { what: "resolved", how: "automation" },
    },
  ];
  return {
    kind: "ready",
    does: `sends a ${severity} drill for ${service} through the ledger to the channel.`,
    calls: [`ledger: open ${id}, announce it, resolve it`],
    tells: [`in the channel: ${title}`],
    act: async () => {
      await openIncident(world, opening, policy);
      for (const entry of entries) await world.incidents.say(id, entry);
      return {
        card: card(`${id} is on its way to the channel, and ends by itself. If it does not show within a minute, look at /ops version.`),
        changed: true,
      };
    },
  };
};
