import { after, minutes, seconds, tags } from "@nightshift/model";
import { roughDelivery } from "../bus/bus.ts";
import { scenario } from "../scenario/scenario.ts";
import type { Stage } from "../scenario/stage.ts";
import { DATABASE, databases, EARLY, INSTANCE, NIGHT } from "./databases.ts";

const early = (stage: Stage) => databases(stage, { settings: EARLY });
const snapshotIs = (state: "uploaded" | "failed" | "none", because?: string) => ({
  newest: [
    { of: DATABASE, kind: "rds-snapshot" as const, state, ...(because === undefined ? {} : { because }) },
    // The dump's night goes its own way.
    { of: DATABASE, kind: "dump" as const, state: "verified" as const },
  ],
});

export const snapshotFails = scenario({
  name: "snapshot-fails",
  title: "RDS ends the night's snapshot as failed; the dump is proven all the same",
  source: "facts/backups.md 2: the states of a snapshot; there is no event for a failed one",
  before: early,
  plot: (stage) => stage.lab.rds.expect("snapshot-fails"),
  lasts: minutes(20),
  expected: { ...NIGHT, tells: ["snapshot", "failed"], backups: snapshotIs("failed") },
});

export const quotaFull = scenario({
  name: "snapshot-quota-full",
  title: "Other teams filled the quota of manual snapshots: none is asked for, and the incident says why",
  source: "facts/backups.md 2: 100 manual snapshots a region, the preflight",
  before: early,
  plot: (stage) => stage.lab.rds.fillQuota(0),
  lasts: minutes(20),
  expected: { ...NIGHT, tells: ["snapshot"], backups: { ...snapshotIs("none"), calls: { "rds:CreateDBSnapshot": 0 } } },
});

export const copyFails = scenario({
  name: "snapshot-copy-fails",
  title: "The snapshot stands, and its copy into the second region fails",
  source: "facts/backups.md 2: cross-region copies",
  before: early,
  plot: (stage) => stage.lab.rds.expect("copy-fails"),
  lasts: minutes(25),
  expected: { ...NIGHT, tells: ["cop", "eu-west-1"], backups: snapshotIs("uploaded") },
});

export const eventsLost = scenario({
  name: "rds-events-lost",
  title: "Every event of RDS is lost, the others come late and twice: nothing waits for them",
  source: "facts/backups.md 2: events are best effort, Describe decides",
  account: { delivery: roughDelivery({ duplicate: 0.5, drop: 1, delayUpTo: seconds(90) }) },
  before: early,
  plot: () => {},
  lasts: minutes(25),
  expected: { ...NIGHT, backups: { ...snapshotIs("uploaded"), calls: { "rds:CreateDBSnapshot": 1, "rds:CopyDBSnapshot": 1, "ecs:RunTask": 1 } } },
});

export const drillMeasured = scenario({
  name: "drill-measured",
  title: "A point in time is restored into an instance of its own, compared, measured, and deleted",
  source: "issue 5: the monthly drill; facts/backups.md 2: lazy loading, two recovery times",
  before: (stage) =>
    databases(stage, {
      settings: { ...EARLY, drill: { day: 16, at: "03:25", from: "point-in-time", subnetGroup: "isolated", securityGroups: ["sg-0d2111111111111aa"] } },
    }),
  plot: () => {},
  lasts: minutes(50),
  expected: {
    ...NIGHT,
    tells: ["available in", "hydrated in", "verified in", "0 differences", "deleted"],
    backups: {
      newest: [{ of: DATABASE, kind: "dump", state: "verified" }],
      calls: { "rds:RestoreDBInstanceToPointInTime": 1, "rds:DeleteDBInstance": 1 },
    },
  },
});

export const drillForgotten = scenario({
  name: "drill-forgotten",
  title: "A drill died and left its instance: it is swept after its time; the one that somebody asked for stays",
  source: "facts/backups.md 5: the sweeper; decision 51; facts/reliability.md 3.4, 30",
  before: early,
  plot: (stage) => {
    const ask = (instance: string, own: Readonly<Record<string, string>>) =>
      stage.person("dead-run", seconds(30), (world) =>
        world.restores.restore({
          instance,
          from: { source: INSTANCE, at: "latest" },
          instanceClass: "db.t4g.medium",
          subnetGroup: "isolated",
          securityGroups: ["sg-0d2111111111111aa"],
          parameterGroup: undefined,
          tags: { [tags.owner]: "nightshift", ...own },
        }),
      );
    const expires = new Date(after(stage.now(), minutes(25))).toISOString().replace(/\.\d{3}Z$/, "Z");
    ask("nightshift-verify-forgotten", { [tags.purpose]: "drill", [tags.expires]: expires });
    ask("nightshift-restore-asked", { [tags.purpose]: "restore" });
  },
  lasts: minutes(52),
  expected: {
    ...NIGHT,
    backups: { newest: [{ of: DATABASE, kind: "dump", state: "verified" }], instances: ["nightshift-restore-asked"], calls: { "rds:DeleteDBInstance": 1 } },
  },
});
