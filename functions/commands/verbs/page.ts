import type { Card, PageMeans } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { wakeRoom } from "@nightshift/runtime/wake";
import { onDuty, overridesAround, personNamed, slackOf } from "../people.ts";
import { card, type Carry, type On, refused, serviceNamed } from "../verb.ts";

interface Called {
  readonly tier: number;
  readonly people: readonly string[];
  /** A tier is called by SNS as well; one person has no topic of their own. */
  readonly topic: boolean;
}

/** Calls somebody now: a direct message each, and for a tier or a service SNS as well, which does not depend on Slack. */
export const page: Carry<"page"> = async ({ whom, why }, on) => {
  const called = await whoIsMeant(on, whom);
  if (called.people.length === 0 && !called.topic)
    return refused(
      `Nobody is meant by ${whom}: tiers are ${on.policy.tiers.map((one) => `tier${one.tier}`).join(", ") || "not named in the config"}. Nothing was changed.`,
    );
  const names = called.people.length === 0 ? `tier ${called.tier} (nobody is on call there)` : called.people.join(", ");
  return {
    kind: "ready",
    does: `calls ${names}: ${why}`,
    calls: [
      ...called.people.map((name) => `slack:chat.postMessage to ${name} (${slackOf(name, on) ?? "no Slack id: SNS instead"})`),
      ...(called.topic ? ["sns:Publish"] : []),
    ],
    tells: [`${names}: ${on.person.name} calls you: ${why}`],
    act: () => call(on, called, why),
  };
};

async function whoIsMeant(on: On, whom: string): Promise<Called> {
  const asked = /^tier([1-9])$/.exec(whom)?.[1];
  const number = asked === undefined ? (serviceNamed(on.groups, whom) === undefined ? undefined : 1) : Number(asked);
  if (number === undefined) return { tier: 0, people: [personNamed(whom, on)], topic: false };
  const tier = on.policy.tiers.find((one) => one.tier === number);
  if (tier === undefined) return { tier: number, people: [], topic: false };
  return { tier: number, people: (await onDuty(on, tier, await overridesAround(on, on.now))).people, topic: true };
}

async function call(on: On, { tier, people, topic }: Called, why: string): Promise<{ card: Card; changed: boolean }> {
  const { world, request, person, incident, doing } = on;
  const about = incident === undefined ? "" : ` about ${incident.id} (${incident.severity}): ${incident.title}`;
  const text = `${person.name} calls you${about}: ${why}`;
  const reached: string[] = [];
  for (const name of people) if (await message(on, name, card(text))) reached.push(name);
  const bySns = topic || reached.length < people.length;
  if (bySns)
    await world.pages.page({
      severity: incident?.severity ?? "P2",
      subject: `${person.name} calls: ${why}`.slice(0, 90),
      text,
      key: `page/${request.key}`,
      ...(incident === undefined ? {} : { incident: incident.id }),
    });
  const by: readonly PageMeans[] = [...(reached.length > 0 ? ["slack-dm" as const] : []), ...(bySns ? ["sns" as const] : [])];
  if (incident !== undefined) {
    await world.incidents.say(incident.id, {
      key: `paged/${request.key}`,
      at: request.at,
      kind: "paged",
      text: `${person.name} called ${people.join(", ") || `tier ${tier}`}: ${why}`,
      announce: true,
      actor: doing.actor,
      change: { what: "paged", tier, by, people },
    });
    await wakeRoom(world, incident.id);
  }
  return { card: card(`Called ${people.join(", ") || `tier ${tier}`} by ${by.join(" and ")}.`), changed: true };
}

/** One message a request and person: a repetition looks for it first. False where Slack does not take it. */
async function message(on: On, name: string, shown: Card): Promise<boolean> {
  const user = slackOf(name, on);
  if (user === undefined) return false;
  const key = `page/${on.request.key}/${name}`;
  try {
    const channel = await on.world.directory.directMessage(user);
    if ((await on.world.chat.find({ channel, key })) === undefined) await on.world.chat.post({ channel, card: shown, key });
    return true;
  } catch (error) {
    if (error instanceof PortError) return false;
    throw error;
  }
}
