import { type DatabaseFacts, type Finding, minutes, sayLength } from "@nightshift/model";
import { grantsSql } from "./postgres-grants.ts";

/** What stands around a database when it is backed up. */
export interface DoctorAround {
  /** Major of the client programs that will dump it; undefined: nobody looked. */
  readonly clientMajor?: number | undefined;
  /** Extensions that the image of the scratch server has; undefined: nobody looked. */
  readonly imageExtensions?: readonly string[] | undefined;
  /** Extensions that the scratch server need not have. */
  readonly withoutExtensions?: readonly string[];
}

/** One check of a database: an id that never changes meaning, a title, and a pure look. */
export interface DatabaseCheck {
  readonly id: `P${number}`;
  readonly title: string;
  readonly look: (facts: DatabaseFacts, around: DoctorAround) => readonly Omit<Finding, "id">[];
}

/** So far behind, a standby's backup is that much older than it looks. */
const lagAtMost = minutes(5);
/** A dump that reads for longer than this is ended by a standby that gives it no more. */
const delayAtLeast = minutes(60);
/** More names make a line nobody reads. */
const namesInALine = 5;

/** Every check of a database. */
export const databaseChecks: readonly DatabaseCheck[] = [
  {
    id: "P1",
    title: "the backup's role reads everything",
    look: ({ role, unreadable, database, major }) =>
      when(
        unreadable.length > 0,
        "danger",
        database,
        `role ${role.name} may not read ${sayNames(unreadable)}: no backup is taken at all`,
        grantsText(role.name, major),
      ),
  },
  {
    id: "P2",
    title: "no policy hides rows from the backup",
    look: ({ role, rowSecurity, database }) =>
      when(
        rowSecurity.length > 0,
        "danger",
        database,
        `row security hides rows of ${sayNames(rowSecurity)} from role ${role.name}: the dump is refused`,
        `alter role ${role.name} bypassrls; (on RDS as a member of rds_superuser)`,
      ),
  },
  {
    id: "P3",
    title: "large objects can be read",
    look: ({ role, largeObjects: { count, unreadable }, database, major }) =>
      when(
        unreadable > 0,
        "danger",
        database,
        `role ${role.name} may not read ${unreadable} of ${count} large objects${major < 19 ? "; pg_read_all_data does not cover them before version 19" : ""}`,
        "grant select on large object … to it for each, or set lo_compat_privileges for the role (a superuser may)",
      ),
  },
  {
    id: "P4",
    title: "the backup's role may do nothing else",
    look: ({ role, database, major }) =>
      when(
        role.superuser || role.writesTables > 0,
        "warning",
        database,
        role.superuser ? `role ${role.name} is a superuser` : `role ${role.name} may change rows of ${role.writesTables} tables; a backup only reads`,
        grantsText("nightshift_backup", major),
      ),
  },
  {
    id: "P5",
    title: "the address is the server's own",
    look: ({ pooler, database }) =>
      when(
        pooler,
        "danger",
        database,
        "the address leads to a pooler (PgBouncer, RDS Proxy): a snapshot cannot be shared through it",
        "put the server's own address into the secret",
      ),
  },
  {
    id: "P6",
    title: "the client is the server's major, or newer",
    look: ({ major, database }, { clientMajor }) =>
      when(
        clientMajor !== undefined && clientMajor < major,
        "danger",
        database,
        `pg_dump ${clientMajor} refuses a server of version ${major}`,
        `use the image postgres:${major}`,
      ),
  },
  {
    id: "P7",
    title: "the scratch server has the extensions",
    look: ({ extensions, database }, { imageExtensions, withoutExtensions = [] }) => {
      const missing = extensions.map(({ name }) => name).filter((name) => imageExtensions?.includes(name) === false && !withoutExtensions.includes(name));
      const remedy = `set image to one that has ${missing.join(", ")}, or name them in withoutExtensions if nothing stored needs them`;
      return when(missing.length > 0, "danger", database, `the scratch server's image lacks ${sayNames(missing)}: no restore can be proven`, remedy);
    },
  },
  {
    id: "P8",
    title: "damage on the disk is seen",
    look: ({ dataChecksums, database }) =>
      when(
        !dataChecksums,
        "warning",
        database,
        "the server keeps no data checksums: damage on its disk can go into a backup unseen",
        "a new cluster made by initdb --data-checksums, or pg_checksums --enable on a stopped one; on RDS they are on",
      ),
  },
  {
    id: "P9",
    title: "unlogged tables",
    look: ({ unlogged, database }) =>
      when(
        unlogged.length > 0,
        "note",
        database,
        `rows of ${sayNames(unlogged)} are in no backup: unlogged tables are empty after a crash, too`,
        "alter table … set logged, if they are to be kept",
      ),
  },
  {
    id: "P10",
    title: "roles are restored without passwords",
    look: ({ loginRoles, database }) =>
      when(
        loginRoles.length > 0,
        "note",
        database,
        `${loginRoles.length} roles that log in are saved without passwords: ${sayNames(loginRoles)}`,
        "after a restore into a new server, set each password from its secret",
      ),
  },
  {
    id: "P11",
    title: "the standby keeps up",
    look: ({ standby, database }) =>
      when(
        standby !== undefined && (standby.lag === undefined || standby.lag > lagAtMost),
        "warning",
        database,
        standby?.lag === undefined
          ? "nobody can say how far the standby is behind"
          : `the standby is ${sayLength(standby.lag)} behind: so much older is every backup from it`,
        "back up the primary until it has caught up",
      ),
  },
  {
    id: "P12",
    title: "the standby bears a long reading",
    look: ({ standby, database }) =>
      when(
        standby !== undefined && !standby.feedback && standby.maxDelay !== "forever" && standby.maxDelay < delayAtLeast,
        "warning",
        database,
        `the standby ends a reading that stands in the way of its log for ${standby === undefined || standby.maxDelay === "forever" ? "" : sayLength(standby.maxDelay)}`,
        "set hot_standby_feedback on, or max_standby_streaming_delay longer than the dump takes",
      ),
  },
  {
    id: "P13",
    title: "there are enough locks",
    look: ({ locks, database }) =>
      when(
        locks.relations > locks.slots / 2,
        "warning",
        database,
        `a dump locks ${locks.relations} relations; the server has room for ${locks.slots} locks in all`,
        "raise max_locks_per_transaction",
      ),
  },
  {
    id: "P14",
    title: "tables have keys",
    look: ({ withoutKey, database }) =>
      when(
        withoutKey.length > 0,
        "note",
        database,
        `${sayNames(withoutKey)} have no primary key: a difference there can be told, but not where it is`,
        "give them a primary key",
      ),
  },
];

/** Everything that is not as it should be with a database that is to be backed up. */
export const checkDatabase = (facts: DatabaseFacts, around: DoctorAround = {}): readonly Finding[] =>
  databaseChecks.flatMap(({ id, look }) => look(facts, around).map((complaint) => ({ id, ...complaint })));

function when(bad: boolean, severity: Finding["severity"], about: string, says: string, remedy: string): readonly Omit<Finding, "id">[] {
  return bad ? [{ severity, about, says, remedy }] : [];
}

const grantsText = (role: string, major: number): string => grantsSql({ role, major, schemas: [] }).join(" ");

/** `shop.a, shop.b and 3 more`. */
function sayNames(names: readonly string[]): string {
  const more = names.length - namesInALine;
  return more <= 0 ? names.join(", ") : `${names.slice(0, namesInALine).join(", ")} and ${more} more`;
}
