import * as z from "zod/mini";
import { choiceOf, countOf, leaf, lengthOf, objectOf, shareOf, textOf } from "../kinds.ts";
import { section } from "../section.ts";
import { days, hours, minutes, percent } from "../units.ts";
import { secretName } from "./brokers.ts";
import { clockTime } from "./moments.ts";
import { securityGroup } from "./network.ts";
import { modes, regionName } from "./product.ts";

/** Under this a backup's id, its folder in the store and its messages stand. */
export const backedUpName = (says: string) =>
  textOf({
    says,
    pattern: /^[a-z][a-z0-9-]{0,30}$/,
    expected: "1 to 31 small letters, digits and hyphens, a letter first",
    remedy: 'write a short name, for example "shop": it heads its messages and its folder in the store',
  });

/** A time of day at which something is taken, in UTC unless `backups.zone` says otherwise. */
export const nightlyTime = (says: string) => clockTime(`${says} UTC, unless \`backups.zone\` is set.`);
/** How long something is kept; ages are counted from the newest verified one. */
export const keptFor = (says: string) => lengthOf({ says, from: days(1), to: days(3_650) });
/** A recovery target. */
export const target = (says: string) => lengthOf({ says, from: minutes(1), to: days(7) });

/** RDS: 1 to 63 letters, digits and hyphens, a letter first (Amazon RDS API Reference, "CreateDBInstance", read 2026-11-21). */
const instanceName = leaf<string>({ says: "The RDS instance that it lives in; absent: no snapshots, point in time or drills.", unit: "text" }, (value) => {
  const expected = "the name of an RDS instance for PostgreSQL";
  if (typeof value !== "string") return { expected, remedy: "write it as `aws rds describe-db-instances` does" };
  if (/:cluster:|\.cluster-|aurora/i.test(value))
    return {
      expected,
      remedy:
        "Aurora clusters are not snapshot by Nightshift: leave instance out and name the cluster's address in url; dumps are taken, restored and compared as of any PostgreSQL",
    };
  if (/^[A-Za-z](-?[A-Za-z0-9]){0,62}$/.test(value)) return undefined;
  const [named] = value.split(".");
  return { expected, remedy: value.includes(".") ? `write its name, not its address: "${named}"` : "write it as `aws rds describe-db-instances` does" };
});

const image = textOf({
  says: "What the runner's container is made from: `postgres:VERSION` when absent; one with PostGIS or pgvector when the database needs it.",
  pattern: /^[a-z0-9][a-z0-9./_-]*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/,
  expected: "a container image such as postgis/postgis:17-3.5",
  remedy: 'write "postgres:17", or an image that has the extensions of your database',
});

const keep = objectOf({
  daily: z._default(keptFor("The first verified backup of each day, for so long."), days(7)),
  weekly: z._default(keptFor("The first verified one of each week (from Sunday), for so long."), days(30)),
  monthly: z._default(keptFor("The first verified one of each month, for so long."), days(90)),
  safety: z._default(keptFor("Copies taken before a restore, for so long."), days(7)),
  atLeast: z._default(countOf({ says: "So many verified ones stay, however old they are.", from: 1, to: 1_000, unit: "backups" }), 3),
});

const gates = objectOf({
  rowDrop: z._default(shareOf("A table that lost more of its rows since the last night makes the backup suspect, and pruning stops."), percent(20)),
  fresh: z._default(
    z.array(
      objectOf({
        table: sqlName("Table, with its schema.", 'write "public.orders"'),
        column: sqlName("A column of times.", 'write "created_at"'),
        within: lengthOf({ says: "Its newest value is at most this old.", from: minutes(1), to: days(365) }),
      }),
    ),
    [],
  ),
});

function sqlName(says: string, remedy: string) {
  return textOf({ says, pattern: /^[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*)?$/, expected: "a name as SQL has it, without quotes", remedy });
}

const assertion = objectOf({
  name: textOf({
    says: "What it asserts; stands in messages.",
    pattern: /^[^\n]{1,100}$/,
    expected: "1 to 100 characters in one line",
    remedy: 'write "every order has a customer"',
  }),
  sql: textOf({
    says: "One SELECT that gives one row with one column; it runs in the restored copy, and its value is never shown.",
    pattern: /^\s*(select|with|table)\b[^;]{0,10000};?\s*$/i,
    expected: "one SELECT",
    remedy: "write one statement that begins with SELECT or WITH: assertions look and change nothing",
  }),
  atLeast: z.optional(countOf({ says: "It gives at least this; when absent it must give true.", from: 0, to: 1_000_000_000_000, unit: "number" })),
});

