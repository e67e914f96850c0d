import type { World } from "@nightshift/ports";
import { backupPorts } from "./backup-ports.ts";
import type { LedgerPorts } from "./ledger/index.ts";
import {
  type AwsWorldParts,
  awsWorldWithoutBackups,
  type BrokerPortName,
  printLine,
  reachOf,
  requireGiven,
  type SlackPortName,
  type VaultPortName,
} from "./world-without-backups.ts";

export { type AwsWorldParts, type BrokerPortName, reachOf, type SlackPortName, type VaultPortName } from "./world-without-backups.ts";

/** The World without what is Slack's, the brokers' and the store's of dumps; the ledger's ports are those that were given. */
export type AwsWorld<Ledger extends Partial<LedgerPorts> = LedgerPorts> = Omit<World, keyof LedgerPorts | SlackPortName | BrokerPortName | VaultPortName> &
  Ledger;

/** Every port that AWS serves; keep one for the life of the process, its connections stay open. */
export const awsWorld = <Ledger extends Partial<LedgerPorts>>(parts: AwsWorldParts<Ledger>): AwsWorld<Ledger> => ({
  ...awsWorldWithoutBackups(parts),
  ...backupPorts(reachOf(parts), {
    environment: parts.environment,
    given: (name) => requireGiven(parts.environment, name),
    print: parts.print ?? printLine,
  }),
});
