import { buttons, type EpochMs, forms, type SlackRequest } from "@nightshift/model";
import { at, type Body, textAt } from "./body.ts";
import { unpackContext } from "./forms.ts";

/** What a body asks for. Whatever carries a request was sent by `who`. */
export type Asked =
  /** Slack proves that the address is ours. */
  | { readonly kind: "challenge"; readonly challenge: string }
  /** Nothing that concerns us. */
  | { readonly kind: "nothing" }
  | { readonly kind: "slash"; readonly request: SlackRequest; readonly who: Who }
  | { readonly kind: "mention"; readonly request: SlackRequest; readonly who: Who }
  | { readonly kind: "form"; readonly request: SlackRequest; readonly who: Who }
  /** `trigger` opens a form within three seconds. */
  | { readonly kind: "button" | "shortcut"; readonly request: SlackRequest; readonly who: Who; readonly trigger: string };

/** Where a request comes from. */
export interface Who {
  readonly team: string | undefined;
  readonly app: string | undefined;
  /** Every workspace that the person is said to belong to. */
  readonly userTeams: readonly string[];
  /** The app is installed for a whole organisation: not one workspace's own. */
  readonly organisation: boolean;
}

/** Sorts a body; undefined where it lacks what its kind must have. */
export function readAsked(body: Body, now: EpochMs): Asked | undefined {
  switch (body.kind) {
    case "form":
      return slash(body.fields, now);
    case "interaction":
      return interaction(body.json, now);
    case "event":
      return event(body.json, now);
  }
}

const empty = { channel: undefined, thread: undefined, message: undefined, value: undefined, fields: {}, responseUrl: undefined } as const;

function slash(fields: ReadonlyMap<string, string>, now: EpochMs): Asked | undefined {
  const [user, team, app, trigger] = [fields.get("user_id"), fields.get("team_id"), fields.get("api_app_id"), fields.get("trigger_id")];
  if (fields.get("ssl_check") === "1" && user === undefined) return { kind: "nothing" };
  if (!user || !team || !app || !trigger) return undefined;
  const who: Who = { team, app, userTeams: [], organisation: fields.get("is_enterprise_install") === "true" };
  return {
    kind: "slash",
    who,
    request: {
      ...empty,
      key: `slash/${trigger}`,
      kind: "slash",
      at: now,
      asker: { user, team, userTeam: undefined, app },
      channel: fields.get("channel_id"),
      text: fields.get("text") ?? "",
      responseUrl: fields.get("response_url"),
    },
  };
}

function interaction(json: unknown, now: EpochMs): Asked | undefined {
  const user = textAt(json, "user", "id");
  const who: Who = {
    team: textAt(json, "team", "id"),
    app: textAt(json, "api_app_id"),
    userTeams: [textAt(json, "user", "team_id")].filter((team) => team !== undefined),
    organisation: at(json, "is_enterprise_install") === true,
  };
  if (user === undefined || who.team === undefined || who.app === undefined) return undefined;
  const asker = { user, team: who.team, userTeam: who.userTeams[0], app: who.app };
  switch (textAt(json, "type")) {
    case "block_actions":
      return button(json, { who, start: { ...empty, at: now, asker } });
    case "view_submission":
      return submission(json, { who, start: { ...empty, at: now, asker } });
    case "message_action":
      return shortcut(json, { who, start: { ...empty, at: now, asker } });
    default:
      return { kind: "nothing" };
  }
}

type Start = { readonly who: Who; readonly start: Omit<SlackRequest, "key" | "kind" | "text"> };

const known: ReadonlySet<string> = new Set(Object.values(buttons));

/** The menu at the end of a row of buttons: its option's value is the button's id, a bar and its value (`packages/slack/src/render/more.ts`). */
const MENU = "ns.more";

function pressed(json: unknown): { readonly action: string; readonly value: string } | undefined {
  const id = textAt(json, "actions", "0", "action_id") ?? "";
  const chosen = textAt(json, "actions", "0", "selected_option", "value") ?? "";
  const bar = chosen.indexOf("|");
  const it =
    id === MENU
      ? { action: chosen.slice(0, Math.max(0, bar)), value: chosen.slice(bar + 1) }
      : { action: id, value: textAt(json, "actions", "0", "value") ?? "" };
  return known.has(it.action) && /^[\w.:*|@/-]{1,300}$/.test(it.value) ? it : undefined;
}

