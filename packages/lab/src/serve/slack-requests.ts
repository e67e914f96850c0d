import type { EpochMs } from "@nightshift/model";
import { signatureOf } from "../../../../functions/ingress/verify.ts";
import type { Fields } from "../services/input.ts";
import { labSlack, type LabView, type SlackMessage } from "../slack/state.ts";
import type { SlackWorkspace } from "../slack/workspace.ts";
import type { LabSlackDoor, SlackHttpRequest } from "./door.ts";

/** What every request is made from. */
export interface Making {
  readonly slack: SlackWorkspace;
  readonly door: Pick<LabSlackDoor, "signingSecret">;
  readonly now: EpochMs;
}

/** A slash command. Source: "Implementing slash commands", https://docs.slack.dev/interactivity/implementing-slash-commands, 2026-11-21. */
export function commandRequest(
  making: Making,
  { user, channel, command, text }: { readonly user: string; readonly channel: string; readonly command: string; readonly text: string },
): SlackHttpRequest {
  const { slack } = making;
  const fields = {
    team_id: labSlack.team,
    team_domain: "lab",
    channel_id: channel,
    channel_name: slack.channels.find(({ id }) => id === channel)?.name ?? channel,
    user_id: user,
    user_name: nameOf(slack, user),
    command,
    text,
    api_app_id: labSlack.app,
    is_enterprise_install: "false",
    response_url: slack.responseUrl({ channel, user }),
    trigger_id: slack.trigger(user),
  };
  return signed(making, "/slack/commands", { type: FORM, body: new URLSearchParams(fields).toString() });
}

/** What was pressed. */
export interface Pressed {
  readonly user: string;
  readonly channel: string;
  readonly message: SlackMessage;
  readonly block: string;
  readonly action: string;
  /** `button`, `overflow`, `static_select`. */
  readonly type: string;
  readonly value: string;
}

/** A button, or an option of a menu. Source: "block_actions payload", https://docs.slack.dev/reference/interaction-payloads/block_actions-payload, 2026-11-21. */
export function pressRequest(making: Making, { user, channel, message, block, action, type, value }: Pressed): SlackHttpRequest {
  const { slack, now } = making;
  const chosen = type === "button" ? { value } : { selected_option: { value } };
  return interaction(making, user, {
    type: "block_actions",
    trigger_id: slack.trigger(user),
    response_url: slack.responseUrl({ channel, user, message: message.ts }),
    channel: { id: channel },
    container: { type: "message", message_ts: message.ts, channel_id: channel, ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }) },
    message: { ts: message.ts, user: message.user, ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }) },
    state: { values: {} },
    actions: [{ type, action_id: action, block_id: block, action_ts: (now / 1_000).toFixed(6), ...chosen }],
  });
}

/** A form that was sent. Source: "view_submission payload", https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload, 2026-11-21. */
export const submitRequest = (making: Making, { view, values }: { readonly view: LabView; readonly values: Fields }): SlackHttpRequest =>
  interaction(making, view.user, {
    type: "view_submission",
    trigger_id: making.slack.trigger(view.user),
    view: { ...view.view, id: view.id, hash: view.hash, state: { values } },
  });

/** A message that names the app; undefined where it does not. Source: "app_mention event", https://docs.slack.dev/reference/events/app_mention, 2026-11-21. */
export function mentionRequest(
  making: Making,
  said: { readonly user: string; readonly channel: string; readonly text: string; readonly thread: string | undefined; readonly ts: string },
): SlackHttpRequest | undefined {
  const text = said.text.replace(/^@nightshift\b/i, `<@${labSlack.bot}>`);
  if (!text.includes(`<@${labSlack.bot}>`)) return undefined;
  const body = JSON.stringify({
    type: "event_callback",
    team_id: labSlack.team,
    api_app_id: labSlack.app,
    event_id: `Ev0${making.slack.number().toString(36).toUpperCase()}`,
    authorizations: [{ team_id: labSlack.team, user_id: labSlack.bot, is_bot: true, is_enterprise_install: false }],
    event: {
      type: "app_mention",
      user: said.user,
      team: labSlack.team,
      channel: said.channel,
      text,
      ts: said.ts,
      ...(said.thread === undefined ? {} : { thread_ts: said.thread }),
    },
  });
  return signed(making, "/slack/events", { type: "application/json", body });
}

const FORM = "application/x-www-form-urlencoded";

function interaction(making: Making, user: string, more: object): SlackHttpRequest {
  const payload = {
    team: { id: labSlack.team, domain: "lab" },
    user: { id: user, username: nameOf(making.slack, user), team_id: making.slack.users.find(({ id }) => id === user)?.team ?? labSlack.team },
    api_app_id: labSlack.app,
    is_enterprise_install: false,
    ...more,
  };
  return signed(making, "/slack/interactivity", { type: FORM, body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString() });
}

/** Source: "Verifying requests from Slack", https://docs.slack.dev/authentication/verifying-requests-from-slack, 2026-11-21. */
function signed({ door, now }: Making, path: SlackHttpRequest["path"], { type, body }: { readonly type: string; readonly body: string }): SlackHttpRequest {
  const timestamp = String(Math.floor(now / 1_000));
  return {
    path,
    headers: {
      "content-type": type,
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": signatureOf(door.signingSecret, timestamp, Buffer.from(body)),
    },
    body,
  };
}

const nameOf = (slack: SlackWorkspace, user: string): string => slack.users.find(({ id }) => id === user)?.name ?? user;
