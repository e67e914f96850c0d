import type { EpochMs } from "@nightshift/model";

/** The workspace, the app in it and the app's user, as Slack would name them. */
export const labSlack = { team: "T0LAB", app: "A0LAB", bot: "U0LAB" } as const;

/** A message as Slack keeps it. */
export interface SlackMessage {
  readonly ts: string;
  /** The channel's id. */
  readonly channel: string;
  readonly threadTs: string | undefined;
  /** Who wrote it: the app's user, or a person. */
  readonly user: string;
  text: string;
  blocks: unknown;
  readonly metadata: unknown;
  /** Ids of the files in it. */
  readonly files: readonly string[];
  /** A reply that the channel sees, too. */
  readonly broadcast: boolean;
  /** Only this person sees it. */
  readonly only: string | undefined;
  /** When it was last edited. */
  editedAt: EpochMs | undefined;
  readonly postedAt: EpochMs;
}

/** A channel, or a conversation of two. */
export interface LabChannel {
  readonly id: string;
  name: string;
  readonly kind: "public" | "private" | "direct";
  topic: string;
  archived: boolean;
  readonly members: Set<string>;
  readonly bookmarks: { readonly title: string; readonly link: string }[];
  readonly pins: string[];
}

/** Somebody in the workspace. */
export interface LabUser {
  readonly id: string;
  readonly name: string;
  readonly team: string;
  /** `one-channel` and `stranger` (of another workspace, by Slack Connect) are guests like `channels`. */
  readonly guest: "no" | "channels" | "one-channel" | "stranger";
  readonly bot: boolean;
  gone: boolean;
}

/** A file, with its bytes once they came. */
export interface LabFile {
  readonly id: string;
  readonly name: string;
  readonly length: number;
  readonly alt: string;
  title: string;
  bytes: Uint8Array | undefined;
  /** Where it is shared. */
  channel: string | undefined;
  thread: string | undefined;
}

/** A form that stands open in front of a person. */
export interface LabView {
  readonly id: string;
  readonly user: string;
  hash: string;
  view: Readonly<Record<string, unknown>>;
  readonly openedAt: EpochMs;
  /** What the app said was wrong with the answers, by field. */
  errors: Readonly<Record<string, string>>;
}

/** An answer: HTTP status, headers and JSON. */
export interface SlackAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** Sent as it is in place of the body: a page that some proxy answers with. */
  readonly raw?: string;
}

/** The arguments of a call: texts as a form carries them, or as JSON has them. */
export type Arguments = Readonly<Record<string, unknown>>;
/** Answers one method. */
export type Method = (given: Arguments) => SlackAnswer;

/** It worked. */
export const ok = (body: Arguments = {}): SlackAnswer => ({ status: 200, headers: {}, body: { ok: true, ...body } });
/** Slack's word for why not. */
export const refused = (error: string, more: Arguments = {}): SlackAnswer => ({ status: 200, headers: {}, body: { ok: false, error, ...more } });

/** A text argument; undefined when it is missing or empty. */
export function text(given: Arguments, name: string): string | undefined {
  const value = given[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
/** True for `true` and for `"true"`: forms know texts only. */
export const flag = (given: Arguments, name: string): boolean => given[name] === true || given[name] === "true";

/** Everything that the methods share. */
export class WorkspaceState {
  readonly now: () => EpochMs;
  readonly messages: SlackMessage[] = [];
  readonly channels = new Map<string, LabChannel>();
  readonly users = new Map<string, LabUser>();
  readonly groups = new Map<string, readonly string[]>();
  readonly files = new Map<string, LabFile>();
  readonly views = new Map<string, LabView>();
  /** Only channels that were made or named exist; otherwise every name does. */
  readonly strictChannels: boolean;
  /** Where uploads go and people's requests are answered. */
  addresses = { upload: "https://files.slack.com/upload/v1/", respond: "https://hooks.slack.com/commands/" };
  #ids = 0;

  constructor(now: () => EpochMs, strictChannels: boolean) {
    this.now = now;
    this.strictChannels = strictChannels;
  }

  /** A number that was not given before: ids come from it, so that they repeat with the run. */
  next(): number {
    this.#ids += 1;
    return this.#ids;
  }

  /** An id as Slack's look: a letter and the number. */
  id(kind: string): string {
    return `${kind}0${this.next().toString(36).toUpperCase().padStart(6, "0")}`;
  }

  /** Slack's timestamps are seconds with six digits, unique in a channel: the last three count here. */
  timestamp(): string {
    return `${(this.now() / 1_000).toFixed(3)}${String(this.next() % 1_000).padStart(3, "0")}`;
  }

  /** The channel of this id or name. Where names are free it comes to be, with the app in it. */
  channel(id: string | undefined): LabChannel | undefined {
    if (id === undefined) return undefined;
    const known = this.channels.get(id) ?? [...this.channels.values()].find(({ name }) => name === id.replace(/^#/, ""));
    return known ?? (this.strictChannels ? undefined : newChannel({ id, name: id }));
  }

  /** The same, kept from now on. */
  keep(channel: LabChannel): LabChannel {
    this.channels.set(channel.id, channel);
    return channel;
  }
}

/** A channel with nobody but the app in it. */
export const newChannel = (of: { readonly id: string; readonly name: string; readonly kind?: LabChannel["kind"]; readonly bot?: boolean }): LabChannel => ({
  id: of.id,
  name: of.name,
  kind: of.kind ?? (of.id.startsWith("D") ? "direct" : of.id.startsWith("G") ? "private" : "public"),
  topic: "",
  archived: false,
  members: new Set(of.bot === false ? [] : [labSlack.bot]),
  bookmarks: [],
  pins: [],
});
