import { InvokeCommand } from "@aws-sdk/client-lambda";
import { RestoreDBInstanceToPointInTimeCommand } from "@aws-sdk/client-rds";
import { brokenInvariants } from "@nightshift/lab/invariants/index";
import { tags } from "@nightshift/model";
import { expect, it } from "vitest";
import { at, backupStage } from "./backup-stage.ts";

/** A responder, an operator, and the only owner. */
const [ANA, LEAD, FOUNDER] = ["U0789ANA", "U0123LEAD", "U0456BOSS"];
const asking = (moment: string) => `restore shop --at 2026-03-16T${moment}Z --reason "orders were deleted"`;
const INSTANCE = "nightshift-restore-shop-260316-0401";
const ADDRESS = `${INSTANCE}.c0labrds.eu-central-1.rds.amazonaws.com:5432`;
/** What was changed after the night. */
const changes = (stage: Awaited<ReturnType<typeof backupStage>>) => stage.calls().filter((line) => line >= "04:00");
/** The incident of the restore: the night before it was good. */
const told = (stage: Awaited<ReturnType<typeof backupStage>>) => stage.lines().filter((line) => /^(●| {2}04:)/.test(line));
async function night() {
  const stage = await backupStage({ settings: { nightly: "03:05" } });
  // The night's own snapshot is another story.
  stage.world.databases.silent.add("snapshot.shop");
  return stage;
}

it("a moment is restored on the word of the one owner, said twice: saved first, a new instance, compared, and the steps are told", async () => {
  const stage = await night();
  const { lab, slash } = stage;
  await slash(LEAD, at(4, 1), asking("03:40"));
  await slash(FOUNDER, at(4, 3), "approve");
  await slash(FOUNDER, at(4, 8), "approve");
  expect(changes(stage)).toEqual([]);
  await slash(FOUNDER, at(4, 14), "approve");
  await stage.until(4, 59);
  expect(changes(stage)).toEqual([
    "04:14 restore rds:CreateDBSnapshot nightshift-shop-260316-0401-safety-snapshot of shop-prod",
    `04:17 restore rds:RestoreDBInstanceToPointInTime ${INSTANCE}`,
    "04:28 restore ecs:RunTask compare-instance",
  ]);
  const text = "is equal wherever that can be proven";
  expect(told(stage)).toEqual([
    `● [shop] [P3] shop is restored beside what runs in 11 m 1 s: ${INSTANCE} ${text}`,
    `  04:17:01 restore shop from 2026-03-16 03:40:00 UTC into the new instance ${INSTANCE}: begun`,
    `  04:28:02 ${INSTANCE} is available after 11 m 1 s, at ${ADDRESS}. It is compared now: read from it as you like, and change nothing in it until that is over.`,
    "  04:29:33 held against shop-260316-0305-nightly and the database as it is now",
    "  04:29:33 99.34 % of the rows are proven; the others changed between the two readings",
    `  04:29:33 shop is restored beside what runs in 11 m 1 s: ${INSTANCE} ${text}`,
    `  04:29:33 It is at ${ADDRESS}. What runs was not touched.`,
    `  04:29:33 1. Look into it before anything else: npx nightshift backup doctor --url postgres://USER:PASSWORD@${ADDRESS}/DATABASE, and the rows that this is about.`,
    `  04:29:33 2. Give it what a production instance has: aws rds modify-db-instance --db-instance-identifier ${INSTANCE} --multi-az --backup-retention-period 7 --deletion-protection --apply-immediately`,
    "  04:29:33 3. Stop what writes: scale the services to 0, or put them into maintenance.",
    "  04:29:33 4. Put its address into the secret that the services read (shop), deploy them, and look whether they are well.",
    "  04:29:33 5. To go back: the old address, deployed again. What ran before is in the snapshot nightshift-shop-260316-0401-safety-snapshot.",
    `  04:29:33 6. Nothing deletes it by itself. When nobody needs it: aws rds delete-db-instance --db-instance-identifier ${INSTANCE}`,
  ]);
  expect((await stage.rows()).map(({ id, kind, series, state, proof }) => [id, kind, series, state, proof])).toEqual([
    ["shop-260316-0305-nightly", "dump", "nightly", "verified", "restored-and-compared"],
    ["shop-260316-0401-safety-snapshot", "rds-snapshot", "safety", "uploaded", "exists"],
  ]);
  const made = await lab.run(() => stage.person.databases.instance(INSTANCE));
  expect([made?.status, made?.subnetGroup, made?.securityGroups, made?.parameterGroup, made?.retentionDays, made?.tags]).toEqual([
    "available",
    "private",
    ["sg-0database"],
    "shop-postgres17",
    0,
    {
      "nightshift:by": "lead",
      "nightshift:of": "shop",
      "nightshift:owner": "nightshift",
      "nightshift:plan": "R-shop-vmxhyn",
      "nightshift:purpose": "restore",
    },
  ]);
  expect(brokenInvariants(lab)).toEqual([]);
}, 60_000);

