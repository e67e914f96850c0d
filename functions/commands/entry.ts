import type { Person } from "@nightshift/decide/commands/authorise";
import { type Card, sayClock, since, type SlackRequest } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { type Directory, PortError } from "@nightshift/ports";
import { answerTo, RESPONSE_LASTS } from "./answer.ts";
import { type CarriedOut, carryOut } from "./carry-out.ts";
import { incidentOwning, lookAround } from "./incident.ts";
import { parseRequest } from "./parse.ts";
import { readRequest } from "./request.ts";
import { card, type Desk } from "./verb.ts";
import { whoAsks } from "./who.ts";

/** The part of an SQS delivery that is read; the batch is of one. */
export interface CommandBatch {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** What commands are carried out with. */
export interface Commanding extends Desk {
  /** Who people are, as Slack says; remembered for some minutes. */
  readonly people: Pick<Directory, "user" | "groupMembers">;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/**
 * Carries out what one person asked for, once: who asks, what is meant, may they, do it, answer. The first delivery holds
 * the request; a second one of the same message finishes what a crash left half done, because every effect is keyed by the request.
 * @throws what may pass by itself, so that the queue delivers again.
 */
export async function carryOutBatch(batch: CommandBatch, commanding: Commanding): Promise<void> {
  for (const { messageId, body } of batch.Records) commanding.log({ message: messageId, ...(await one(messageId, body, commanding)) });
}

async function one(messageId: string, body: string, { people, log: _, ...desk }: Commanding): Promise<Outcome> {
  const { world, policy } = desk;
  const request = readRequest(body);
  const mine = await world.claims.claim(`command/${request.key}`, messageId, request.at);
  if (guard("request is carried out once", !mine)) return heldByAnother(desk, request);
  const who = await whoAsks({ asker: request.asker, policy, directory: people });
  if (who.kind === "refused") {
    await world.audit.append({
      chain: "control",
      key: `command/${request.key}/refused`,
      at: request.at,
      kind: "command",
      actor: `slack/${request.asker.user}`,
      body: { asked: request.text.slice(0, 200), refused: who.because },
    });
    return { request: request.key, did: who.because, answered: await answerTo(world, request, card(who.because)) };
  }
  try {
    const { shown, ...did } = await readAndDo(desk, request, who.person);
    return { request: request.key, ...did, answered: await answerTo(world, request, shown) };
  } catch (error) {
    // What may pass is tried again by the queue; what will not is told at once, and shows in the log.
    if (!(error instanceof PortError) || error.retryable) throw error;
    return { request: request.key, asked: request.text.slice(0, 200), failed: error.message, answered: await answerTo(world, request, card(sayFailed(error))) };
  }
}

/** What is logged of one message. */
type Outcome = Readonly<Record<string, unknown>>;

/** What the person is shown, and what is logged. */
async function readAndDo(desk: Desk, request: SlackRequest, person: Person): Promise<Outcome & { readonly shown: Card }> {
  const [around, own] = await Promise.all([lookAround(desk.world), incidentOwning(desk.world, request)]);
  const parsed = parseRequest(request, desk, { ...around, own });
  if (parsed.kind === "help") return { shown: parsed.card, did: "help" };
  const { commands, flags, claims } = parsed;
  const outcomes: CarriedOut[] = [];
  for (const [index, command] of commands.entries()) {
    // A form may ask for several things: each has a key of its own.
    const keyed = index === 0 ? request : { ...request, key: `${request.key}/${index}` };
    outcomes.push(await carryOut(desk, { request: keyed, person, command, flags, claims, around }));
  }
  return {
    shown: together(outcomes.map((outcome) => outcome.shown)),
    verbs: commands.map((command) => command.verb).join(", "),
    by: person.name,
    did: outcomes.map((outcome) => outcome.did).join(", "),
  };
}

/**
 * A second message of a request is left alone. One that comes when nobody can be answered by the request's own address any more was no
 * double delivery: somebody sent it out of the dead-letter queue again, and whoever asked still waits.
 */
async function heldByAnother({ world }: Desk, request: SlackRequest): Promise<Outcome> {
  if (since(request.at, world.clock.now()) < RESPONSE_LASTS) return { request: request.key, did: "another delivery carries it out" };
  const asked = request.kind === "slash" || request.kind === "mention" ? `"${request.text.slice(0, 80)}"` : "a button or form";
  const because = `What you asked for at ${sayClock(request.at)} UTC (${asked}) did not get through, and came too late to be carried out now. Look whether it was done, and ask again if not.`;
  return { request: request.key, did: "came too late", answered: await answerTo(world, request, card(because)) };
}

/** A row that this release cannot read is most likely a newer one's. */
const sayFailed = ({ kind, operation, message }: PortError): string =>
  kind === "invalid" && operation.startsWith("ledger:")
    ? `This release of Nightshift cannot read what stands there: ${message}. Was a newer release installed before? Install it again, then ask again. Everything else still works.`
    : `That failed: ${message}. Look whether it was done before you ask again.`;

/** Several answers as one. */
const together = (cards: readonly Card[]): Card => {
  const [first, ...more] = cards;
  if (first === undefined) return card("Nothing was asked for.");
  return more.length === 0 ? first : { summary: first.summary, parts: cards.flatMap((one) => one.parts) };
};
