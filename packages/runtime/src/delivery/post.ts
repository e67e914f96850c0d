import { answered, failed, plainLines, recovered, spend, type Step } from "@nightshift/decide/delivery/index";
import { type Card, type Delivery, seconds } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { PortError } from "@nightshift/ports";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { type Case, keep, noteBudget, type Pass, replaceBudget } from "./pass.ts";

type Post = Extract<Step, { readonly do: "post" }>;

/** What Slack shows at once may be missing in its history for a moment (`facts/incidents.md` 10). */
const SECOND_LOOK = seconds(2);

/**
 * Sends one message: its row is written first, what may have been sent already is looked for first. Whatever happens here, and wherever
 * it is killed, the row says enough for the next sender.
 */
export async function postMessage(pass: Pass, one: Case, step: Post): Promise<void> {
  const { channel } = step.row;
  // Two who count at the same time: the second plans anew with what the first spent. What is looked for is counted when it is sent.
  if (!step.lost && !(await replaceBudget(pass, channel, (budget) => spend(budget, pass.world.clock.now())))) return;
  const row = await begin(pass, one, step.row);
  if (row === undefined) return;
  const sent = await send(pass, one, { step, row });
  if (sent === undefined) return;
  // Not among what Slack may refuse: what the ledger does not take now leaves the row as it is, and it is looked for.
  // A header that was found shows what it showed then: the next step brings it up to date.
  const shown = !sent.found && step.tells.what === "header" ? step.tells.shown : undefined;
  await settle(pass, one, sent.row, { state: "sent", ts: sent.ts, shown });
  await noteBudget(pass, channel, (budget) => (sent.found ? recovered(budget) : answered(budget, pass.world.clock.now())));
}

/** The message that stands in Slack now; undefined when none does for sure, which is noted. */
async function send(
  pass: Pass,
  one: Case,
  { step, row }: { readonly step: Post; readonly row: Delivery },
): Promise<{ readonly ts: string; readonly found: boolean; readonly row: Delivery } | undefined> {
  let standing = row;
  try {
    const found = step.lost ? await lookTwice(pass, one, row) : undefined;
    if (found !== undefined) return { ts: found, found: true, row };
    if (step.lost) {
      await noteBudget(pass, row.channel, (budget) => spend(budget, pass.world.clock.now()));
      // Looking took its time: the row is taken anew, so that nobody else thinks that we died.
      const again = await begin(pass, one, { ...row, tries: row.tries + 1 });
      if (again === undefined) return undefined;
      standing = again;
    }
    return { ts: await postCard(pass, one, { step, row: standing }), found: false, row: standing };
  } catch (error) {
    await noteFailure(pass, one, { row: standing, error });
    return undefined;
  }
}

/** The row with the present time; undefined when another sender has it: then what stands is read again. */
async function begin({ world }: Pass, one: Case, row: Delivery): Promise<Delivery | undefined> {
  const begun = { ...row, startedAt: world.clock.now() };
  if (await world.deliveries.begin(one.incident.id, begun)) {
    keep(one, begun);
    return begun;
  }
  one.rows = await world.deliveries.all(one.incident.id);
  return undefined;
}

async function lookTwice(pass: Pass, one: Case, row: Delivery): Promise<string | undefined> {
  const found = await look(pass, one, row);
  if (found !== undefined || !guard("two looks before it is sent again")) return found;
  await pass.how.pause(SECOND_LOOK);
  return look(pass, one, row);
}

/** Where Slack does not let us look (a missing permission), a message is rather sent twice than lost. */
async function look({ world }: Pass, { incident }: Case, { channel, thread, key }: Delivery): Promise<string | undefined> {
  try {
    return await world.chat.find({ channel, key: messageKey(incident.id, key), ...(thread === undefined ? {} : { thread }) });
  } catch (error) {
    const outcome = outcomeOf(error);
    // Not having looked is not having found nothing: as unknown as before.
    if (outcome === "refused" || outcome === "unknown") throw asUnknown(error);
    return undefined;
  }
}

