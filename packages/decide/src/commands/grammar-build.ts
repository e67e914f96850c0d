import type { Command, EpochMs, Flags, Ms, Severity, Verb } from "@nightshift/model";
import type { Meanings } from "./grammar-words.ts";

/** What options said. */
export interface Options {
  readonly all: boolean;
  readonly week: boolean;
  readonly for: Ms | undefined;
  readonly to: string | undefined;
  readonly max: number | undefined;
  readonly sev: Severity | undefined;
  readonly at: EpochMs | undefined;
  readonly flags: Flags;
}

type Builders = { readonly [V in Verb]: (words: Meanings, options: Options) => Extract<Command, { readonly verb: V }> | undefined };

/** Makes the command of a verb; undefined while something that it needs is missing. */
export const buildCommand = (verb: Verb, words: Meanings, options: Options): Command | undefined => builders[verb](words, options);

const builders: Builders = {
  help: ({ about }) => ({ verb: "help", about }),
  whoami: () => ({ verb: "whoami" }),
  version: () => ({ verb: "version" }),
  status: ({ service }) => ({ verb: "status", service }),
  incidents: (_, { all }) => ({ verb: "incidents", all }),
  show: ({ incident }) => ({ verb: "show", incident }),
  oncall: ({ service }, { week }) => ({ verb: "oncall", service, week }),
  silences: () => ({ verb: "silences" }),
  holds: () => ({ verb: "holds" }),
  deploys: ({ service }) => (service === undefined ? undefined : { verb: "deploys", service }),
  postmortem: ({ incident }) => ({ verb: "postmortem", incident }),
  drill: ({ service }) => (service === undefined ? undefined : { verb: "drill", what: "escalation", service }),
  open: ({ service, severity, text }) =>
    service === undefined || severity === undefined || text === undefined ? undefined : { verb: "open", service, severity, title: text },
  ack: ({ incident }) => ({ verb: "ack", incident }),
  resolve: ({ incident }) => ({ verb: "resolve", incident }),
  reopen: ({ incident }) => ({ verb: "reopen", incident }),
  sev: ({ incident, severity }) => (severity === undefined ? undefined : { verb: "sev", incident, severity }),
  note: ({ incident, text }) => (text === undefined ? undefined : { verb: "note", incident, text }),
  field: ({ incident, field, text }) => (field === undefined || text === undefined ? undefined : { verb: "field", incident, field, text }),
  merge: ({ incident, into }) => (incident === undefined || into === undefined ? undefined : { verb: "merge", incident, into }),
  role: ({ incident, role, person }) => (role === undefined || person === undefined ? undefined : { verb: "role", incident, role, person }),
  mitigating: ({ incident }) => ({ verb: "mitigating", incident }),
  page: ({ whom, text }) => (whom === undefined || text === undefined ? undefined : { verb: "page", whom, why: text }),
  handoff: ({ person }, options) => (person === undefined ? undefined : { verb: "handoff", to: person, until: options.for }),
  silence: ({ scope, lasts }, options) => {
    const length = lasts ?? options.for;
    return scope === undefined || length === undefined ? undefined : { verb: "silence", scope, lasts: length };
  },
  unsilence: ({ id }) => (id === undefined ? undefined : { verb: "unsilence", id }),
  rollback: ({ service }, { to }) => (service === undefined ? undefined : { verb: "rollback", service, to }),
  scale: ({ service, count }, options) =>
    service === undefined || count === undefined ? undefined : { verb: "scale", service, to: count, lasts: options.for, max: options.max },
  backup: ({ what, database }) => {
    const deed = deeds.find((one) => one === what);
    return deed === undefined || database === undefined ? undefined : { verb: "backup", what: deed, database };
  },
  restore: ({ database, id }, { at }) => (database === undefined ? undefined : { verb: "restore", database, backup: id, at }),
  hold: ({ scope, lasts }, options) => (scope === undefined ? undefined : { verb: "hold", scope, lasts: lasts ?? options.for }),
  release: ({ scope }) => (scope === undefined ? undefined : { verb: "release", scope }),
  freeze: ({ scope, lasts }, options) => {
    const length = lasts ?? options.for;
    return scope === undefined || length === undefined ? undefined : { verb: "freeze", scope, lasts: length };
  },
  unfreeze: ({ scope }) => (scope === undefined ? undefined : { verb: "unfreeze", scope }),
  approve: ({ id }) => ({ verb: "approve", plan: id }),
  deny: ({ id }) => ({ verb: "deny", plan: id }),
  "test-alert": ({ service }, { sev }) => (service === undefined ? undefined : { verb: "test-alert", service, severity: sev ?? "P3" }),
};

const deeds = ["now", "list", "drill", "accept"] as const;
