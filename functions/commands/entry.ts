import type { Card } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { type Directory, PortError } from "@nightshift/ports";
import { answerTo } from "./answer.ts";
import { type CarriedOut, carryOut } from "./carry-out.ts";
import { recentIncidents } from "./incident.ts";
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

async function one(messageId: string, body: string, { people, log: _, ...desk }: Commanding): Promise<Readonly<Record<string, unknown>>> {
  const { world, policy } = desk;
  const request = readRequest(body);
  const mine = await world.claims.claim(`command/${request.key}`, messageId, request.at);
  if (guard("request is carried out once", !mine)) return { request: request.key, did: "another delivery carries it out" };
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
  const recent = await recentIncidents(world);
  const parsed = parseRequest(request, desk, recent);
  if (parsed.kind === "help") return { request: request.key, did: "help", answered: await answerTo(world, request, parsed.card) };
  const outcomes: CarriedOut[] = [];
  const { commands, flags, claims } = parsed;
  const verbs = commands.map((command) => command.verb).join(", ");
  try {
    for (const [index, command] of commands.entries()) {
      // A form may ask for several things: each has a key of its own.
      const keyed = index === 0 ? request : { ...request, key: `${request.key}/${index}` };
      outcomes.push(await carryOut(desk, { request: keyed, person: who.person, command, flags, claims, recent }));
    }
  } catch (error) {
    // What may pass is tried again by the queue; what will not is told at once, and shows in the log.
    if (!(error instanceof PortError) || error.retryable) throw error;
    const because = `That failed: ${error.message}. Look whether it was done before you ask again.`;
    return { request: request.key, verbs, failed: error.message, answered: await answerTo(world, request, card(because)) };
  }
  const answered = await answerTo(world, request, together(outcomes.map((outcome) => outcome.shown)));
  return { request: request.key, verbs, by: who.person.name, did: outcomes.map((outcome) => outcome.did).join(", "), answered };
}

/** Several answers as one. */
const together = (cards: readonly Card[]): Card => {
  const [first, ...more] = cards;
  if (first === undefined) return card("Nothing was asked for.");
  return more.length === 0 ? first : { summary: first.summary, parts: cards.flatMap((one) => one.parts) };
};
