import type { IncidentRole, TemplateField } from "./incident.ts";
import type { Severity } from "./severity.ts";
import type { EpochMs, Ms } from "./time.ts";

/** What a person asks for: by slash command, mention, button or form; all of them become one of these. */
export type Command =
  // reading
  | { readonly verb: "help"; readonly about: string | undefined }
  | { readonly verb: "whoami" }
  | { readonly verb: "version" }
  | { readonly verb: "status"; readonly service: string | undefined }
  | { readonly verb: "incidents"; readonly all: boolean }
  | { readonly verb: "show"; readonly incident: string | undefined }
  | { readonly verb: "oncall"; readonly service: string | undefined; readonly week: boolean }
  | { readonly verb: "silences" }
  | { readonly verb: "holds" }
  | { readonly verb: "deploys"; readonly service: string }
  | { readonly verb: "postmortem"; readonly incident: string | undefined }
  | { readonly verb: "drill"; readonly what: "escalation"; readonly service: string }
  // incidents; an absent incident is the one of the thread, or the only open one
  | { readonly verb: "open"; readonly service: string; readonly severity: Severity; readonly title: string }
  | { readonly verb: "ack"; readonly incident: string | undefined }
  | { readonly verb: "resolve"; readonly incident: string | undefined }
  | { readonly verb: "reopen"; readonly incident: string | undefined }
  | { readonly verb: "sev"; readonly incident: string | undefined; readonly severity: Severity }
  | { readonly verb: "note"; readonly incident: string | undefined; readonly text: string }
  | { readonly verb: "field"; readonly incident: string | undefined; readonly field: TemplateField; readonly text: string }
  | { readonly verb: "merge"; readonly incident: string; readonly into: string }
  | { readonly verb: "role"; readonly incident: string | undefined; readonly role: IncidentRole; readonly person: string }
  | { readonly verb: "mitigating"; readonly incident: string | undefined }
  // people
  | { readonly verb: "page"; readonly whom: string; readonly why: string }
  | { readonly verb: "handoff"; readonly to: string; readonly until: Ms | undefined }
  | { readonly verb: "silence"; readonly scope: string; readonly lasts: Ms }
  | { readonly verb: "unsilence"; readonly id: string }
  // production
  | { readonly verb: "rollback"; readonly service: string; readonly to: string | undefined }
  | { readonly verb: "scale"; readonly service: string; readonly to: string; readonly lasts: Ms | undefined; readonly max?: number | undefined }
  | { readonly verb: "backup"; readonly what: "now" | "list" | "drill" | "accept"; readonly database: string }
  | { readonly verb: "restore"; readonly database: string; readonly backup: string | undefined; readonly at: EpochMs | undefined }
  | { readonly verb: "hold"; readonly scope: string; readonly lasts: Ms | undefined }
  | { readonly verb: "release"; readonly scope: string }
  | { readonly verb: "freeze"; readonly scope: string; readonly lasts: Ms }
  | { readonly verb: "unfreeze"; readonly scope: string }
  /** Without a plan: the only one that waits, of the incident it is said in. */
  | { readonly verb: "approve"; readonly plan: string | undefined }
  | { readonly verb: "deny"; readonly plan: string | undefined }
  | { readonly verb: "test-alert"; readonly service: string; readonly severity: Severity };

/** The word a command begins with. */
export type Verb = Command["verb"];

/** What any command may carry. */
export interface Flags {
  /** Only say what would be done: the exact calls, who must approve, what would be told. */
  readonly dryRun: boolean;
  readonly reason: string | undefined;
  /** Skips the question in a form, never the approval. */
  readonly yes: boolean;
}

/** Who asks, as Slack names them; what they may do is decided from the config, never from a display name. */
export interface Asker {
  readonly user: string;
  readonly team: string;
  /** The workspace that the user belongs to: another one is a guest from Slack Connect. */
  readonly userTeam: string | undefined;
  readonly app: string;
}

/** A request from Slack after its signature was checked, as it travels in the commands queue. */
export interface SlackRequest {
  /** From the request's own ids (`facts/incidents.md` 2.3); two with the same key are one. */
  readonly key: string;
  readonly kind: "slash" | "button" | "form" | "mention" | "shortcut";
  readonly at: EpochMs;
  readonly asker: Asker;
  readonly channel: string | undefined;
  /** The thread it was made in, and the message a button stands in. */
  readonly thread: string | undefined;
  readonly message: string | undefined;
  /** Slash and mention: the words. Button: the action id. Form: the callback id. */
  readonly text: string;
  /** Button: its value. Form: its context. Shortcut: the message's text. */
  readonly value: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
  readonly responseUrl: string | undefined;
}

/** What buttons are called; each leads to the command of the same meaning. Values are `INCIDENT`, or `INCIDENT|PLAN`, and nothing else. */
export const buttons = {
  ack: "ns.ack",
  resolve: "ns.resolve",
  reopen: "ns.reopen",
  /** "Still on it": renews an acknowledgement that is about to run out. */
  working: "ns.working",
  rollback: "ns.rollback",
  scale: "ns.scale",
  silence: "ns.silence",
  severity: "ns.severity",
  note: "ns.note",
  role: "ns.role",
  hold: "ns.hold",
  approve: "ns.approve",
  deny: "ns.deny",
  postMortem: "ns.post-mortem",
} as const;

/** What forms are called when they come back. */
export const forms = {
  rollback: "ns.form.rollback",
  scale: "ns.form.scale",
  silence: "ns.form.silence",
  severity: "ns.form.severity",
  note: "ns.form.note",
  role: "ns.form.role",
  postMortem: "ns.form.post-mortem",
  /** The message shortcut "Add to incident timeline". */
  addToTimeline: "ns.form.timeline",
} as const;
