import { notInstalled } from "../not-installed.ts";
import type { Carry } from "../verb.ts";

/** Says that backups are not installed, and what to do instead. */
export const backup: Carry<"backup"> = async ({ what, database }) =>
  notInstalled({
    what: `backup ${what} of ${database}`,
    arrives: "backups",
    meanwhile:
      what === "now"
        ? `aws rds create-db-snapshot --db-instance-identifier ${database} --db-snapshot-identifier NAME.`
        : `aws rds describe-db-snapshots --db-instance-identifier ${database} lists what RDS keeps; nothing here has verified it.`,
  });
