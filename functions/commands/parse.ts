import { readCommand } from "@nightshift/decide/commands/grammar";
import { fieldNames, type GrammarContext } from "@nightshift/decide/commands/grammar-words";
import { readLength } from "@nightshift/decide/commands/durations";
import { buttons, type Card, type Command, type Flags, forms, type Incident, type IncidentRole, type Severity, type SlackRequest, type TemplateField } from "@nightshift/model";
import { shortName } from "./incident.ts";
import { type Desk, card } from "./verb.ts";

/** What a request asks for; or the answer to one that nobody can read. Nothing is done about that. */
export type Parsed =
  | { readonly kind: "command"; readonly command: Command; readonly flags: Flags; /** A button or form names its plan's incident, too. */ readonly claims: string | undefined }
  | { readonly kind: "help"; readonly card: Card };

const plain: Flags = { dryRun: false, reason: undefined, yes: false };

/** Reads a request of any kind: words by the grammar, buttons and forms by their names. */
export function parseRequest(request: SlackRequest, desk: Desk, recent: readonly Incident[]): Parsed {
  switch (request.kind) {
    case "slash":
    case "mention":
      return words(request, contextOf(desk, request), recent);
    case "button":
      return pressed(request, recent);
    case "form":
    case "shortcut":
      return filledIn(request, contextOf(desk, request));
  }
}

/** Names that exist here. */
export const contextOf = ({ policy, groups }: Pick<Desk, "policy" | "groups">, request: Pick<SlackRequest, "kind">): GrammarContext => ({
  services: groups.flatMap((group) => group.services.map((service): string => service.name)),
  groups: groups.map((group) => group.group),
  people: policy.people.map((one) => one.name),
  zone: policy.zone,
  said: request.kind === "mention" ? "@nightshift" : "/ops",
});

function words({ text }: SlackRequest, context: GrammarContext, recent: readonly Incident[]): Parsed {
  const read = readCommand(spelledOut(text, recent), context);
  return read.kind === "command" ? { ...read, claims: undefined } : { kind: "help", card: read.card };
}

/** `ack shop-api` and `ack 43ab` name an incident shortly: the word is replaced by its id. Free text is left as it is unless it is quoted. */
function spelledOut(text: string, recent: readonly Incident[]): string {
  const [whole, before = "", word = "", rest = ""] = /^(\s*(?:show|postmortem|ack|resolve|reopen|mitigating|sev|role|merge|note|field)\s+)([\w.-]+)(.*)$/is.exec(text) ?? [];
  if (whole === undefined || (/^\s*(note|field)/i.test(before) && !/["“]/.test(rest))) return text;
  const id = shortName(word, recent);
  const [, link, into] = /^(\s+into\s+)([\w.-]+)\s*$/is.exec(rest) ?? [];
  const after = link === undefined || into === undefined ? rest : `${link}${shortName(into, recent) ?? into}`;
  return `${before}${id ?? word}${after}`;
}

const unreadable = (because: string): Parsed => ({ kind: "help", card: card(`${because} Nothing was done. /ops help lists what there is.`) });
const done = (command: Command, claims?: string, flags: Flags = plain): Parsed => ({ kind: "command", command, flags, claims });

/** `INCIDENT` or `INCIDENT|PLAN`, and nothing else. `-` stands for no incident. */
function valueOf(value: string | undefined): { readonly incident: string | undefined; readonly plan: string | undefined } | undefined {
  const [, incident, plan] = /^(-|INC-[\w.*-]{1,80})(?:\|([\w.:/@-]{1,200}))?$/.exec(value ?? "") ?? [];
  return incident === undefined ? undefined : { incident: incident === "-" ? undefined : incident, plan };
}

function pressed({ text, value }: SlackRequest, recent: readonly Incident[]): Parsed {
  const read = valueOf(value);
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
    case buttons.hold: {
      const held = recent.find((one) => one.id === incident);
      return held === undefined ? unreadable("I cannot find this incident any more.") : done({ verb: "hold", scope: held.service, lasts: undefined }, incident);
    }
    default:
      return unreadable("I do not know this button.");
  }
}

const severities: readonly Severity[] = ["P1", "P2", "P3", "P4"];
const parts: readonly IncidentRole[] = ["ic", "ops", "comms"];
const fields = Object.keys(fieldNames) as readonly TemplateField[]; // The record has exactly these keys.
/** What a person writes into one field. */
const LONGEST = 2_000;

function filledIn(request: SlackRequest, context: GrammarContext): Parsed {
  const read = valueOf(request.value === "" || request.value === undefined ? "-" : request.value);
  if (request.kind === "shortcut" || request.text === forms.addToTimeline) return added(request);
  if (read === undefined || read.plan !== undefined) return unreadable("This form carries something that I did not put there.");
  const { incident } = read;
  const field = (name: string): string => (Object.hasOwn(request.fields, name) ? (request.fields[name] ?? "").trim().slice(0, LONGEST) : "");
  const reason = field("reason") === "" ? undefined : field("reason");
  const flags: Flags = { dryRun: false, reason, yes: true };
  const scopes = [...context.services, ...(context.groups ?? []), "all"];
  switch (request.text) {
    case forms.rollback: {
      const to = field("to");
      if (!context.services.includes(field("service")) || !/^[\w.:/@-]{0,255}$/.test(to)) return unreadable("The form names no service or revision that I know.");
      return done({ verb: "rollback", service: field("service"), to: to === "" || to === "last-known-good" ? undefined : to }, incident, flags);
    }
    case forms.scale:
      return context.services.includes(field("service")) ? done({ verb: "scale", service: field("service"), to: field("to"), lasts: undefined }, incident, flags) : unreadable("The form names no service that I know.");
    case forms.silence: {
      const lasts = readLength(field("lasts"));
      const known = scopes.includes(field("scope"));
      return lasts === undefined || !known ? unreadable("The form names no scope or length that I know.") : done({ verb: "silence", scope: field("scope"), lasts }, incident, flags);
    }
    case forms.severity: {
      const severity = severities.find((one) => one === field("severity"));
      return severity === undefined || incident === undefined ? unreadable("The form names no severity that I know.") : done({ verb: "sev", incident, severity }, undefined, flags);
    }
    case forms.note:
      return field("text") === "" || incident === undefined ? unreadable("The note is empty.") : done({ verb: "note", incident, text: field("text") }, undefined, flags);
    case forms.role: {
      const role = parts.find((one) => one === field("role"));
      const person = field("person");
      return role === undefined || incident === undefined || !/^[\w.-]{1,80}$/.test(person) ? unreadable("The form names no part or person that I know.") : done({ verb: "role", incident, role, person }, undefined, flags);
    }
    case forms.postMortem: {
      const written = fields.find((name) => name === field("field"));
      return written === undefined || incident === undefined || field("text") === "" ? unreadable("The form names no field that I know, or no text.") : done({ verb: "field", incident, field: written, text: field("text") }, undefined, flags);
    }
    default:
      return unreadable("I do not know this form.");
  }
}

/** The message shortcut: what somebody wrote becomes a line of the timeline. */
function added({ fields: given, value }: SlackRequest): Parsed {
  const incident = Object.hasOwn(given, "incident") ? given["incident"] : undefined;
  const text = ((Object.hasOwn(given, "text") ? given["text"] : undefined) ?? value ?? "").trim().slice(0, LONGEST);
  if (text === "") return unreadable("There is nothing to add.");
  if (incident !== undefined && incident !== "" && valueOf(incident)?.incident === undefined) return unreadable("The form names no incident that I know.");
  return done({ verb: "note", incident: incident === "" ? undefined : incident, text });
}
