import { readCommand } from "@nightshift/decide/commands/grammar";
import type { GrammarContext } from "@nightshift/decide/commands/grammar-words";
import { STORM_GROUP } from "@nightshift/decide/incidents/grouping";
import { readForm } from "@nightshift/decide/commands/forms-read";
import { buttons, type Card, type Command, type Flags, forms, type Incident, type SlackRequest } from "@nightshift/model";
import { type Around, shortName } from "./incident.ts";
import { type Desk, card } from "./verb.ts";

/** What a request asks for; or the answer to one that nobody can read. Nothing is done about that. */
export type Parsed =
  | {
      readonly kind: "command";
      readonly commands: readonly Command[];
      readonly flags: Flags /** The incident that a button names beside its plan; `-` for none. */;
      readonly claims: string | undefined;
    }
  | { readonly kind: "help"; readonly card: Card };

const plain: Flags = { dryRun: false, reason: undefined, yes: false };

/** What is known of incidents: the newest, and the one that a button or form stands beside. */
interface Known extends Around {
  readonly own: Incident | undefined;
}

/** Reads a request of any kind: words by the grammar, buttons and forms by their names. */
export function parseRequest(request: SlackRequest, desk: Desk, { recent, blind, own }: Known): Parsed {
  switch (request.kind) {
    case "slash":
    case "mention":
      // Short names that cannot be looked up are read as names all the same, so that the answer says why.
      return words(request, { ...contextOf(desk, request), shortNames: blind !== undefined }, recent);
    case "button":
      return pressed(request, own);
    case "form":
    case "shortcut":
      return filledIn(request, contextOf(desk, request), own);
  }
}

/** Names that exist here. */
export const contextOf = (
  { policy, groups, databases = [] }: Pick<Desk, "policy" | "groups" | "databases">,
  request: Pick<SlackRequest, "kind">,
): GrammarContext => ({
  services: groups.flatMap((group) => group.services.map((service): string => service.name)),
  // A database is held and silenced like a group.
  groups: [...groups.map((group) => group.group), ...databases.map(({ name }) => name)],
  people: policy.people.map((one) => one.name),
  databases: databases.map(({ name }) => name),
  zone: policy.zone,
  said: request.kind === "mention" ? "@nightshift" : "/ops",
});

function words({ text }: SlackRequest, context: GrammarContext, recent: readonly Incident[]): Parsed {
  const read = readCommand(spelledOut(text, recent), context);
  return read.kind === "command" ? { kind: "command", commands: [read.command], flags: read.flags, claims: undefined } : { kind: "help", card: read.card };
}

