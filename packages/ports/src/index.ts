import type { Evidence, Rollbacks } from "./acting.ts";
import type { Chat, DeadLetters, Deliveries, Pages, Starter } from "./chat.ts";
import type { Approvals, Audit, Claims, Control, Incidents, Revisions, SignalsPort, Tuples, Watches } from "./ledger.ts";
import type { Alarms, Clock, Images, Logs, Metrics, Probes, Services, Targets, TaskDefinitions } from "./reading.ts";

export * from "./acting.ts";
export * from "./chat.ts";
export * from "./errors.ts";
export * from "./ledger.ts";
export * from "./reading.ts";

/** Everything outside this process that Nightshift may touch, by the name an automation lists in `uses`. */
export interface World {
  readonly clock: Clock;
  // read production
  readonly services: Services;
  readonly taskDefinitions: TaskDefinitions;
  readonly targets: Targets;
  readonly metrics: Metrics;
  readonly alarms: Alarms;
  readonly logs: Logs;
  readonly images: Images;
  readonly probes: Probes;
  // change production
  readonly rollbacks: Rollbacks;
  // our own state
  readonly evidence: Evidence;
  readonly control: Control;
  readonly revisions: Revisions;
  readonly tuples: Tuples;
  readonly watches: Watches;
  readonly signals: SignalsPort;
  readonly audit: Audit;
  readonly incidents: Incidents;
  readonly approvals: Approvals;
  readonly claims: Claims;
  // telling
  readonly chat: Chat;
  readonly pages: Pages;
  readonly deliveries: Deliveries;
  readonly starter: Starter;
  readonly deadLetters: DeadLetters;
}

/** What an automation may list in `uses`. */
export type PortName = keyof World;
