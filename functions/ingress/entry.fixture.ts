import { type EpochMs, epochMs, type Form, type SlackRequest } from "@nightshift/model";
import type { UrlRequest } from "./body.ts";
import { type Door, ingress } from "./entry.ts";
import { signatureOf } from "./verify.ts";

/** 2026-11-21T03:14:00Z. */
export const noon: EpochMs = epochMs(1_795_230_840_000);
/** Made up; put together so that no scanner takes it for a real one. */
export const secret = `${"8f742231b10e8888"}${"abcd99yyyzzz85a5"}`;

/** Everything that left through the door. */
export interface Outside {
  readonly sent: SlackRequest[];
  readonly opened: { readonly trigger: string; readonly form: Form }[];
  readonly told: string[];
  readonly reports: Readonly<Record<string, unknown>>[];
}

/** A door over memory: nonces are spent, what is sent is kept. `broken` does not answer. */
export function doorOf(over: Partial<Door> = {}): { readonly door: Door; readonly outside: Outside } {
  const outside: Outside = { sent: [], opened: [], told: [], reports: [] };
  const spent = new Set<string>();
  const door: Door = {
    identity: { team: "T1", app: "A1" },
    names: { services: ["shop-api", "shop-worker"], people: ["ana"], zone: "prod" },
    now: () => noon,
    secrets: async () => ({ signing: [secret] }),
    nonces: { spend: async (nonce) => !spent.has(nonce) && spent.add(nonce) !== undefined },
    send: async (request) => void outside.sent.push(request),
    openView: async (trigger, form) => void outside.opened.push({ trigger, form }),
    tell: async (url, text) => void outside.told.push(`${url} ${text}`),
    showCard: (card) => ({ text: JSON.stringify(card.summary) }),
    report: (problem) => void outside.reports.push(problem),
    ...over,
  };
  return { door, outside };
}

/** A call to the door that never throws away what happened behind it. */
export async function knock(event: UrlRequest, over: Partial<Door> = {}) {
  const { door, outside } = doorOf(over);
  const answer = await ingress(event, door);
  return { ...answer, ...outside };
}

/** Nothing went in: no queue, no form. */
export const nothingIn = { sent: [], opened: [] } as const;

/** A body as Slack would sign and send it; `at` is the signed time in seconds. */
export function signed(
  body: string | Uint8Array,
  { at = String(noon / 1_000), by = secret, base64 = false, type = formType }: { at?: string; by?: string; base64?: boolean; type?: string } = {},
): UrlRequest {
  const bytes = Buffer.from(body);
  return {
    headers: { "content-type": type, "x-slack-request-timestamp": at, "x-slack-signature": signatureOf(by, at, bytes) },
    body: base64 ? bytes.toString("base64") : bytes.toString("utf8"),
    isBase64Encoded: base64,
  };
}

export const formType = "application/x-www-form-urlencoded";
export const jsonType = "application/json";

/** `/ops …` as Slack sends it. */
export const slash = (text: string, over: Readonly<Record<string, string>> = {}): string =>
  new URLSearchParams({
    token: "old",
    team_id: "T1",
    api_app_id: "A1",
    channel_id: "C1",
    user_id: "U1",
    command: "/ops",
    text,
    response_url: "https://hooks.slack.com/commands/T1/1/x",
    trigger_id: "13345224609.738474920.8088930838d88f008e0",
    is_enterprise_install: "false",
    ...over,
  }).toString();

/** A button as Slack sends it. */
export const press = (action: Readonly<Record<string, unknown>>, over: Readonly<Record<string, unknown>> = {}): string =>
  interaction({
    type: "block_actions",
    trigger_id: "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3",
    container: { type: "message", message_ts: "1795230800.000100", channel_id: "C1", thread_ts: "1795230700.000100" },
    channel: { id: "C1" },
    response_url: "https://hooks.slack.com/actions/T1/1/x",
    actions: [{ type: "button", action_ts: "1795230840.1", ...action }],
    ...over,
  });

/** A form that was sent. */
export const submit = (callback: string, fields: Readonly<Record<string, string>>, over: Readonly<Record<string, unknown>> = {}): string =>
  interaction({
    type: "view_submission",
    view: {
      id: "V1",
      hash: "1795230840.abc",
      callback_id: callback,
      private_metadata: JSON.stringify({ value: "INC-1", channel: "C1", thread: "1795230700.000100", message: "1795230800.000100" }),
      state: { values: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { [name]: { type: "plain_text_input", value } }])) },
    },
    ...over,
  });

/** Any interaction. */
export const interaction = (payload: Readonly<Record<string, unknown>>): string =>
  new URLSearchParams({
    payload: JSON.stringify({
      team: { id: "T1", domain: "shop" },
      user: { id: "U1", team_id: "T1" },
      api_app_id: "A1",
      is_enterprise_install: false,
      ...payload,
    }),
  }).toString();

/** A mention of ours. */
export const mention = (text: string, event: Readonly<Record<string, unknown>> = {}, over: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    type: "event_callback",
    team_id: "T1",
    api_app_id: "A1",
    event_id: "Ev1",
    event_time: 1_795_230_840,
    authorizations: [{ team_id: "T1", user_id: "UBOT", is_bot: true, is_enterprise_install: false }],
    event: { type: "app_mention", user: "U1", team: "T1", text, ts: "1795230830.000200", thread_ts: "1795230700.000100", channel: "C1", ...event },
    ...over,
  });
