import type { Card, Entry, EpochMs, Incident, IncidentPolicy, Ms } from "@nightshift/model";
import type { World } from "@nightshift/ports";

/** What bringing Slack up to date needs of the world. */
export type NotifierWorld = Pick<World, "clock" | "incidents" | "deliveries" | "budgets" | "outbox" | "chat" | "pages">;

/** How messages look: pure, so that the same state gives the same card. */
export interface Rendering {
  header(incident: Incident, policy: IncidentPolicy, where: { readonly now: EpochMs; readonly place: "home" | "room" }): Card;
  reply(incident: Incident, entries: readonly Entry[]): Card;
  /** Everything missed while Slack was away, in one message. */
  digest(incident: Incident, entries: readonly Entry[], away: { readonly from: EpochMs; readonly to: EpochMs }): Card;
}

/** What else telling takes, so that nothing of it is ambient. */
export interface NotifyHow {
  readonly policy: IncidentPolicy;
  readonly render: Rendering;
  pause(length: Ms): Promise<void>;
  /** When this invocation must have come to its end; work that does not fit is nudged again. */
  readonly until: EpochMs;
  log(line: Readonly<Record<string, unknown>>): void;
}
