import type { BrokerConnections } from "@nightshift/brokers/connections";
import type { Clock, Probes } from "@nightshift/ports";
import type { Connections } from "@nightshift/aws/connect";
import type { Patience } from "@nightshift/aws/retry";

/** Where the tool runs: everything of the machine that a command may ask for. Tests hand in their own. */
export interface Place {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Who runs it, as the operating system says. */
  readonly user: string;
  readonly directory: string;
  readonly clock: Clock;
  readonly patience: Patience;
  /** Connections to the account in this region. */
  readonly connections: (region: string) => Connections;
  /** Absent: real HTTP requests. */
  readonly probes?: Probes;
  /** How brokers are reached; absent: none can be. */
  readonly brokers?: { readonly connections: BrokerConnections; readonly newId: () => string };
  /** All of standard input. */
  readonly input: () => Promise<string>;
}
