import { minutes } from "@nightshift/model";
import { scenario } from "../scenario/scenario.ts";
import type { RunTrouble } from "../runner/databases.ts";
import { DATABASE, databases, EARLY, NIGHT } from "./databases.ts";

/** A story of one night in which the runner meets this. */
const meeting = (trouble: RunTrouble) => ({
  before: (stage: Parameters<typeof databases>[0]) => databases(stage, { settings: EARLY }),
  plot: (stage: Parameters<typeof databases>[0]) => stage.world.databases.expect(DATABASE, trouble),
  lasts: minutes(20),
});

export const goodNight = scenario({
  name: "good-night",
  title: "The database is dumped, read back, restored and compared; its snapshot goes into a second region",
  source: "issue 5: only verified backups count; facts/backups.md 5: the nightly flow",
  before: (stage) => databases(stage, { settings: EARLY }),
  plot: () => {},
  lasts: minutes(30),
  expected: {
    ...NIGHT,
    tells: ["✓ shop", "42 tables, 9.3 M rows, 0 differences"],
    backups: {
      newest: [
        { of: DATABASE, kind: "dump", state: "verified" },
        { of: DATABASE, kind: "rds-snapshot", state: "uploaded" },
        { of: "sessions", kind: "dynamodb-backup", state: "uploaded" },
        { of: "cache", kind: "cache-snapshot", state: "uploaded" },
      ],
      committed: 1,
      calls: { "ecs:RunTask": 1, "rds:CreateDBSnapshot": 1, "rds:CopyDBSnapshot": 1 },
    },
  },
});

export const nightWithDifference = scenario({
  name: "night-with-a-difference",
  title: "Three orders differ in the restored copy: the night is red, and says which table",
  source: "facts/backups.md 3.4: what restore and row counts alone do not see",
  ...meeting({ kind: "differs", differences: ["public.orders: rows with keys 1200 to 1400 differ"] }),
  expected: {
    ...NIGHT,
    tells: ["is red: public.orders: rows with keys 1200 to 1400 differ", "No backup of it is proven"],
    backups: { newest: [{ of: DATABASE, kind: "dump", state: "failed", because: "public.orders" }], committed: 1 },
  },
});

export const runnerDies = scenario({
  name: "runner-dies",
  title: "The runner's container is killed while it restores, without a word",
  source: "issue 5: a dump that dies leaves no success; facts/backups.md 3.7",
  ...meeting({ kind: "dies", in: "restoring" }),
  expected: {
    ...NIGHT,
    tells: ["is red", "exit code 137 while restoring: OutOfMemoryError"],
    backups: { newest: [{ of: DATABASE, kind: "dump", state: "failed", because: "its task stopped with exit code 137" }], committed: 1 },
  },
});

export const runnerDiesDumping = scenario({
  name: "runner-dies-dumping",
  title: "The runner's container is killed while it dumps: no commit record lies in the store",
  source: "facts/backups.md 1: never success for an empty or partial dump",
  ...meeting({ kind: "dies", in: "dumping" }),
  expected: { ...NIGHT, tells: ["is red", "while dumping"], backups: { newest: [{ of: DATABASE, kind: "dump", state: "failed" }], committed: 0 } },
});

export const blindVerifier = scenario({
  name: "blind-verifier",
  title: "The verifier finds no difference, also not in a copy that was damaged on purpose",
  source: "facts/backups.md 1: verifiers that verified nothing (Sefaria PR 3637)",
  ...meeting({ kind: "blind" }),
  expected: {
    ...NIGHT,
    tells: ["is red: the verifier did not see"],
    backups: { newest: [{ of: DATABASE, kind: "dump", state: "failed", because: "did not see a row that was deleted" }] },
  },
});

export const suspectContents = scenario({
  name: "suspect-contents",
  title: "The copy equals its source, which lost most of a table since last night",
  source: "facts/backups.md 4: the newest is garbage but verified; the row-drop gate",
  ...meeting({ kind: "suspect", because: "public.orders lost 62 % of its rows since the last night" }),
  expected: {
    ...NIGHT,
    tells: ["is red", "public.orders lost 62 %"],
    backups: { newest: [{ of: DATABASE, kind: "dump", state: "suspect", because: "lost 62 %" }], calls: { "s3:DeleteObject": 0 } },
  },
});

export const migrationFirst = scenario({
  name: "migration-first",
  title: "A migration waits behind the dump twice: it is let through, and the night is proven later",
  source: "facts/backups.md 3.5: a backup can cause an outage",
  ...meeting({ kind: "yields", times: 2 }),
  expected: { ...NIGHT, backups: { newest: [{ of: DATABASE, kind: "dump", state: "verified" }], committed: 1 } },
});

export const schedulerNeverFires = scenario({
  name: "scheduler-never-fires",
  title: "The schedule of the night never rings: its absence does",
  source: "decision 50; facts/reliability.md 3.4, 32; facts/backups.md 1: GitLab 2017",
  before: (stage) => databases(stage, { settings: { ...EARLY, maxDuration: minutes(15) } }),
  plot: (stage) => {
    stage.world.databases.silent.add(`night.${DATABASE}`);
  },
  lasts: minutes(62),
  expected: {
    ...NIGHT,
    tells: ["shop"],
    backups: { newest: [{ of: DATABASE, kind: "dump", state: "none" }], committed: 0, calls: { "ecs:RunTask": 0 } },
  },
});
