import type { EpochMs } from "@nightshift/model";
import { directoryMethods } from "./directory.ts";
import { fileMethods, receive } from "./files.ts";
import { Limiter, type OverLimit, type PostRate } from "./limiter.ts";
import { add, messageMethods } from "./messages.ts";
import { roomMethods } from "./rooms.ts";
import {
  type Arguments,
  type LabChannel,
  type LabFile,
  type LabUser,
  labSlack,
  type LabView,
  type Method,
  newChannel,
  refused,
  type SlackAnswer,
  type SlackMessage,
  text,
  WorkspaceState,
} from "./state.ts";
import { type ResponseTo, Triggers } from "./triggers.ts";

export type { PostRate } from "./limiter.ts";
export type { SlackAnswer, SlackMessage } from "./state.ts";

/** A channel for readers: messages with their replies, oldest first. */
export interface ReadChannel extends Pick<LabChannel, "id" | "name" | "kind" | "topic" | "archived" | "bookmarks" | "pins"> {
  readonly members: readonly string[];
  readonly messages: readonly (SlackMessage & { readonly replies: readonly SlackMessage[] })[];
}

/** What a workspace may be told at its making. */
export interface WorkspaceSettings {
  /** Absent: nothing limits posts, unless `strict`: then one a second and channel without a burst. */
  readonly rate?: PostRate;
  /** Every method keeps to the calls a minute of its tier, too. */
  readonly strict?: boolean;
  /** Only these channels exist; absent: every name does. `bot: false`: the app is not in it. */
  readonly channels?: readonly (string | { readonly id: string; readonly name: string; readonly kind?: LabChannel["kind"]; readonly bot?: boolean })[];
  readonly users?: readonly (Pick<LabUser, "id" | "name"> & Partial<LabUser>)[];
  /** User groups by id. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
}

/** One Slack workspace: messages, channels, people, files and forms, and the methods of the Web API over them. */
export class SlackWorkspace {
  /** The whole service does not answer: HTTP 503 for everything. */
  down = false;
  /** Every method answers `token_revoked`. */
  tokenRevoked = false;
  /** What goes wrong with a call: an answer in place of the method's own, before or after `carryOut` did it; undefined: nothing. */
  trouble: ((method: string, carryOut: () => SlackAnswer) => SlackAnswer | undefined) | undefined;
  readonly #state: WorkspaceState;
  readonly #methods: ReadonlyMap<string, Method>;
  readonly #limiter: Limiter;
  readonly #triggers: Triggers;