const snapshots = objectOf({
  keep: z._default(keptFor("How long manual snapshots are kept."), days(7)),
  copyTo: z.optional(
    objectOf({
      region: regionName("A second region that gets a copy of each."),
      kmsKey: z.optional(
        textOf({
          says: "Key of that region; needed when the instance is encrypted.",
          pattern: /^(arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/[\w/-]+|alias\/[\w/-]+|(mrk-)?[0-9a-f-]{32,36})$/,
          expected: "a key's ARN, id or alias",
          remedy: 'write "alias/aws/rds", or the ARN of a key in that region',
        }),
      ),
    }),
  ),
  manifests: z._default(
    choiceOf(
      "For which snapshots the database is read whole before and after, so that a drill can compare them exactly: a deployment waits for its snapshot.",
      ["nightly", "always", "never"],
    ),
    "nightly",
  ),
});

const drill = objectOf({
  day: z._default(countOf({ says: "Day of the month; 29, 30 and 31 are not in every month.", from: 1, to: 28 }), 1),
  at: z._default(nightlyTime("When it begins."), "04:00"),
  from: z._default(choiceOf("What is restored.", ["snapshot", "point-in-time"]), "snapshot"),
  instanceClass: z._default(
    textOf({
      says: "Class of the temporary instance.",
      pattern: /^db\.[a-z0-9-]+\.[a-z0-9]+$/,
      expected: "an instance class such as db.t4g.medium",
      remedy: 'write "db.t4g.medium", or the class of the source when times must be its own',
    }),
    "db.t4g.medium",
  ),
  subnetGroup: textOf({
    says: "DB subnet group of the temporary instance.",
    pattern: /^[A-Za-z0-9_. -]{1,255}$/,
    expected: "the name of a DB subnet group",
    remedy: "`aws rds describe-db-subnet-groups` prints them",
  }),
  securityGroups: z.array(
    securityGroup("Isolated group of the temporary instance: nothing but the runner may reach it.", "make one that lets in the group of `network` alone"),
  ),
  atMost: z._default(lengthOf({ says: "The instance is deleted after so long, whatever became of the drill.", from: hours(1), to: hours(24) }), hours(6)),
  costAtMost: z._default(countOf({ says: "A drill whose estimate is above this is refused.", from: 0.1, to: 1_000, unit: "US dollars", fraction: true }), 5),
});

/**
 * One PostgreSQL database. Defaults: 02:00 UTC and 7 / 30 / 90 days are leather_api's, a night and an hour its guide's data loss and
 * styling-adventures' recovery (facts/backups.md 4); three verified ones and seven days of safety copies are decision 48's floor.
 */
const database = objectOf({
  kind: z.literal("postgres"),
  url: secretName("Name of the secret that holds `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.", "ShopDatabase"),
  restoreUrl: z.optional(
    secretName(
      "Name of the secret with the address of the role that restores (`npx nightshift backup grants` prints it); only the task of a restore gets it. Absent: `/ops restore` restores no dump.",
      "ShopRestore",
    ),
  ),
  version: countOf({ says: "The server's major version: client and scratch server must be of the same.", from: 11, to: 30 }),
  instance: z.optional(instanceName),
  mode: z.optional(choiceOf("How much may be done by itself; the config's mode when absent.", modes)),
  nightly: z._default(nightlyTime("When the night begins."), "02:00"),
  maxDuration: z.optional(
    lengthOf({
      says: "A night that takes longer is late; the larger of two hours and twice the last night when absent.",
      from: minutes(10),
      to: hours(12),
    }),
  ),
  keep: z.prefault(keep, {}),
  rpo: z._default(target("Target: at most so much is lost."), hours(24)),
  rto: z._default(target("Target: it is back after so long."), hours(1)),
  image: z.optional(image),
  proveEvery: z._default(countOf({ says: "Every so many nights the backup is restored and compared whole.", from: 1, to: 31, unit: "nights" }), 1),
  gates: z.prefault(gates, {}),
  assertions: z._default(z.array(assertion), []),
  withoutExtensions: z._default(
    z.array(
      textOf({
        says: "Extension that the scratch server need not have, such as those that only RDS has.",
        pattern: /^[a-z_][a-z0-9_-]{0,62}$/,
        expected: "an extension's name",
        remedy: 'write "aws_s3"',
      }),
    ),
    [],
  ),
  snapshots: z.optional(snapshots),
  drill: z.optional(drill),
});

/** A database as a config writes it; made by `postgres({...})`. */
export type PostgresInput = z.input<typeof database>;
/** The same with every default filled in. */
export type PostgresParsed = z.output<typeof database>;

export const databases = section({
  title: "Databases",
  says: "PostgreSQL databases that are dumped, restored, compared and kept by rule.",
  schema: z._default(z.record(backedUpName("The database's name in messages and in the store."), z.discriminatedUnion("kind", [database])), {}),
});
