import { MissingPrograms } from "@nightshift/vault/runner/programs";
import { complaintOf } from "@nightshift/vault/runner/complaint";
import { DamagedBackup } from "@nightshift/vault/runner/shelf-reading";
import { DumpError } from "@nightshift/vault/stream/child";
import { PortError } from "@nightshift/ports";
import { Refusal } from "../frame/command.ts";

/** What is done next about a failure of the database or the store. */
const next: Partial<Record<PortError["kind"], string>> = {
  unavailable: "check the host, the port and that this machine may reach it, then run the same command again",
  "not-found": "check its name; `npx nightshift backup list` shows what there is",
  conflict: "run the same command again",
  timeout: "run the same command again",
};

/** Failures of backups as one paragraph: what, where, why, what next. The exit code is 3 where a program is missing, else 1. */
export async function sayingWhy<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    if (error instanceof MissingPrograms) throw new Refusal(error.message, 3);
    if (error instanceof DamagedBackup || error instanceof DumpError) throw new Refusal(complaintOf(error), 1);
    if (error instanceof PortError) {
      // What was typed is no place at all.
      if (error.operation === "open") throw new Refusal(`${error.message}.`);
      // What a server says comes with its own next step.
      const step = /^(sql|backup:dump)/.test(error.operation) ? undefined : next[error.kind];
      throw new Refusal(`${complaintOf(error).replace(/\.$/, "")}${step === undefined ? "" : `; ${step}`}.`, 1);
    }
    throw error;
  }
}

/** Without a database there is nothing to take (decision 54): what is missing, and what can be seen without. */
export const noDatabase = (command: string): Refusal =>
  new Refusal(
    `${command}: no database was named. Say --url postgres://USER@HOST:PORT/NAME (its password in PGPASSWORD) or --url env:NAME; \`npx nightshift lab list\` shows nights of the simulated account that need none, and Debian's package postgresql-client brings pg_dump.`,
    3,
  );
