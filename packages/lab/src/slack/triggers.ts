import { after, type EpochMs, minutes, seconds } from "@nightshift/model";
import { checkView } from "./limits-check.ts";
import { add, mistakes } from "./messages.ts";
import { type Arguments, type Method, ok, refused, type SlackAnswer, text, type WorkspaceState } from "./state.ts";

/** Three seconds, once. Source: "views.open", https://docs.slack.dev/reference/methods/views.open, and "Modals", https://docs.slack.dev/surfaces/modals (2026-11-21). */
const TRIGGER_LASTS = seconds(3);
/** Source: "Handling user interaction", https://docs.slack.dev/interactivity/handling-user-interaction (2026-11-21). */
const RESPONSES = { times: 5, lasts: minutes(30) } as const;

/** Where the answers to one request go. */
export interface ResponseTo {
  readonly channel: string;
  readonly user: string;
  /** The message that a pressed button stands in. */
  readonly message?: string;
}

/** What people's requests carry along so that they can be answered: triggers for forms, addresses for messages. */
export class Triggers {
  readonly #state: WorkspaceState;
  readonly #triggers = new Map<string, { readonly user: string; readonly at: EpochMs; used: boolean }>();
  readonly #responses = new Map<string, ResponseTo & { readonly at: EpochMs; uses: number }>();

  constructor(state: WorkspaceState) {
    this.#state = state;
  }

  /** A trigger for this person. */
  trigger(user: string): string {
    const id = `${this.#state.next()}.${Math.floor(this.#state.now() / 1_000)}.${user.toLowerCase()}`;
    this.#triggers.set(id, { user, at: this.#state.now(), used: false });
    return id;
  }

  /** An address for answers to this request. */
  responseUrl(to: ResponseTo): string {
    const path = `T0LAB/${this.#state.next()}`;
    this.#responses.set(path, { ...to, at: this.#state.now(), uses: 0 });
    return this.#state.addresses.respond + path;
  }

  /** An answer arrives at an address. */
  respond(url: string, given: Arguments): SlackAnswer {
    const to = this.#responses.get(url.slice(url.indexOf("T0LAB/")));
    const gone = (error: string): SlackAnswer => ({ status: 404, headers: {}, body: { ok: false, error } });
    if (to === undefined || this.#state.now() > after(to.at, RESPONSES.lasts)) return gone("expired_url");
    if (to.uses >= RESPONSES.times) return gone("used_url");
    to.uses += 1;
    if (given["delete_original"] === true) return ok();
    const wrong = mistakes(given);
    if (wrong) return { ...wrong, status: 400 };
    const original = given["replace_original"] === true && this.#state.messages.find((one) => one.channel === to.channel && one.ts === to.message);
    if (original) {
      original.text = text(given, "text") ?? original.text;
      original.blocks = given["blocks"];
      original.editedAt = this.#state.now();
      return ok();
    }
    const channel = this.#state.channel(to.channel);
    if (channel === undefined) return gone("channel_not_found");
    add(this.#state, this.#state.keep(channel), given, given["response_type"] === "in_channel" ? {} : { only: to.user });
    return ok();
  }

  /** Forms. */
  methods(): Readonly<Record<string, Method>> {
    return {
      "views.open": (given) => this.#open(given),
      "views.update": (given) => {
        const known = this.#state.views.get(text(given, "view_id") ?? "");
        if (known === undefined) return refused("not_found");
        if (given["hash"] !== undefined && given["hash"] !== known.hash) return refused("hash_conflict");
        const wrong = wrongView(given["view"]);
        if (wrong) return wrong;
        known.view = viewIn(given);
        known.hash = `${Math.floor(this.#state.now() / 1_000)}.${this.#state.next()}`;
        return ok({ view: { id: known.id, hash: known.hash } });
      },
    };
  }

  #open(given: Arguments): SlackAnswer {
    const trigger = this.#triggers.get(text(given, "trigger_id") ?? "");
    if (trigger === undefined) return refused("invalid_trigger_id");
    if (this.#state.now() > after(trigger.at, TRIGGER_LASTS)) return refused("expired_trigger_id");
    if (trigger.used) return refused("exchanged_trigger_id");
    const wrong = wrongView(given["view"]);
    if (wrong) return wrong;
    trigger.used = true;
    const id = this.#state.id("V");
    const hash = `${Math.floor(this.#state.now() / 1_000)}.${this.#state.next()}`;
    this.#state.views.set(id, { id, user: trigger.user, hash, view: viewIn(given), openedAt: this.#state.now(), errors: {} });
    return ok({ view: { id, hash, team_id: "T0LAB", type: "modal" } });
  }
}

/** Slack reads a view as JSON, or as a text that holds JSON. */
function viewIn(given: Arguments): Arguments {
  const view = given["view"];
  return typeof view === "object" && view !== null ? structuredClone(Object.fromEntries(Object.entries(view))) : {};
}

function wrongView(view: unknown): SlackAnswer | undefined {
  if (JSON.stringify(view ?? "").length > 250_000) return refused("view_too_large");
  const { error, messages } = checkView(view);
  return error === undefined ? undefined : refused("invalid_arguments", { response_metadata: { messages } });
}
