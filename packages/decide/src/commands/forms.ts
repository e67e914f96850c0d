import { buttons, type Form, type FormField, forms, type TemplateField } from "@nightshift/model";
import type { GrammarContext } from "./grammar-words.ts";

/** Stands for the service that the incident is about, which is known only where the incident can be read. */
export const OWN_SERVICE = "incident";

/** How many choices Slack shows in a menu. Source: "Select menu element", https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element, 2026-11-21. */
const MOST_CHOICES = 100;

/** Fields of the post-mortem in the order in which they are asked. */
export const postMortemFields: readonly (readonly [TemplateField, string])[] = [
  ["impact", "Impact: who felt it, and how"],
  ["rootCause", "Root cause: what went wrong, and why"],
  ["resolution", "Resolution: what ended it, and how that was checked"],
  ["prevention", "Prevention: what keeps it from coming again"],
  ["wentWell", "What went well"],
  ["wentBadly", "What went badly"],
  ["actionItems", "Action items"],
];

/** The form that a button opens; undefined for buttons that need none. `context` comes back unchanged when it is sent. */
export function formFor(action: string, { incident, context, names }: { incident: string; context: string; names: GrammarContext }): Form | undefined {
  const about = (form: Pick<Form, "callback" | "title" | "submit" | "fields">): Form => ({ ...form, context, parts: [{ kind: "small", text: incident }] });
  switch (action) {
    case buttons.rollback:
      return about({
        callback: forms.rollback,
        title: "Roll back",
        submit: "Go on",
        fields: [serviceField(names, incident), revisionField, howField, reasonField(false)],
      });
    case buttons.scale:
      return about({
        callback: forms.scale,
        title: "Scale",
        submit: "Go on",
        fields: [serviceField(names, incident), countField, scaleFor, maxField, howField, reasonField(false)],
      });
    case buttons.silence:
      return about({ callback: forms.silence, title: "Silence", submit: "Silence", fields: [scopeField(names), silenceFor, reasonField(false)] });
    case buttons.severity:
      return about({ callback: forms.severity, title: "Severity", submit: "Change", fields: [severityField, reasonField(true)] });
    case buttons.note:
      return about({ callback: forms.note, title: "Note", submit: "Add", fields: [noteField("")] });
    case buttons.role:
      return about({ callback: forms.role, title: "Who does what", submit: "Give", fields: [roleField, personField(names)] });
    case buttons.postMortem:
      return about({
        callback: forms.postMortem,
        title: "Post-mortem",
        submit: "Save",
        fields: postMortemFields.map(([name, label]) => text(name, label, { long: true, optional: true })),
      });
    default:
      return undefined;
  }
}

/** The form of the message shortcut: the message's own words, to be shortened or kept. */
export const timelineForm = (message: string, context: string): Form => ({
  callback: forms.addToTimeline,
  title: "Add to timeline",
  submit: "Add",
  context,
  parts: [],
  fields: [text("incident", "Incident", { optional: true, hint: "Leave it empty for the one of this thread, or the only open one." }), noteField(message)],
});

const text = (
  name: string,
  label: string,
  { long = false, optional = false, ...more }: { long?: boolean; optional?: boolean; initial?: string; hint?: string },
): FormField => ({
  kind: "text",
  name,
  label,
  long,
  optional,
  ...more,
});

const reasonField = (optional: boolean): FormField => text("reason", "Why", { optional, hint: "One line for the timeline." });
const countField = text("count", "Workers", { hint: "4, +2, -1, or auto: as many as the queue needs." });
const maxField = text("max", "At most", { optional: true, hint: "Another upper bound meanwhile; leave it empty for the config's." });
const revisionField = text("to", "Revision", { optional: true, hint: "Leave it empty for the last known good one." });
/** Timeline texts are no longer than this. */
export const LONGEST_NOTE = 2_000;
const noteField = (initial: string): FormField =>
  text("text", "What happened", { long: true, ...(initial === "" ? {} : { initial: initial.slice(0, LONGEST_NOTE) }) });

const howField: FormField = {
  kind: "choice",
  name: "how",
  label: "Do it?",
  options: [
    ["dry-run", "Dry run: only show what would be done"],
    ["do", "Do it, once it is approved"],
  ],
  initial: "dry-run",
};
const scaleFor: FormField = {
  kind: "choice",
  name: "lasts",
  label: "For how long",
  options: [
    ["30m", "30 minutes"],
    ["1h", "1 hour"],
    ["2h", "2 hours"],
    ["8h", "8 hours"],
    ["1d", "1 day"],
  ],
  initial: "2h",
};
const silenceFor: FormField = {
  kind: "choice",
  name: "lasts",
  label: "For how long",
  options: [
    ["30m", "30 minutes"],
    ["1h", "1 hour"],
    ["2h", "2 hours"],
    ["4h", "4 hours"],
    ["1d", "1 day"],
  ],
  initial: "1h",
};
const severityField: FormField = {
  kind: "choice",
  name: "severity",
  label: "Severity",
  options: [
    ["p1", "P1: outage, data loss, security"],
    ["p2", "P2: more than 5 % errors, or a part is down"],
    ["p3", "P3: 1 to 5 % errors"],
    ["p4", "P4: below"],
  ],
};
const roleField: FormField = {
  kind: "choice",
  name: "role",
  label: "Part",
  options: [
    ["ic", "Incident commander"],
    ["ops", "Operations"],
    ["comms", "Communications"],
  ],
  initial: "ic",
};

/** Without an explicit choice it is the incident's own service: that is what the button stood beside. */
const serviceField = ({ services }: GrammarContext, incident = ""): FormField => ({
  kind: "choice",
  name: "service",
  label: "Service",
  options: [[OWN_SERVICE, ownService(incident, services)], ...services.map((name) => [name, name] as const)].slice(0, MOST_CHOICES) as readonly (readonly [
    string,
    string,
  ])[], // slice forgets that these are pairs
  initial: OWN_SERVICE,
});

/** An incident's id begins with its day, its minute and its service: the longest name that fits is meant. A storm's is the product's. */
function ownService(incident: string, services: readonly string[]): string {
  const rest = incident.endsWith("-storm") ? "" : (/^INC-\d{6}-\d{4}-(.*)$/.exec(incident)?.[1] ?? "");
  const [name] = services.filter((one) => rest === one || rest.startsWith(`${one}-`)).toSorted((a, b) => b.length - a.length);
  return name === undefined ? "The one this incident is about" : `${name}, which this incident is about`;
}
const scopeField = ({ services, groups = [] }: GrammarContext): FormField => ({
  kind: "choice",
  name: "scope",
  label: "What",
  options: [[OWN_SERVICE, "The service this incident is about"], ...[...new Set([...groups, ...services])].map((name) => [name, name] as const)].slice(
    0,
    MOST_CHOICES,
  ) as readonly (readonly [string, string])[], // as above
  initial: OWN_SERVICE,
});
const personField = ({ people }: GrammarContext): FormField => ({
  kind: "choice",
  name: "person",
  label: "Who",
  options: [["me", "Me"], ...people.filter((name) => name !== "me").map((name) => [name, name] as const)].slice(0, MOST_CHOICES) as readonly (readonly [
    string,
    string,
  ])[], // as above
  initial: "me",
});