  constructor(now: () => EpochMs, settings: WorkspaceSettings = {}) {
    const { rate, strict = false, channels, users = [], groups = {} } = settings;
    this.#state = new WorkspaceState(now, channels !== undefined);
    this.#limiter = new Limiter(now, { posts: rate ?? (strict ? { perSecond: 1, burst: 1 } : undefined), tiered: strict });
    this.#triggers = new Triggers(this.#state);
    for (const channel of channels ?? []) this.#state.keep(newChannel(typeof channel === "string" ? { id: channel, name: channel } : channel));
    this.introduce({ users });
    for (const [id, members] of Object.entries(groups)) this.#state.groups.set(id, members);
    this.#methods = new Map(
      Object.entries({
        ...messageMethods(this.#state),
        ...roomMethods(this.#state),
        ...directoryMethods(this.#state),
        ...fileMethods(this.#state),
        ...this.#triggers.methods(),
      }),
    );
  }

  /** People join, and channels get the names by which people know them; those that are known keep all else. */
  introduce({ users = [], channels = [] }: Pick<WorkspaceSettings, "users"> & { readonly channels?: readonly Pick<LabChannel, "id" | "name">[] }): void {
    for (const user of users)
      this.#state.users.set(user.id, { team: labSlack.team, guest: "no", bot: false, gone: false, ...this.#state.users.get(user.id), ...user });
    for (const { id, name } of channels) {
      const known = this.#state.channels.get(id);
      if (known === undefined) this.#state.keep(newChannel({ id, name }));
      else known.name = name;
    }
  }

  /** Everything in the workspace, for tests, the demo and the page. */
  get channels(): readonly ReadChannel[] {
    const { messages, channels } = this.#state;
    return [...channels.values()]
      .map((channel) => ({
        ...channel,
        bookmarks: [...channel.bookmarks],
        pins: [...channel.pins],
        members: [...channel.members],
        messages: messages
          .filter((one) => one.channel === channel.id && one.threadTs === undefined)
          .map((one) => ({
            ...one,
            replies: messages.filter((reply) => reply.channel === channel.id && reply.threadTs === one.ts).map((reply) => ({ ...reply })),
          })),
      }))
      .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }
  get users(): readonly LabUser[] {
    return [...this.#state.users.values()];
  }
  /** Forms that stand open, oldest first. */
  get views(): readonly LabView[] {
    return [...this.#state.views.values()];
  }
  get files(): readonly LabFile[] {
    return [...this.#state.files.values()];
  }
  /** Calls that were over a limit, oldest first. */
  get overLimit(): readonly OverLimit[] {
    return this.#limiter.over;
  }

  /** Answers a method as Slack's Web API does; what goes wrong is `ok: false` with Slack's word for it. */
  answer(method: string, given: Arguments): SlackAnswer {
    const off = this.#off();
    if (off) return off;
    const known = this.#methods.get(method);
    if (known === undefined) return refused("unknown_method");
    if (this.tokenRevoked) return refused("token_revoked");
    const wait = this.#limiter.waitFor(method, text(given, "channel"));
    if (wait > 0) return { status: 429, headers: { "retry-after": String(wait) }, body: { ok: false, error: "ratelimited" } };
    return this.trouble?.(method, () => known(given)) ?? known(given);
  }

  /** The bytes of a file arrive at the address that `files.getUploadURLExternal` gave. */
  upload(url: string, bytes: Uint8Array): SlackAnswer {
    const taken = receive(this.#state, url.slice(url.lastIndexOf("/") + 1), bytes);
    return this.#off() ?? { status: taken ? 200 : 400, headers: {}, body: { ok: taken } };
  }

  /** An answer to a person's request arrives at the request's address. */
  respond(url: string, given: Arguments): SlackAnswer {
    return this.#off() ?? this.#triggers.respond(url, given);
  }

  /** From now on uploads and answers come to this origin (`http://127.0.0.1:1234`). */
  reachAt(origin: string): void {
    this.#state.addresses = { upload: `${origin}/upload/v1/`, respond: `${origin}/commands/` };
  }

  /** A person writes a message; returns its timestamp. */
  say(by: { readonly user: string; readonly channel: string; readonly text: string; readonly thread?: string }): string {
    const channel = this.#state.channel(by.channel);
    if (channel === undefined) throw new Error(`The lab's Slack has no channel ${by.channel}: name it in the settings.`);
    return add(this.#state, this.#state.keep(channel), { text: by.text, ...(by.thread === undefined ? {} : { thread_ts: by.thread }) }, { user: by.user }).ts;
  }

  /** A person deletes a message of anybody's. */
  remove(channel: string, ts: string): void {
    const { messages } = this.#state;
    const found = messages.findIndex((one) => one.channel === channel && one.ts === ts);
    if (found >= 0) messages.splice(found, 1);
  }

  /** A message, wherever it stands. */
  message(channel: string, ts: string): SlackMessage | undefined {
    return this.#state.messages.find((one) => one.channel === channel && one.ts === ts);
  }

  /** What a person's request carries: a trigger for forms, good for three seconds. */
  trigger(user: string): string {
    return this.#triggers.trigger(user);
  }
  /** And an address for answers, good five times within half an hour. */
  responseUrl(to: ResponseTo): string {
    return this.#triggers.responseUrl(to);
  }
  /** A number that was not given before. */
  number(): number {
    return this.#state.next();
  }

  /** A form was sent and taken, or closed. */
  closeView(id: string): void {
    this.#state.views.delete(id);
  }
  /** A form was sent, and the app named what is wrong (`response_action: errors`). */
  showErrors(id: string, errors: Readonly<Record<string, string>>): void {
    const view = this.#state.views.get(id);
    if (view !== undefined) view.errors = errors;
  }

  #off(): SlackAnswer | undefined {
    return this.down ? { status: 503, headers: {}, body: { ok: false, error: "service_unavailable" } } : undefined;
  }
}
