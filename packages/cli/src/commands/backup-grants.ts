import { grantsSql, restoreGrantsSql } from "@nightshift/decide/backups/postgres-grants";
import type { DatabaseOwner } from "@nightshift/model";
import { examineDatabase } from "@nightshift/vault/postgres/examine";
import { readOwners } from "@nightshift/vault/postgres/restore-role";
import { connectTo, textOf as columnOf, withSession } from "@nightshift/vault/postgres/session";
import type { DatabaseAddress } from "@nightshift/vault/runner/address";
import { addressOf, databaseOptions } from "../backup/open.ts";
import { noDatabase, sayingWhy } from "../backup/refusals.ts";
import { type Asked, type Command, Refusal, textOf, textsOf } from "../frame/command.ts";
import { answer } from "../frame/format.ts";
import type { Place } from "../place/place.ts";

/** The least that a role needs to take backups, and that a second one needs to restore them, as SQL. */
export const backupGrants = (place: Place): Command => ({
  path: ["backup", "grants"],
  group: "Set it up",
  summary: "Print the SQL of two roles: the least that can back a database up, and the least that can restore it",
  more: [
    "Changes nothing. With --url it looks at the server's version, its schemas, owners and row security; with --major it needs no database.",
    "The first only reads, and is the one of the nights. The second makes databases and gives things to their owners: only restores get its address.",
  ],
  options: {
    ...databaseOptions,
    major: { type: "text", value: "N", says: "the server's major version, instead of a database" },
    role: { type: "text", value: "NAME", says: "how the role is called", default: "nightshift_backup" },
    "restore-role": { type: "text", value: "NAME", says: "how the role that restores is called", default: "nightshift_restore" },
    owner: { type: "texts", value: "NAME", says: "with --major: a role that owns something in the database" },
    schema: { type: "texts", value: "NAME", says: "with --major below 14: a schema with tables (default public)" },
  },
  example: "npx nightshift backup grants --major 15",
  exits: { 1: "the database could not be read", 3: "neither a database nor a version was named" },
  run: (asked) =>
    sayingWhy(async () => {
      const seen = await around(place, asked);
      const role = textOf(asked, "role") ?? "nightshift_backup";
      const sql = grantsSql({ role, create: true, ...seen });
      const restoreRole = textOf(asked, "restore-role") ?? "nightshift_restore";
      if (restoreRole === role) throw new Refusal("--role and --restore-role are the same: what restores must not be what reads every night. Name two roles.");
      const restoreSql = restoreGrantsSql({ role: restoreRole, create: true, ...seen });
      answer(asked, { role, restoreRole, ...seen, sql, restoreSql }, [
        "-- 1 The nights: reads everything, and nothing else.",
        ...sql,
        "-- 2 Restores (restoreUrl, and --into): makes databases, and gives what is restored to its owners.",
        ...restoreSql,
        ...(seen.owners.length === 0 ? ["-- … and a membership in each role that owns something: --owner NAME, or --url, which looks for them."] : []),
        "-- Then set their passwords where the server's log does not see them: \\password in psql.",
      ]);
      return 0;
    }),
});

interface Around {
  readonly major: number;
  readonly schemas: readonly string[];
  readonly rowSecurity: boolean;
  readonly owners: readonly DatabaseOwner[];
}

async function around(place: Place, asked: Asked): Promise<Around> {
  const said = textOf(asked, "major");
  if (said !== undefined) {
    const major = Number(said);
    if (!Number.isInteger(major) || major < 10 || major > 30) throw new Refusal(`--major "${said}" is no major version of PostgreSQL: 15, 16, 17 …`);
    return { major, schemas: textsOf(asked, "schema"), rowSecurity: false, owners: textsOf(asked, "owner").map((name) => ({ name, rules: false })) };
  }
  const address = addressOf(place, asked);
  if (address === undefined) throw noDatabase("backup grants");
  const connect = connectTo({ ...address, name: "nightshift doctor" });
  const { major } = await examineDatabase(connect);
  return { major, ...(await readSchemas(address)) };
}

function readSchemas(address: DatabaseAddress): Promise<Omit<Around, "major">> {
  return withSession(connectTo({ ...address, name: "nightshift doctor" }), async (session) => {
    const rows = await session.query(
      `select n.nspname as name, pg_catalog.bool_or(c.relrowsecurity) as policies from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' group by 1 order by 1`,
    );
    return {
      schemas: rows.map((row) => columnOf(row, "name")),
      rowSecurity: rows.some((row) => columnOf(row, "policies") === "t"),
      owners: await readOwners(session),
    };
  });
}
