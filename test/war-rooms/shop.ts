import { fiveHundreds } from "@nightshift/lab/world/index";
import { shop } from "@nightshift/lab/scenarios/shop";
import { labSlack } from "@nightshift/lab/slack/state";
import { minutes } from "@nightshift/model";
import { CHANNEL, callsOf, openWorkplace, people, type Setting, type Workplace } from "./workplace.ts";

/** The shop of the scenarios, watched and never touched by itself, with a bad deployment that everybody can see. */
export async function brokenShop(more: Pick<Setting, "faults"> = {}): Promise<Workplace> {
  const place = await openWorkplace({
    ...more,
    config: (stage) => ({
      ...shop(stage, { mode: "shadow" }),
      channels: { incidents: CHANNEL },
      slack: { team: labSlack.team, app: labSlack.app },
      onCall: undefined,
      escalation: undefined,
      people: {
        ana: { slack: people.ana, roles: ["operator"] },
        ben: { slack: people.ben, roles: ["operator"] },
        cleo: { slack: people.cleo, roles: ["responder"] },
        boss: { slack: people.boss, roles: ["owner"] },
      },
    }),
  });
  place.stage.deploy("shop-api", { bad: true, behaviour: fiveHundreds({ share: 0.15 }) });
  await place.pass(minutes(8));
  return place;
}

/** Calls to ECS that change something and that ECS took, of the guard. */
export const changes = (place: Workplace): readonly string[] =>
  ["UpdateService", "StopServiceDeployment", "RegisterTaskDefinition", "DeregisterTaskDefinition", "TagResource"].flatMap((operation) =>
    callsOf(place, "ecs", operation, "guard").map((call) => call.operation),
  );

/** The newest card that waits for a word, among what only this person sees. */
export function waitingCard(place: Workplace, user: string): { readonly channel: string; readonly ts: string; readonly plan: string } {
  const all = place.stage.lab.slack.channels.flatMap((channel) => channel.messages.flatMap((one) => [one, ...one.replies]));
  const card = all.findLast((one) => one.only === user && JSON.stringify(one.blocks ?? "").includes("ns.approve"));
  const plan = /\|(shop-[\w.:/-]+)"/.exec(JSON.stringify(card?.blocks ?? ""))?.[1];
  if (card === undefined || plan === undefined) throw new Error(`nothing waits for ${user}`);
  return { channel: card.channel, ts: card.ts, plan };
}