/** `ack shop-api` and `ack 43ab` name an incident shortly: the word is replaced by its id. Free text is left as it is unless it is quoted. */
function spelledOut(text: string, recent: readonly Incident[]): string {
  const [whole, before = "", word = "", rest = ""] =
    /^(\s*(?:show|postmortem|ack|resolve|reopen|mitigating|sev|role|merge|note|field)\s+)([\w.-]+)(.*)$/is.exec(text) ?? [];
  if (whole === undefined || (/^\s*(note|field)/i.test(before) && !/["“]/.test(rest))) return text;
  const id = shortName(word, recent);
  const [, link, into] = /^(\s+into\s+)([\w.-]+)\s*$/is.exec(rest) ?? [];
  const after = link === undefined || into === undefined ? rest : `${link}${shortName(into, recent) ?? into}`;
  return `${before}${id ?? word}${after}`;
}

const unreadable = (because: string): Parsed => ({ kind: "help", card: card(`${because} Nothing was done. /ops help lists what there is.`) });
const done = (command: Command, claims?: string): Parsed => ({ kind: "command", commands: [command], flags: plain, claims });

/** `INCIDENT` or `INCIDENT|PLAN`, and nothing else. `-` stands for no incident. */
function readValue(value: string | undefined): { readonly incident: string | undefined; readonly plan: string | undefined } | undefined {
  const [, incident, plan] = /^(-|INC-[\w.*-]{1,80})(?:\|([\w.:/@-]{1,200}))?$/.exec(value ?? "") ?? [];
  return incident === undefined ? undefined : { incident: incident === "-" ? undefined : incident, plan };
}

function pressed({ text, value }: SlackRequest, own: Incident | undefined): Parsed {
  const read = readValue(value);
  if (read === undefined) return unreadable("This button carries something that I did not put there.");
  const { incident, plan } = read;
  if (text === buttons.approve || text === buttons.deny) {
    if (plan === undefined) return unreadable("This button names no plan.");
    return done({ verb: text === buttons.approve ? "approve" : "deny", plan }, incident ?? "-");
  }
  if (plan !== undefined || incident === undefined) return unreadable("This button carries something that I did not put there.");
  switch (text) {
    case buttons.ack:
      return done({ verb: "ack", incident });
    case buttons.resolve:
      return done({ verb: "resolve", incident });
    case buttons.reopen:
      return done({ verb: "reopen", incident });
    case buttons.working:
      return done({ verb: "note", incident, text: "still on it" });
    case buttons.postMortem:
      return done({ verb: "postmortem", incident });
    case buttons.hold:
      return own === undefined
        ? unreadable("I cannot find or read this incident; /ops hold and the name of a service holds without it.")
        : done({ verb: "hold", scope: own.service, lasts: undefined }, incident);
    default:
      return unreadable("I do not know this button.");
  }
}

/** A form, or the message shortcut, that was sent: read by the rules that made it, once more. */
function filledIn(request: SlackRequest, context: GrammarContext, own: Incident | undefined): Parsed {
  // A shortcut whose form could not be opened brings the message itself.
  const bare = request.kind === "shortcut";
  const incident = bare ? undefined : contextIncident(request.value);
  if (incident === "wrong") return unreadable("This form carries something that I did not put there.");
  const read = readForm(bare ? forms.addToTimeline : request.text, bare ? { text: request.value ?? "" } : request.fields, {
    incident,
    service: own?.service ?? "",
  });
  if (read === undefined) return unreadable("I do not know this form.");
  if (read.kind === "mistakes") {
    const said = Object.entries(read.mistakes).map(([name, because]) => `${name}: ${because}`);
    return { kind: "help", card: card("The form is not complete. Nothing was done.", said) };
  }
  const strange = strangeIn(read.commands, context, own);
  if (strange !== undefined) return unreadable(strange);
  return { kind: "command", commands: read.commands, flags: read.flags, claims: undefined };
}

/** The form offers only names that exist, and the incident's own, which need not be a service of the config: any other was put there by somebody. */
function strangeIn(commands: readonly Command[], context: GrammarContext, own: Incident | undefined): string | undefined {
  const scopes = [...context.services, ...(context.groups ?? []), ...(own === undefined || own.group === STORM_GROUP ? [] : [own.service, own.group])];
  for (const command of commands) {
    if ("service" in command && !context.services.includes(command.service ?? ""))
      return own !== undefined && command.service === own.service
        ? `${own.service} is no service of the config, so nothing can be done to it; choose a service in the form.`
        : "The form names no service that I know.";
    if (!("scope" in command) || scopes.includes(command.scope)) continue;
    // A storm goes by the name of the product, which no alarm goes by: silencing it would silence nothing.
    return own?.group === STORM_GROUP && command.scope === own.service
      ? `${own.id} is a storm over several services: choose one of them in the form, or say /ops silence all 1h --reason "why".`
      : "The form names no service that I know.";
  }
  return undefined;
}

/** The incident that the form was opened about: what stood in the button. */
function contextIncident(value: string | undefined): string | undefined | "wrong" {
  const [first = ""] = (value ?? "").split("|");
  if (first === "" || first === "-") return undefined;
  return /^INC-[\w.*-]{1,80}$/.test(first) ? first : "wrong";
}