it("who lacks the role neither asks nor approves, and what the owner reads before the first word is the whole plan", async () => {
  const stage = await night();
  await stage.slash(ANA, at(4, 0), asking("03:40"));
  await stage.slash(LEAD, at(4, 1), asking("03:40"));
  await stage.slash(LEAD, at(4, 2), "approve");
  await stage.slash(FOUNDER, at(4, 3), "approve");
  await stage.slash(FOUNDER, at(4, 8), "approve");
  await stage.until(4, 40);
  expect(stage.whispered(ANA)).toEqual(["This needs the role operator for shop in prod; you have responder. Who has it: lead, founder. Nothing was changed."]);
  expect(stage.whispered(LEAD)).toEqual([
    ...["Restore shop?", "Plan", "R-shop-1998s6", "Does", `restore shop from 2026-03-16 03:40:00 UTC into the new instance ${INSTANCE}`],
    ...["Because", "orders were deleted", "Who must approve", "two owners for shop (founder)", "Expires", "04:31:00 UTC", "Read this first:"],
    "What runs is not touched: it goes into something new, and the steps to switch over are said, not taken.",
    "How long it takes was never measured here; a new instance is available after 5 to 30 minutes, and slow until its blocks were read.",
    "These calls will be made:",
    "```rds:CreateDBSnapshot of shop (safety, before anything else)",
    `rds:RestoreDBInstanceToPointInTime ${INSTANCE}`,
    `ecs:RunTask runner do=compare-instance of=shop (reads ${INSTANCE} and what runs; changes neither)\`\`\``,
    "Nothing was changed yet. In words: /ops approve R-shop-1998s6, or /ops deny R-shop-1998s6.",
    "This needs the role owner for shop in prod; you have operator. Who has it: founder. Nothing was changed.",
  ]);
  expect(stage.whispered(FOUNDER)).toEqual([
    "Your yes to R-shop-1998s6 counts. A second yes is needed before anything is done.",
    "You are the only one who may approve R-shop-1998s6, so you confirm it twice, ten minutes apart: again in 5 m.",
  ]);
  // One word is not enough, and the plan has expired.
  expect(changes(stage)).toEqual([]);
}, 60_000);

it("nothing is restored, and nothing saved first, where the new instance's name is taken", async () => {
  const stage = await night();
  const { lab } = stage;
  await stage.slash(LEAD, at(4, 1), asking("03:40"));
  const somebody = new RestoreDBInstanceToPointInTimeCommand({
    TargetDBInstanceIdentifier: INSTANCE,
    SourceDBInstanceIdentifier: "shop-prod",
    UseLatestRestorableTime: true,
    DBSubnetGroupName: "isolated",
    VpcSecurityGroupIds: ["sg-0drill"],
    BackupRetentionPeriod: 0,
    Tags: [{ Key: tags.owner, Value: "somebody" }],
  });
  await lab.run(() => lab.client("rds", "somebody").send(somebody));
  await stage.slash(FOUNDER, at(4, 3), "approve");
  await stage.slash(FOUNDER, at(4, 14), "approve");
  await stage.until(4, 59);
  expect(changes(stage)).toEqual([`04:01 somebody rds:RestoreDBInstanceToPointInTime ${INSTANCE}`]);
  const because = `the instance ${INSTANCE} exists already, and is not this plan's: ask again, what is asked in another minute has another name`;
  expect(told(stage)).toEqual([
    `● [shop] [P3] shop was not restored: the instance ${INSTANCE} exists already, and is not this plan's: ask again, what is aske…`,
    `  04:14:00 shop was not restored: ${because}.`,
  ]);
}, 60_000);

it("of two orders of the same minute for two moments the second does not take the first one's instance for its own", async () => {
  const stage = await night();
  const { lab, slash } = stage;
  await slash(LEAD, at(4, 1), asking("03:40"));
  const [first = ""] = await plansOf(stage);
  await slash(LEAD, lab.clock.now(), asking("03:50"));
  const second = (await plansOf(stage)).find((plan) => plan !== first) ?? "";
  for (const plan of [first, second]) await slash(FOUNDER, lab.clock.now(), `approve ${plan}`);
  await stage.until(4, 14);
  for (const plan of [first, second]) await slash(FOUNDER, lab.clock.now(), `approve ${plan}`);
  await stage.until(4, 59);
  expect(changes(stage).filter((line) => line.includes("rds:Restore"))).toEqual([`04:16 restore rds:RestoreDBInstanceToPointInTime ${INSTANCE}`]);
  const restored = lab.history.flatMap((line) => (line.kind === "world" && line.what === "restore-began" ? [line.detail["contentsOf"]] : []));
  expect(restored).toEqual([at(3, 50)]);
  expect(told(stage).slice(1, 3)).toEqual([
    `  04:16:21 restore shop from 2026-03-16 03:50:00 UTC into the new instance ${INSTANCE}: begun`,
    `  04:17:01 restoring shop failed: the instance ${INSTANCE} exists already, and is not this plan's: ask again, what is asked in another minute has another name`,
  ]);
}, 60_000);

it("a plan that nobody knows restores nothing", async () => {
  const stage = await night();
  const { lab } = stage;
  await stage.until(4, 0);
  const FunctionName = `arn:aws:lambda:${lab.kernel.region}:${lab.kernel.accountId}:function:restore:1`;
  const command = new InvokeCommand({ FunctionName, InvocationType: "Event", DurableExecutionName: "forged", Payload: '{"plan":"R-shop-forged"}' });
  await lab.run(async () => void (await lab.client("lambda", "somebody").send(command)));
  await stage.until(4, 30);
  expect(changes(stage)).toEqual([]);
  expect(told(stage)).toEqual([]);
}, 60_000);

const plansOf = async ({ lab, person }: Awaited<ReturnType<typeof backupStage>>): Promise<readonly string[]> =>
  (await lab.run(() => person.approvals.pending(lab.clock.now()))).map(({ plan }) => plan);
