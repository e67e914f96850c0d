import { readdir } from "node:fs/promises";
import { databasesFrom } from "@nightshift/aws/rds-databases";
import { checkDatabase } from "@nightshift/decide/backups/postgres-doctor";
import { checkRestoreRole } from "@nightshift/decide/backups/restore-doctor";
import type { DatabaseFacts, DatabaseSettings, Finding } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { examineDatabase } from "@nightshift/vault/postgres/examine";
import { examineRestoreRole } from "@nightshift/vault/postgres/restore-role";
import { connectTo } from "@nightshift/vault/postgres/session";
import type { DatabaseAddress } from "@nightshift/vault/runner/address";
import { complaintOf } from "@nightshift/vault/runner/complaint";
import { findPrograms, MissingPrograms, type Programs, toProve } from "@nightshift/vault/runner/programs";
import { runProgram } from "@nightshift/vault/scratch/program";
import type { Account } from "../place/account.ts";
import { findInRds } from "./rds-findings.ts";

/** What was found, and what nobody could see. */
export interface Looked {
  readonly findings: readonly Finding[];
  readonly unseen: readonly string[];
}

/** Looks at a database, at the programs that would dump and restore it here, and at the extensions that a scratch server here would have. */
export async function lookAtDatabase(asked: {
  readonly address: DatabaseAddress;
  readonly withoutExtensions: readonly string[];
  readonly bin: string | undefined;
  readonly path: string;
}): Promise<Looked & { readonly facts: DatabaseFacts }> {
  const { address, withoutExtensions, bin, path } = asked;
  const facts = await examineDatabase(connectTo({ ...address, name: "nightshift doctor" }));
  try {
    const programs = await findPrograms({ major: facts.major, needs: toProve, bin, path });
    const imageExtensions = await extensionsOf(programs);
    return { facts, findings: checkDatabase(facts, { clientMajor: programs.major, imageExtensions, withoutExtensions }), unseen: [] };
  } catch (error) {
    if (!(error instanceof MissingPrograms)) throw error;
    return { facts, findings: checkDatabase(facts, { withoutExtensions }), unseen: [`the programs here: ${error.message}`] };
  }
}

/** Looks at the role that restores, in the database whose dumps it shall restore. */
export async function lookAtRestoreRole(address: DatabaseAddress, withoutExtensions: readonly string[]): Promise<Looked> {
  const facts = await examineRestoreRole(connectTo({ ...address, name: "nightshift doctor" }));
  return { findings: checkRestoreRole({ ...facts, untrusted: facts.untrusted.filter((name) => !withoutExtensions.includes(name)) }), unseen: [] };
}

/** Extensions that lie beside the programs here; undefined: nobody can say. */
async function extensionsOf({ bin }: Programs): Promise<readonly string[] | undefined> {
  try {
    const { code, stdout } = await runProgram({ program: `${bin}/pg_config`, args: ["--sharedir"] });
    if (code !== 0) return undefined;
    return (await readdir(`${stdout.trim()}/extension`)).filter((file) => file.endsWith(".control")).map((file) => file.replace(/\.control$/, ""));
  } catch {
    return undefined; // Without pg_config nobody says where they lie.
  }
}

/** Looks at the RDS instance of a database of the config. */
export async function lookAtRds({ reach }: Pick<Account, "reach">, settings: DatabaseSettings): Promise<Looked> {
  if (settings.instance === undefined) return { findings: [], unseen: [`RDS: databases.${settings.name} names no instance`] };
  try {
    const databases = databasesFrom(reach);
    const [instance, quota] = await Promise.all([databases.instance(settings.instance), databases.quota()]);
    return { findings: findInRds({ settings, instance, quota }), unseen: [] };
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    return { findings: [], unseen: [`RDS: ${complaintOf(error)}`] };
  }
}