const asUnknown = (error: unknown): unknown =>
  error instanceof PortError ? new PortError("timeout", error.operation, error.on, "could not look for it", error, error.retryAfter) : error;

/** What stands in a message's metadata: unique in the workspace. */
const messageKey = (incident: string, key: string): string => `${incident}/${key}`;

async function postCard(pass: Pass, one: Case, { step, row }: { step: Post; row: Delivery }): Promise<string> {
  const { world, how } = pass;
  const { tells, place } = step;
  const send = (card: Card) =>
    world.chat.post({
      channel: row.channel,
      card,
      key: messageKey(one.incident.id, row.key),
      ...(row.thread === undefined ? {} : { thread: row.thread }),
      ...(tells.what === "reply" && tells.broadcast ? { broadcast: true } : {}),
    });
  const card = tells.what === "header" ? one.headers[place].card : replyCard(how, one, tells);
  try {
    return await send(card);
  } catch (error) {
    if (outcomeOf(error) !== "misshapen") throw error;
    how.log({
      level: "error",
      message: "Slack does not take this card; sending its plain text",
      incident: one.incident.id,
      key: row.key,
      because: String(error),
    });
    await how.pause(seconds(1));
    await noteBudget(pass, row.channel, (budget) => spend(budget, world.clock.now()));
    return send({ summary: tells.what === "header" ? card.summary : plainLines(tells.entries).slice(0, LONGEST_PLAIN), parts: [] });
  }
}

/** Slack recommends at most so much text, and refuses to update more. Source: "chat.update", https://docs.slack.dev/reference/methods/chat.update (2026-11-21). */
const LONGEST_PLAIN = 3_900;

const replyCard = ({ render }: Pass["how"], { incident }: Case, tells: Extract<Post["tells"], { readonly what: "reply" }>): Card =>
  tells.away === undefined ? render.reply(incident, tells.entries) : render.digest(incident, tells.entries, tells.away);

type Settled = { readonly state: "sent" | "refused" | "parked"; readonly ts?: string | undefined; readonly shown?: string | undefined };

/** Writes how a row ended. */
export async function settle({ world }: Pass, one: Case, row: Delivery, { state, ts, shown }: Settled): Promise<void> {
  await world.deliveries.settle(one.incident.id, row.key, {
    state,
    tries: row.tries,
    ...(ts === undefined ? {} : { ts }),
    ...(shown === undefined ? {} : { shown }),
  });
  keep(one, { ...row, state, ts: ts ?? row.ts, shown: shown ?? row.shown });
}

async function noteFailure(pass: Pass, one: Case, { row, error }: { row: Delivery; error: unknown }): Promise<void> {
  const outcome = outcomeOf(error);
  const because = error instanceof Error ? error.message : String(error);
  one.refusal = because;
  pass.how.log({ level: "warn", message: "a message was not sent", incident: one.incident.id, key: row.key, outcome, because });
  await settleFailure(pass, one, { row, outcome });
  if (outcome === "refused" || outcome === "unknown") {
    const retryAfter = error instanceof PortError ? error.retryAfter : undefined;
    await noteBudget(pass, row.channel, (budget) => failed(budget, pass.world.clock.now(), retryAfter));
  }
}

async function settleFailure(pass: Pass, one: Case, { row, outcome }: { row: Delivery; outcome: Outcome }): Promise<void> {
  switch (outcome) {
    case "unknown":
      return;
    case "refused":
      return settle(pass, one, row, { state: "refused" });
    case "deleted": {
      await settle(pass, one, row, { state: "refused" });
      const header = one.rows.find(({ ts, thread }) => thread === undefined && ts !== undefined && ts === row.thread);
      return header === undefined ? settle(pass, one, row, { state: "parked" }) : settle(pass, one, header, { state: "parked", ts: header.ts });
    }
    case "misshapen":
    case "parked":
      return settle(pass, one, row, { state: "parked" });
  }
}
