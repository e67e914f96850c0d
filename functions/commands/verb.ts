import type { Person } from "@nightshift/decide/commands/authorise";
import type { Doing } from "@nightshift/decide/incidents/transitions";
import type {
  Approval,
  Card,
  Command,
  DatabaseSettings,
  EpochMs,
  Flags,
  GuardedService,
  GuardSettings,
  Incident,
  IncidentPolicy,
  SlackRequest,
  Verb,
  WorkerSettings,
} from "@nightshift/model";
import type { World } from "@nightshift/ports";
import type { manifest } from "./manifest.ts";

/** The ports that commands are carried out with. */
export type CommandsWorld = Pick<World, (typeof manifest)["uses"][number]>;

/** What is known before anybody asks: the world and the config. */
export interface Desk {
  readonly world: CommandsWorld;
  readonly policy: IncidentPolicy;
  readonly groups: readonly GuardSettings[];
  /** Worker services that are scaled; absent: none. */
  readonly workers?: readonly WorkerSettings[];
  /** Databases that are backed up; absent: none. */
  readonly databases?: readonly DatabaseSettings[];
  /** What is installed: a version and where. */
  readonly installed: string;
  /** Asked for rarely, and large: they come when they are needed, so that a cold start of the others goes without. */
  readonly backupVerbs: () => Promise<{ readonly backup: Carry<"backup">; readonly restore: Carry<"restore"> }>;
}

/** Everything one verb is carried out with. */
export interface On extends Desk {
  readonly request: SlackRequest;
  readonly flags: Flags;
  readonly person: Person;
  /** The moment the person asked: what is written is the same however often the request comes. */
  readonly doing: Doing;
  /** The clock's now: what may have ended while the request waited is judged by it. */
  readonly now: EpochMs;
  /** The incident that the command names, or that it was said in, or the only open one. */
  readonly incident: Incident | undefined;
  /** The plan that the word is about; undefined for other commands, and for a plan that nobody knows. */
  readonly plan: Approval | undefined;
}

/** What a command comes to before anything is changed. A dry run shows a `ready` one; only `act` changes anything. */
export type Prepared =
  /** Nothing can be done, and why. */
  | { readonly kind: "refused"; readonly because: string }
  /** Nothing is to be done: the answer. */
  | { readonly kind: "answer"; readonly card: Card }
  | Ready;

/** Ready to be done. */
export interface Ready {
  readonly kind: "ready";
  /** What it does, in a sentence. */
  readonly does: string;
  /** The exact calls: AWS, ledger, Slack. */
  readonly calls: readonly string[];
  /** Who must say yes first; absent: nobody. */
  readonly approval?: string;
  /** What people would be told. */
  readonly tells: readonly string[];
  /** A line for the timeline of the incident that it was said in, where the verb writes none itself. */
  readonly line?: string;
  act(): Promise<Done>;
}

/** What came of it: said to the person who asked. */
interface Done {
  readonly card: Card;
  /** False: somebody was first, or the world had changed; nothing was done by this request. */
  readonly changed: boolean;
}

/** How one verb is carried out. It reads; what it returns changes. */
export type Carry<V extends Verb> = (command: Extract<Command, { readonly verb: V }>, on: On) => Promise<Prepared>;

/** The settings of a service, and of its group. */
export function serviceNamed(
  groups: readonly GuardSettings[],
  name: string,
): { readonly settings: GuardSettings; readonly service: GuardedService } | undefined {
  for (const settings of groups) {
    const service = settings.services.find((one) => one.name === name);
    if (service !== undefined) return { settings, service };
  }
  return undefined;
}

/** The service and its group: where a role may be given. */
export const scopeOf = (groups: readonly GuardSettings[], name: string): readonly string[] => {
  const found = serviceNamed(groups, name);
  return found === undefined ? [name] : [...new Set([name, found.settings.group])];
};

/** A card of one sentence and some lines. */
export const card = (summary: string, lines: readonly string[] = []): Card => ({
  summary,
  parts: [{ kind: "text", text: summary }, ...(lines.length === 0 ? [] : [{ kind: "lines" as const, lines }])],
});

/** Not done, and why. */
export const refused = (because: string): Prepared => ({ kind: "refused", because });
/** Told. */
export const answered = (it: Card): Prepared => ({ kind: "answer", card: it });
