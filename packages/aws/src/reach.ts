import type { Clock } from "@nightshift/ports";
import type { Calls } from "./calls.ts";
import type { Connections } from "./connect.ts";

/** What every adapter is built with. */
export interface Reach {
  readonly connections: Connections;
  readonly calls: Calls;
  readonly clock: Clock;
}
