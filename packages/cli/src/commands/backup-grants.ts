import { grantsSql } from "@nightshift/decide/backups/postgres-grants";
import { examineDatabase } from "@nightshift/vault/postgres/examine";
import { connectTo, textOf as columnOf, withSession } from "@nightshift/vault/postgres/session";
import type { DatabaseAddress } from "@nightshift/vault/runner/address";
import { addressOf, databaseOptions } from "../backup/open.ts";
import { noDatabase, sayingWhy } from "../backup/refusals.ts";
import { type Asked, type Command, Refusal, textOf, textsOf } from "../frame/command.ts";
import { answer } from "../frame/format.ts";
import type { Place } from "../place/place.ts";

/** The least that a role needs to take backups, as SQL. */
export const backupGrants = (place: Place): Command => ({
  path: ["backup", "grants"],
  group: "Set it up",
  summary: "Print the SQL of the least role that can back a database up",
  more: ["Changes nothing. With --url it looks at the server's version, its schemas and row security; with --major it needs no database."],
  options: {
    ...databaseOptions,
    major: { type: "text", value: "N", says: "the server's major version, instead of a database" },
    role: { type: "text", value: "NAME", says: "how the role is called", default: "nightshift_backup" },
    schema: { type: "texts", value: "NAME", says: "with --major below 14: a schema with tables (default public)" },
  },
  example: "npx nightshift backup grants --major 15",
  exits: { 1: "the database could not be read", 3: "neither a database nor a version was named" },
  run: (asked) =>
    sayingWhy(async () => {
      const seen = await around(place, asked);
      const role = textOf(asked, "role") ?? "nightshift_backup";
      const sql = grantsSql({ role, create: true, ...seen });
      const after = ["-- Then set its password where the server's log does not see it: \\password in psql."];
      answer(asked, { role, ...seen, sql }, [...sql, ...after]);
      return 0;
    }),
});

async function around(place: Place, asked: Asked): Promise<{ readonly major: number; readonly schemas: readonly string[]; readonly rowSecurity: boolean }> {
  const said = textOf(asked, "major");
  if (said !== undefined) {
    const major = Number(said);
    if (!Number.isInteger(major) || major < 10 || major > 30) throw new Refusal(`--major "${said}" is no major version of PostgreSQL: 15, 16, 17 …`);
    return { major, schemas: textsOf(asked, "schema"), rowSecurity: false };
  }
  const address = addressOf(place, asked);
  if (address === undefined) throw noDatabase("backup grants");
  const connect = connectTo({ ...address, name: "nightshift doctor" });
  const { major } = await examineDatabase(connect);
  return { major, ...(await readSchemas(address)) };
}

function readSchemas(address: DatabaseAddress): Promise<{ readonly schemas: readonly string[]; readonly rowSecurity: boolean }> {
  return withSession(connectTo({ ...address, name: "nightshift doctor" }), async (session) => {
    const rows = await session.query(
      `select n.nspname as name, pg_catalog.bool_or(c.relrowsecurity) as policies from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' group by 1 order by 1`,
    );
    return { schemas: rows.map((row) => columnOf(row, "name")), rowSecurity: rows.some((row) => columnOf(row, "policies") === "t") };
  });
}
