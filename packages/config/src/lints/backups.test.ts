import { describe, expect, test } from "vitest";
import { bucket, dynamodb, elasticache, postgres } from "../build-backups.ts";
import { ecs } from "../build.ts";
import { celery, redis, secret } from "../build-workers.ts";
import { checkConfig } from "../check.ts";
import { problemsOf, warningsOf, withTop } from "../good.fixture.ts";
import { days, hours, minutes, ms, percent, seconds } from "../units.ts";

const network = { subnets: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"], securityGroups: ["sg-0123456789abcdef0"] };
const url = secret("ShopDatabase");
const drill = { subnetGroup: "drills", securityGroups: ["sg-0123456789abcdef1"] };
/** A sound config with one database, some of it replaced by anything at all. */
const withDatabase = (over: Record<string, unknown>, top: Record<string, unknown> = {}): unknown =>
  withTop({ network, databases: { shop: { kind: "postgres", url, version: 17, instance: "shop-prod", ...over } }, ...top });

describe("what is backed up in our words", () => {
  test("every default is filled in", () => {
    const { resolved, problems, warnings } = checkConfig(
      withTop({
        network,
        databases: { shop: postgres({ url, version: 17 }) },
        tables: { users: dynamodb({ table: "Users" }) },
        caches: { sessions: elasticache({ cache: "shop-redis" }) },
        media: { pictures: bucket({ bucket: "shop-pictures" }) },
      }),
    );
    expect([problems, warnings]).toEqual([[], []]);
    expect(resolved?.backups).toEqual({
      databases: [
        {
          name: "shop",
          instance: undefined,
          url: "ShopDatabase",
          mode: "shadow",
          nightly: { hour: 2, minute: 0 },
          maxDuration: undefined,
          keep: { daily: 604_800_000, weekly: 2_592_000_000, monthly: 7_776_000_000, safety: 604_800_000, atLeast: 3 },
          rpo: 86_400_000,
          rto: 3_600_000,
          image: "postgres:17",
          proveEvery: 1,
          gates: { rowDrop: 20, fresh: [] },
          assertions: [],
          withoutExtensions: [],
          snapshots: undefined,
          drill: undefined,
        },
      ],
      tables: [{ name: "users", table: "Users", nightly: { hour: 2, minute: 0 }, keep: 2_592_000_000, rpo: 3_600_000, copyIn: undefined }],
      caches: [{ name: "sessions", cache: "shop-redis", nightly: { hour: 2, minute: 0 }, keep: 604_800_000 }],
      media: [{ name: "pictures", bucket: "shop-pictures", replica: undefined, within: 900_000 }],
      configuration: undefined,
      secondRegion: undefined,
      lockFor: 604_800_000,
    });
  });

  test("snapshots, drills and assertions have defaults of their own", () => {
    const assertions = [
      { name: "orders there", sql: "SELECT count(*) FROM orders", atLeast: 1 },
      { name: "sums agree", sql: "select true;" },
    ];
    expect(checkConfig(withDatabase({ snapshots: {}, drill, assertions, mode: "auto" })).resolved?.backups.databases[0]).toMatchObject({
      mode: "auto",
      snapshots: { keep: 604_800_000, copyTo: undefined },
      drill: { day: 1, at: { hour: 4, minute: 0 }, from: "snapshot", instanceClass: "db.t4g.medium", atMost: 21_600_000, costAtMost: 5 },
      assertions: [
        { name: "orders there", holds: { atLeast: 1 } },
        { name: "sums agree", holds: true },
      ],
    });
  });

  test("a config without any of it backs nothing up", () => {
    expect(checkConfig(withTop({})).resolved?.backups).toMatchObject({ databases: [], tables: [], caches: [], media: [], configuration: undefined });
  });

  test.each([
    ["Europe/Berlin", "04:30", { hour: 3, minute: 30 }],
    ["America/New_York", "22:00", { hour: 3, minute: 0 }],
    ["Australia/Sydney", "05:00", { hour: 19, minute: 0 }],
    ["Asia/Kolkata", "02:00", { hour: 20, minute: 30 }],
    ["Pacific/Kiritimati", "05:00", { hour: 15, minute: 0 }],
  ])("in %s, %s by the winter clock is that time in UTC", (zone, nightly, expected) => {
    expect(checkConfig(withDatabase({ nightly }, { backups: { zone } })).resolved?.backups.databases[0]?.nightly).toEqual(expected);
  });
});

describe("what cannot be had is refused, with what can", () => {
  test.each([
    ["rpo", { rpo: minutes(4) }, "databases.shop.rpo", "write minutes(5); what is lost less needs a second writer, which no backup is"],
    ["a bare rpo", { rpo: 24 }, "databases.shop.rpo", "a bare 24 is 24 ms: did you mean minutes(24)?"],
    ["keeping nothing", { keep: { daily: days(0) } }, "databases.shop.keep.daily", "raise it to days(1) or more"],
    ["a floor of none", { keep: { atLeast: 0 } }, "databases.shop.keep.atLeast", "raise it to 1 or more"],
    [
      "another major",
      { image: "postgis/postgis:16-3.5" },
      "databases.shop.image",
      'write "postgis/postgis:17", or version: 16 if the server was upgraded (SHOW server_version says so)',
    ],
    ["no tag", { image: "postgres" }, "databases.shop.image", 'write "postgres:17": what is latest changes, and the client must be of the server\'s own major'],
    [
      "latest",
      { image: "postgres:latest" },
      "databases.shop.image",
      'write "postgres:17": what is latest changes, and the client must be of the server\'s own major',
    ],
    [
      "an address for an instance",
      { instance: "shop.abc.eu-central-1.rds.amazonaws.com" },
      "databases.shop.instance",
      'write its name, not its address: "shop"',
    ],
    [
      "Aurora",
      { instance: "shop.cluster-abc.eu-central-1.rds.amazonaws.com" },
      "databases.shop.instance",
      "Aurora clusters are not snapshot by Nightshift: leave instance out and name the cluster's address in url; dumps are taken, restored and compared as of any PostgreSQL",
    ],
    ["a day that not every month has", { drill: { ...drill, day: 29 } }, "databases.shop.drill.day", "lower it to 28 or less"],
    ["a drill for nothing", { drill: { ...drill, costAtMost: 0 } }, "databases.shop.drill.costAtMost", "raise it to 0.1 or more"],
    [
      "a drill in the open",
      { drill: { ...drill, securityGroups: [] } },
      "databases.shop.drill.securityGroups",
      "name one that lets in nothing but the group of `network`: without any the instance would take the VPC's default group",
    ],
    [
      "snapshots of nothing",
      { instance: undefined, snapshots: {} },
      "databases.shop.snapshots",
      'add instance: "…" as `aws rds describe-db-instances` prints it, or remove snapshots',
    ],
    ["a share of rows as a word", { gates: { rowDrop: "20" } }, "databases.shop.gates.rowDrop", "write percent(5) for five in a hundred"],
    [
      "a statement that changes something",
      { assertions: [{ name: "x", sql: "DELETE FROM orders" }] },
      "databases.shop.assertions[0].sql",
      "write one statement that begins with SELECT or WITH: assertions look and change nothing",
    ],
    [
      "two statements",
      { assertions: [{ name: "x", sql: "SELECT 1; DROP TABLE orders" }] },
      "databases.shop.assertions[0].sql",
      "write one statement that begins with SELECT or WITH: assertions look and change nothing",
    ],
    [
      "an address for a secret",
      { url: "postgres://me:secret@db/shop" },
      "databases.shop.url",
      'write secret("ShopDatabase") and set its value with `npx sst secret set ShopDatabase`: an address with its password never stands in a config',
    ],
    [
      "a key of another region",
      { snapshots: { copyTo: { region: "eu-west-1", kmsKey: "arn:aws:kms:eu-central-1:123456789012:key/0123" } } },
      "databases.shop.snapshots.copyTo.kmsKey",
      "a copy is encrypted with a key of the region that it goes to: `aws kms list-aliases --region eu-west-1` prints them",
    ],
  ])("%s", (_what, over, path, remedy) => {
    expect(problemsOf(withDatabase(over)).map((problem) => [problem.path, problem.remedy])).toEqual([[path, remedy]]);
  });

  test("five minutes of loss are nominal for point in time, and a minute less is not to be had", () => {
    expect([problemsOf(withDatabase({ rpo: minutes(5) })), problemsOf(withDatabase({ rpo: ms(299_999) })).length]).toEqual([[], 1]);
  });
  test("an Aurora setting is unknown, and so is a database of another kind", () => {
    expect(problemsOf(withDatabase({ cluster: "shop" }))).toMatchObject([{ path: "databases.shop.cluster", got: 'the unknown setting "cluster"' }]);
    expect(problemsOf(withTop({ databases: { shop: { kind: "mysql" } } }))).toMatchObject([{ path: "databases.shop", remedy: "use postgres({...})" }]);
  });
  test("without a network no task could run", () => {
    expect(problemsOf(withDatabase({}, { network: undefined }))).toMatchObject([
      { path: "network", expected: "the VPC that shop is in: a Fargate task needs subnets" },
    ]);
  });
  test("a table's loss has the same bound, a bucket is not its own replica, and names are told apart", () => {
    const raw = withTop({
      tables: { users: dynamodb({ table: "Users", rpo: minutes(4) }), configuration: dynamodb({ table: "Conf" }) },
      caches: { users: elasticache({ cache: "users" }) },
      media: { pictures: bucket({ bucket: "shop-pictures", replica: "shop-pictures" }) },
    });
    expect(problemsOf(raw).map(({ path, remedy }) => [path, remedy])).toEqual([
      ["tables.configuration", 'write "configuration-table"'],
      ["caches.users", 'write "users-cache"'],
      ["tables.users.rpo", "write minutes(5); a global table in a second region loses less"],
      ["media.pictures.replica", "name the bucket that replication writes to, or leave it out: then only versioning is checked"],
    ]);
  });
  test("a database has an address of its own", () => {
    const workers = { "shop-worker": celery({ broker: redis({ secret: "ShopDatabase" }), queues: ["celery"], wait: minutes(2) }) };
    const services = { "shop-worker": ecs({ cluster: "prod" }) };
    expect(problemsOf(withDatabase({}, { services, workers }))).toMatchObject([
      { path: "databases.shop.url", got: '"ShopDatabase", which is the broker of shop-worker' },
    ]);
    // Whose nights could write then.
    expect(problemsOf(withDatabase({ restoreUrl: "ShopDatabase" }))).toMatchObject([
      { path: "databases.shop.restoreUrl", got: '"ShopDatabase", which is the one that the nights of shop read with', remedy: 'write secret("ShopRestore")' },
    ]);
    expect(problemsOf(withDatabase({ restoreUrl: "ShopRestore" }))).toEqual([]);
    expect(problemsOf(withDatabase({ url: "SlackBotToken" }))).toMatchObject([{ path: "databases.shop.url", got: '"SlackBotToken", which is Slack\'s' }]);
  });
});

describe("databases of one instance", () => {
  const two = (over: Record<string, unknown>): unknown =>
    withTop({
      network,
      databases: { shop: postgres({ url, version: 17, instance: "i" }), mail: { kind: "postgres", url: "Mail", version: 17, instance: "i", ...over } },
    });
  test("are not dumped in the same minute", () => {
    expect(warningsOf(two({}))).toMatchObject([{ path: "databases.mail.nightly", got: "02:00, when shop is dumped, too" }]);
    expect(warningsOf(two({}))[0]?.remedy).toBe('write nightly: "02:30": two dumps at once load the instance twice');
    expect([warningsOf(two({ nightly: "02:30" })), warningsOf(two({ instance: "j" }))]).toEqual([[], []]);
  });
  test("are not the same one twice", () => {
    expect(problemsOf(two({ url }))).toMatchObject([{ path: "databases.mail.url", got: 'secret("ShopDatabase"), which shop has as well' }]);
  });
  test("have their snapshots and drills once", () => {
    const raw = withTop({
      network,
      databases: {
        shop: postgres({ url, version: 17, instance: "i", snapshots: {} }),
        mail: postgres({ url: "Mail", version: 17, instance: "i", nightly: "03:00", snapshots: {} }),
      },
    });
    expect(problemsOf(raw)).toMatchObject([{ path: "databases.mail.snapshots", got: "a second one beside that of shop" }]);
  });
});

describe("what somebody should know", () => {
  test.each([
    ["a promise without logs", { instance: undefined, rpo: hours(1) }, "databases.shop.rpo"],
    ["an hour that a spring night does not have", { nightly: "02:00" }, "databases.shop.nightly"],
    ["weeks shorter than days", { keep: { daily: days(31) } }, "databases.shop.keep.weekly"],
    ["a floor of one", { keep: { atLeast: 1 } }, "databases.shop.keep.atLeast"],
    ["a night nobody misses", { maxDuration: hours(7) }, "databases.shop.maxDuration"],
    ["back in four minutes", { rto: minutes(4) }, "databases.shop.rto"],
  ])("%s", (_what, over, path) => {
    expect(warningsOf(withDatabase({ nightly: "04:00", ...over }, { backups: { zone: "Europe/Berlin" } })).map((warning) => warning.path)).toEqual([path]);
  });
  test.each([
    ["00:59", 0],
    ["01:00", 1],
    ["03:00", 1],
    ["03:01", 0],
  ])("clocks change between one and three: %s has %i warnings", (nightly, count) => {
    expect(warningsOf(withDatabase({ nightly }, { backups: { zone: "Europe/Berlin" } }))).toHaveLength(count);
    expect(warningsOf(withDatabase({ nightly }, { backups: { zone: "Asia/Kolkata" } }))).toEqual([]);
  });
  test("a region that nobody has heard of is guessed at, and one's own is refused", () => {
    const copy = (region: string) => withDatabase({ snapshots: { copyTo: { region } } }, { region: "eu-central-1" });
    expect(warningsOf(copy("us-wset-2"))).toMatchObject([{ path: "databases.shop.snapshots.copyTo.region", remedy: 'did you mean "us-west-2"?' }]);
    expect(problemsOf(copy("eu-central-1"))).toMatchObject([{ path: "databases.shop.snapshots.copyTo.region", expected: "another region" }]);
    expect([problemsOf(copy("us-west-2")), warningsOf(copy("us-west-2"))]).toEqual([[], []]);
  });
  test("a lock may be left out", () => {
    expect(checkConfig(withDatabase({}, { backups: { lockFor: seconds(0) } })).resolved?.backups.lockFor).toBe(0);
    expect(problemsOf(withDatabase({}, { backups: { lockFor: days(91) } }))).toHaveLength(1);
    expect(problemsOf(withDatabase({ gates: { rowDrop: percent(101) } }))).toHaveLength(1);
  });
});