function button(json: unknown, { who, start }: Start): Asked | undefined {
  const trigger = textAt(json, "trigger_id");
  if (trigger === undefined) return undefined;
  const it = pressed(json);
  // A link is a button, too, and tells us that it was followed.
  if (it === undefined) return { kind: "nothing" };
  return {
    kind: "button",
    who,
    trigger,
    request: {
      ...start,
      key: `button/${trigger}`,
      kind: "button",
      channel: textAt(json, "channel", "id") ?? textAt(json, "container", "channel_id"),
      message: textAt(json, "container", "message_ts") ?? textAt(json, "message", "ts"),
      thread: textAt(json, "container", "thread_ts") ?? textAt(json, "message", "thread_ts"),
      text: it.action,
      value: it.value,
      responseUrl: textAt(json, "response_url"),
    },
  };
}

function submission(json: unknown, { who, start }: Start): Asked | undefined {
  const [view, hash, callback] = [textAt(json, "view", "id"), textAt(json, "view", "hash"), textAt(json, "view", "callback_id")];
  if (view === undefined || hash === undefined || callback === undefined) return undefined;
  const context = unpackContext(textAt(json, "view", "private_metadata"));
  return {
    kind: "form",
    who,
    request: { ...start, ...context, key: `form/${view}/${hash}`, kind: "form", text: callback, fields: answers(at(json, "view", "state", "values")) },
  };
}

/** What was filled in, by the block's name: one question a block. */
function answers(values: unknown): Readonly<Record<string, string>> {
  if (typeof values !== "object" || values === null) return {};
  return Object.fromEntries(
    Object.keys(values).map((block) => {
      const element = Object.values(at(values, block) ?? {})[0];
      return [block, textAt(element, "value") ?? textAt(element, "selected_option", "value") ?? textAt(element, "selected_user") ?? ""];
    }),
  );
}

function shortcut(json: unknown, { who, start }: Start): Asked | undefined {
  const trigger = textAt(json, "trigger_id");
  if (trigger === undefined) return undefined;
  if (textAt(json, "callback_id") !== forms.addToTimeline) return { kind: "nothing" };
  return {
    kind: "shortcut",
    who,
    trigger,
    request: {
      ...start,
      key: `shortcut/${trigger}`,
      kind: "shortcut",
      channel: textAt(json, "channel", "id"),
      message: textAt(json, "message", "ts"),
      thread: textAt(json, "message", "thread_ts"),
      text: forms.addToTimeline,
      value: textAt(json, "message", "text"),
      responseUrl: textAt(json, "response_url"),
    },
  };
}

function event(json: unknown, now: EpochMs): Asked | undefined {
  const challenge = textAt(json, "challenge");
  if (textAt(json, "type") === "url_verification") return challenge === undefined ? undefined : { kind: "challenge", challenge };
  if (textAt(json, "type") !== "event_callback" || textAt(json, "event", "type") !== "app_mention") return { kind: "nothing" };
  const [id, user, team, app] = [textAt(json, "event_id"), textAt(json, "event", "user"), textAt(json, "team_id"), textAt(json, "api_app_id")];
  // What bots say, ourselves among them, asks for nothing: two bots could talk for ever.
  if (user === undefined || textAt(json, "event", "bot_id") !== undefined) return { kind: "nothing" };
  if (id === undefined || team === undefined || app === undefined) return undefined;
  const userTeams = ["user_team", "source_team", "team"].flatMap((name) => textAt(json, "event", name) ?? []);
  const us = textAt(json, "authorizations", "0", "user_id");
  return {
    kind: "mention",
    who: { team, app, userTeams, organisation: at(json, "authorizations", "0", "is_enterprise_install") === true },
    request: {
      ...empty,
      key: `event/${id}`,
      kind: "mention",
      at: now,
      asker: { user, team, userTeam: userTeams[0], app },
      channel: textAt(json, "event", "channel"),
      message: textAt(json, "event", "ts"),
      thread: textAt(json, "event", "thread_ts"),
      text: afterMention(textAt(json, "event", "text") ?? "", us),
    },
  };
}

/** The words after our own name; where Slack did not say who we are, after the first name. */
function afterMention(text: string, us: string | undefined): string {
  for (const found of text.matchAll(/<@([A-Z0-9]+)(?:\|[^<>]*)?>/g)) {
    if (us === undefined || found[1] === us) return text.slice(found.index + found[0].length).trim();
  }
  return text.trim();
}
