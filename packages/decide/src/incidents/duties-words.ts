import type { Delivery, Entry, EpochMs, Evidenced, Incident, OnCallOverride } from "@nightshift/model";
import { epochMs } from "@nightshift/model";

/** Who writes what a war room does by itself. */
export const ROOM = "nightshift/war-room";

/** In the people of a page: the whole channel, because nobody else can be reached. */
export const EVERYBODY = "@channel";

/** What a decision about a war room needs besides the incident and its policy. */
export interface RoomFacts {
  readonly now: EpochMs;
  /** Hand-overs that stand, or will. */
  readonly overrides: readonly OnCallOverride[];
  /** Members of the user groups that are on call, by the group's id. */
  readonly members: Readonly<Record<string, readonly string[]>>;
  /** What the notifier has sent. */
  readonly deliveries: readonly Delivery[];
  /** A plan of this incident waits for a person's word. */
  readonly waitsForApproval: boolean;
}

/**
 * One thing that a war room has to do now. Its proof is an entry of the incident: it is due until that stands, so that a
 * crash at any line loses none. Keys do not change while the duty is due.
 */
export type Duty =
  /** Says a line; that is all. */
  | { readonly kind: "tell"; readonly key: string; readonly entry: Entry }
  /** Calls by a way that does not go through the incident's thread. */
  | { readonly kind: "call"; readonly key: string; readonly call: Call }
  /** Makes a channel of its own. */
  | { readonly kind: "room"; readonly key: "room" }
  /** Puts one piece into it. */
  | { readonly kind: "furnish"; readonly key: string; readonly channel: string; readonly piece: Furniture }
  /** Collects what can be seen now. */
  | { readonly kind: "evidence"; readonly key: string; readonly moment: "opened" | "resolved" }
  /** Shows a stored chart in the thread. Its proof is the notifier's row of it. */
  | { readonly kind: "show"; readonly key: string; readonly evidence: Evidenced; readonly at: { readonly channel: string; readonly thread: string } }
  /** Writes the draft. */
  | { readonly kind: "post-mortem"; readonly key: string };

/** What can be put into a channel: people, a pinned message, a topic. */
export type Furniture = { readonly invite: readonly string[] } | { readonly pin: string } | { readonly topic: string };

/** A message to one person, or to whoever subscribed to the severity's topic. */
export type Call = { readonly subject: string; readonly text: string; readonly resolved?: boolean } & (
  | { readonly how: "sns" }
  | { readonly how: "slack-dm"; readonly person: string }
);

/** What is due now, and when something will be that is not yet; undefined: nothing by itself. */
export interface Due {
  readonly due: readonly Duty[];
  readonly next: EpochMs | undefined;
}

/** Nothing, neither now nor later. */
export const nothingDue: Due = { due: [], next: undefined };
/** Nothing before this moment. */
export const notBefore = (next: EpochMs | undefined): Due => ({ due: [], next });
/** This now. */
export const dueNow = (...due: readonly Duty[]): Due => ({ due, next: undefined });

/** All of them, in their order. */
export const together = (all: readonly Due[]): Due => ({ due: all.flatMap(({ due }) => due), next: soonest(all.map(({ next }) => next)) });

/** The earliest of these moments; undefined where there is none. */
export function soonest(moments: readonly (EpochMs | undefined)[]): EpochMs | undefined {
  const known = moments.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : epochMs(Math.min(...known));
}

/** The line is in the record. */
export const stands = ({ entries }: Pick<Incident, "entries">, key: string): boolean => entries.some((entry) => entry.key === key);

/** A line of the room's own. */
export const roomLine = (at: EpochMs, line: Pick<Entry, "key" | "kind" | "text"> & Partial<Entry>): Entry => ({ at, announce: true, actor: ROOM, ...line });
