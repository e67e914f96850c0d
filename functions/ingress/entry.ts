import { readForm } from "@nightshift/decide/commands/forms-read";
import { type GrammarContext, readCommand } from "@nightshift/decide/commands/grammar";
import { after, type Card, type EpochMs, type Form, minutes, type SlackIdentity, type SlackRequest } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { Nonces } from "@nightshift/ports";
import { bodyBytes, header, readBody, type UrlRequest } from "./body.ts";
import { answers, type UrlAnswer } from "./entry-answers.ts";
import { formOf } from "./forms.ts";
import { type Asked, readAsked, type Who } from "./requests.ts";
import { isSlacks, looksSigned, nonceOf, shortName } from "./verify.ts";

/** Everything that the door to Slack needs from outside. */
export interface Door {
  /** The one workspace and app that are believed. */
  readonly identity: SlackIdentity;
  /** Names that commands and forms may use. */
  readonly names: GrammarContext;
  now(): EpochMs;
  /** Signing secrets: two while one replaces the other. None, or a blank one, lets nobody in. */
  secrets(): Promise<{ readonly signing: readonly string[] }>;
  readonly nonces: Nonces;
  /** Into the commands queue. */
  send(request: SlackRequest): Promise<void>;
  /** Opens a form in front of who pressed, within the trigger's three seconds. */
  openView(trigger: string, form: Form): Promise<void>;
  /** Says something to one person by a request's own address. */
  tell(responseUrl: string, text: string): Promise<void>;
  /** A card as a Slack message: `text` and `blocks`. */
  showCard(card: Card): Readonly<Record<string, unknown>>;
  /** For the log: what failed, without what was asked or any secret. */
  report(problem: Readonly<Record<string, unknown>>): void;
}

/** How long a signature is remembered: twice as long as it is good. */
const REMEMBERED = minutes(10);

/**
 * Takes one request: size, signature over the bytes as they came, form, workspace, app and person, once, and only then
 * work. What is not Slack's gets 401 and learns nothing; what is Slack's gets 200 and, where it may not be, the reason.
 * A 503 is given only when our own store or queue does not answer.
 */
export async function ingress(event: UrlRequest, door: Door): Promise<UrlAnswer> {
  const now = door.now();
  const body = bodyBytes(event);
  if (body === undefined) return answers.tooLarge;
  const signed = { body, timestamp: header(event, "x-slack-request-timestamp"), signature: header(event, "x-slack-signature") };
  if (!looksSigned(signed, now)) return answers.notSlacks;
  const secrets = await attempt(door, "reading the signing secret", async () => (await door.secrets()).signing);
  if (secrets.kind === "failed") return answers.unable;
  if (!isSlacks(signed, secrets.value)) return answers.notSlacks;

  const read = readBody(body);
  const asked = read === undefined ? undefined : readAsked(read, now);
  if (asked === undefined) return answers.unreadable;
  if (asked.kind === "nothing") return answers.taken;
  if (asked.kind !== "challenge" && isStranger(asked.who, door.identity))
    return refuse(asked, door, "This app is not set up for your workspace. Nothing was done.");

  const first = await attempt(door, "remembering the request", () => door.nonces.spend(nonceOf(signed), after(now, REMEMBERED)));
  if (first.kind === "failed") return unable(asked, door);
  if (guard("request is taken once", !first.value)) return answers.notSlacks;
  return asked.kind === "challenge" ? answers.challenge(asked.challenge) : carryOn(asked, door);
}

type Work = Exclude<Asked, { readonly kind: "challenge" | "nothing" }>;

/** Another workspace, app or organisation, or a person of another workspace in a shared channel. */
const isStranger = ({ team, app, userTeams, organisation }: Who, identity: SlackIdentity): boolean =>
  guard("request is of our workspace and app", team !== identity.team || app !== identity.app || organisation) ||
  guard(
    "guests ask for nothing",
    userTeams.some((one) => one !== identity.team),
  );

async function carryOn(asked: Work, door: Door): Promise<UrlAnswer> {
  switch (asked.kind) {
    case "slash": {
      // Short names of incidents are looked up where incidents can be read; what is wrong with them is said there.
      const read = readCommand(asked.request.text, { ...door.names, shortNames: true });
      if (read.kind === "help") return answers.message(door.showCard(read.card));
      return (await queued(asked, door)) ? answers.text(`Working on it (req ${shortName(asked.request.key)}).`) : unable(asked, door);
    }
    case "mention":
      return (await queued(asked, door)) ? answers.taken : unable(asked, door);
    case "form":
      return submitted(asked, door);
    case "button":
    case "shortcut": {
      const form = formOf(asked.request, door.names);
      if (form === undefined) return (await queued(asked, door)) ? answers.taken : unable(asked, door);
      const opened = await attempt(door, "opening a form", () => door.openView(asked.trigger, form));
      return opened.kind === "done" ? answers.taken : refuse(asked, door, "The form did not open in time. Nothing was done. Press again.");
    }
  }
}

/** A form's fields are checked before they go on; a wrong one is shown in the form, which stays open. */
async function submitted(asked: Work & { readonly kind: "form" }, door: Door): Promise<UrlAnswer> {
  const { text, fields, value } = asked.request;
  const read = readForm(text, fields, { incident: value?.split("|")[0], service: "incident" });
  if (read === undefined) return answers.taken;
  if (read.kind === "mistakes" && guard("form is checked again")) return answers.mistakes(read.mistakes);
  return (await queued(asked, door)) ? answers.taken : unable(asked, door);
}

const queued = async ({ request }: Work, door: Door): Promise<boolean> =>
  (await attempt(door, "queueing the request", () => door.send(request))).kind === "done";

/** Slack sends events again that were not taken; whoever typed or pressed is told to. */
const unable = (asked: Asked, door: Door): Promise<UrlAnswer> =>
  asked.kind === "mention" || asked.kind === "challenge" || asked.kind === "nothing"
    ? Promise.resolve(answers.unable)
    : refuse(asked, door, "I could not pass this on. Nothing was done. Try again in a moment.");

/** The reason, where this kind of request can be answered. */
async function refuse(asked: Work, door: Door, because: string): Promise<UrlAnswer> {
  switch (asked.kind) {
    case "slash":
      return answers.text(because);
    case "mention":
      return answers.taken;
    case "form": {
      const [field] = Object.keys(asked.request.fields);
      return field === undefined ? answers.taken : answers.mistakes({ [field]: because });
    }
    case "button":
    case "shortcut": {
      const { responseUrl } = asked.request;
      // What a button's answer says is not shown; its own address is.
      if (responseUrl !== undefined) await attempt(door, "telling why not", () => door.tell(responseUrl, because));
      return answers.text(because);
    }
  }
}

/** Does it, or reports that it failed: whatever happens behind the door, Slack gets an answer. */
async function attempt<T>(
  door: Door,
  doing: string,
  it: () => Promise<T>,
): Promise<{ readonly kind: "done"; readonly value: T } | { readonly kind: "failed" }> {
  try {
    return { kind: "done", value: await it() };
  } catch (error) {
    door.report({ problem: `The door to Slack failed at ${doing}.`, error: error instanceof Error ? error.message : "unknown" });
    return { kind: "failed" };
  }
}
