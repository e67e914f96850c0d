import type { Role } from "@nightshift/model";

/** What one word of a command may be. `word` is one of a list; `rest` takes what is left, as free text. */
export type WordKind =
  | { readonly kind: "incident" }
  | { readonly kind: "service" }
  /** A service, a group, or `all`. */
  | { readonly kind: "scope" }
  /** A scope, or an alarm's name, in which `*` stands for any run of characters. */
  | { readonly kind: "quiet" }
  | { readonly kind: "person" }
  /** A person, a service, or `tier1`, `tier2`… */
  | { readonly kind: "whom" }
  | { readonly kind: "severity" }
  | { readonly kind: "length" }
  | { readonly kind: "count" }
  | { readonly kind: "field" }
  | { readonly kind: "database" }
  /** An id that Nightshift made up: of a plan, a silence, a revision. */
  | { readonly kind: "id" }
  | { readonly kind: "verb" }
  | { readonly kind: "word"; readonly words: readonly string[] }
  | { readonly kind: "rest" };

/** Where a word's meaning goes. */
export type Place =
  | "about"
  | "incident"
  | "into"
  | "service"
  | "scope"
  | "person"
  | "whom"
  | "severity"
  | "lasts"
  | "count"
  | "role"
  | "field"
  | "what"
  | "database"
  | "id"
  | "text"
  | "link";

/** One word that a verb takes, in order. */
export interface Word {
  readonly place: Place;
  readonly is: WordKind;
  /** As usage shows it. */
  readonly shown: string;
  readonly optional?: true;
}

/** Options that only some verbs know; `--dry-run`, `--reason`, `--yes` and `--env` go with every one. */
export type OptionName = "all" | "week" | "for" | "to" | "sev" | "max" | "at";

/** Everything there is to know about one verb: help, the parser, the ingress, permission and the docs read this. */
export interface VerbDefinition {
  readonly section: "reading" | "incidents" | "people" | "production";
  /** One sentence for help. */
  readonly does: string;
  /** The least that a person must be. */
  readonly role: Role;
  /** True: it changes an incident, who is told, or production. */
  readonly changes: boolean;
  readonly takes: readonly Word[];
  readonly options: readonly OptionName[];
  /** Its options may be said without dashes after its words: `scale shop-worker 6 for 2h`. */
  readonly plainOptions?: true;
  /** Options without which it cannot be. */
  readonly requires?: readonly OptionName[];
  /** A command that is right as it stands; names in braces are replaced by ones that exist. */
  readonly example: string;
}

/** Words that several verbs take. */
export const words = {
  incident: { place: "incident", is: { kind: "incident" }, shown: "[INC-…]", optional: true },
  service: { place: "service", is: { kind: "service" }, shown: "<service>" },
  scope: { place: "scope", is: { kind: "scope" }, shown: "<service|group|all>" },
  severity: { place: "severity", is: { kind: "severity" }, shown: "p1..p4" },
  lasts: { place: "lasts", is: { kind: "length" }, shown: "[30m|2h|1d]", optional: true },
  plan: { place: "id", is: { kind: "id" }, shown: "[plan]", optional: true },
  text: { place: "text", is: { kind: "rest" }, shown: '"text"' },
} as const satisfies Readonly<Record<string, Word>>;
