import type { LabAccount } from "@nightshift/lab";
import type { EpochMs } from "@nightshift/model";
import { CHANNEL } from "./stage.ts";

/** One measured figure and its bound. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  /** Absent: told, not judged. */
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly unit?: string;
}

/** A bound that does not hold. */
export const breaches = ({ value, atMost, atLeast }: Figure): boolean =>
  Number.isNaN(value) || (atMost !== undefined && value > atMost) || (atLeast !== undefined && value < atLeast);

/** One call to Slack as the account's history has it. */
export interface SlackCall {
  readonly at: EpochMs;
  readonly method: string;
  readonly channel: string | undefined;
  readonly thread: string | undefined;
}

/** Every call to Slack's Web API, in order, whatever it was answered. */
export const slackCalls = (lab: LabAccount): readonly SlackCall[] =>
  lab.history.flatMap((line) => {
    if (line.kind !== "call" || line.service !== "slack") return [];
    const field = (name: string): string | undefined => {
      const value: unknown = typeof line.input === "object" && line.input !== null ? Reflect.get(line.input, name) : undefined;
      return typeof value === "string" ? value : undefined;
    };
    return [{ at: line.at, method: line.operation, channel: field("channel"), thread: field("thread_ts") }];
  });

/** Messages of the incidents' channel that stand in no thread, with their replies. */
export const channelMessages = (lab: LabAccount) => lab.slack.channels.find((one) => one.name === CHANNEL)?.messages ?? [];

/**
 * Calls beyond Slack's limits, were it to count without any slack: posts to one channel less than a second apart, and calls
 * of one method beyond its tier in any 60 s. Source: "Rate limits", https://docs.slack.dev/apis/web-api/rate-limits, 2026-11-21.
 */
export function overLimits(calls: readonly SlackCall[]): number {
  const lastPost = new Map<string, number>();
  const recent = new Map<string, number[]>();
  let over = 0;
  for (const { at, method, channel } of calls) {
    if (method === "chat.postMessage") {
      const last = lastPost.get(channel ?? "");
      if (last !== undefined && at - last < 1_000) over += 1;
      lastPost.set(channel ?? "", at);
      continue;
    }
    const limit = tiers[method];
    if (limit === undefined) continue;
    const window = (recent.get(method) ?? []).filter((one) => one > at - 60_000);
    if (window.length >= limit) over += 1;
    recent.set(method, [...window, at]);
  }
  return over;
}

/** Calls a minute (`facts/incidents.md` 2.1). */
const tiers: Readonly<Record<string, number>> = {
  "chat.update": 50,
  "conversations.history": 50,
  "conversations.replies": 50,
  "conversations.create": 20,
  "conversations.setTopic": 20,
  "conversations.invite": 50,
  "conversations.open": 50,
  "bookmarks.add": 20,
  "pins.add": 20,
  "usergroups.users.list": 20,
  "users.info": 100,
  "chat.postEphemeral": 100,
  "views.open": 100,
};

/** Writes to the ledger by one function. */
export const ledgerWrites = (lab: LabAccount, caller: string): number =>
  lab.history.filter((line) => line.kind === "call" && line.service === "dynamodb" && line.mutating && line.caller === caller).length;

/** The value that 95 of 100 do not exceed (nearest rank); not a number of nothing. */
export function p95(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(0.95 * sorted.length) - 1] ?? Number.NaN;
}

/** Milliseconds as seconds with two digits. */
export const asSeconds = (length: number): number => Math.round(length / 10) / 100;
