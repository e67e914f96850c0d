import { announceEntry } from "@nightshift/decide/incidents/transitions";
import { type Opening, sayStamp } from "@nightshift/model";
import { openIncident, startRoom } from "@nightshift/runtime/incidents";
import { wakeRoom } from "@nightshift/runtime/wake";
import { consequencesOf } from "../ladder.ts";
import { shortHash } from "../short-hash.ts";
import { card, type Carry, refused, serviceNamed } from "../verb.ts";

/** Opens an incident by hand; where the service's group has an open one, it is joined. The id comes from the request. */
export const open: Carry<"open"> = async ({ service, severity, title }, on) => {
  const { world, groups, policy, request, person, doing } = on;
  const found = serviceNamed(groups, service);
  if (found === undefined) return refused(`${service} is not in the config. Nothing was changed.`);
  const id = `INC-${sayStamp(request.at)}-${service}-${shortHash(request.key).slice(-4)}`;
  const opening: Opening = { id, group: found.settings.group, service, severity, title, openedAt: request.at, by: person.name };
  return {
    kind: "ready",
    does: `opens ${id} (${severity}): ${title}`,
    calls: [`ledger: open ${id}, unless ${found.settings.group} has an open incident`, `lambda:InvokeFunction war-room (${id})`],
    tells: [`in the channel: ${severity} ${title}`, ...(on.flags.dryRun ? ["while nobody acknowledges:", ...(await consequencesOf(on, severity))] : [])],
    act: async () => {
      const opened = await openIncident(world, opening, policy);
      const by = `${person.name} opened it by hand: ${title}${doing.because === undefined ? "" : ` (${doing.because})`}`;
      await world.incidents.say(opened.id, { key: `opened/${id}`, at: request.at, kind: "opened", text: by, announce: true, actor: doing.actor });
      // A person's word is no group of alarms to wait for.
      await world.incidents.say(opened.id, announceEntry(request.at, doing.actor));
      await startRoom(world, opened.id);
      await wakeRoom(world, opened.id);
      const joined = opened.id !== id;
      return {
        card: card(joined ? `${opened.id} is open for ${found.settings.group} already; what you wrote stands there.` : `${id} is open: ${severity} ${title}`),
        changed: true,
      };
    },
  };
};
