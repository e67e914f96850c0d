import { notInstalled } from "../not-installed.ts";
import type { Carry } from "../verb.ts";

/** Says that restoring is not installed, and what to do instead. */
export const restore: Carry<"restore"> = async ({ database }) =>
  notInstalled({
    what: `Restoring ${database}`,
    arrives: "backups",
    meanwhile: `aws rds restore-db-instance-to-point-in-time makes a new instance beside ${database}; the one that runs stays as it is.`,
  });
