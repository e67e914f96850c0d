import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { guards } from "@nightshift/model/guard-list";
import { expect, test } from "vitest";
import { surveyGuards } from "../../scripts/guards-survey.ts";

const root = path.join(import.meta.dirname, "../..");
const survey = surveyGuards();

test("every listed guard stands somewhere, and every guard that stands somewhere is listed", () => {
  expect(survey.unused).toEqual([]);
  expect(survey.unlisted).toEqual([]);
  expect(survey.places.size).toBeGreaterThanOrEqual(60);
});

test("every write of the ledger, every check for a hold and every repeatable write has its guard, but for those that a second time does not change", () => {
  expect(survey.kinds.map(({ what, count }) => [what, count > 0])).toEqual([
    ["writes of the ledger and the audit", true],
    ["checks for a hold", true],
    ["writes that must be harmless the second time", true],
  ]);
  const [ledger = [], holds = [], repeated = []] = survey.kinds.map(({ unguarded }) => unguarded);
  // A sample and a group's mark under their own moments, two heartbeats, a person's order to the scaler and the room's newest callback: the newest of each is the true one.
  expect(ledger.map(({ file }) => path.basename(file))).toEqual([
    "backup-book.ts",
    "groups.ts",
    "heartbeats.ts",
    "heartbeats.ts",
    "scaling-book.ts",
    "wakes.ts",
  ]);
  expect(holds).toEqual([]);
  // A message that is in the dead-letter queue twice, a file of evidence that is written over by itself, and a nudge that SQS drops the second time, harm nobody;
  // what is deleted or stopped a second time is gone already, and a folder, a sample, a figure and an answer are written over by themselves.
  expect([...new Set(repeated.map(({ says }) => says))].toSorted()).toEqual([
    "backupBook.sample",
    "backupPruning.point",
    "backupPruning.record",
    "backupPruning.remove",
    "deadLetters.send",
    "evidence.save",
    "evidence.savePicture",
    "groups.noteOpened",
    "heartbeats.answered",
    "heartbeats.beat",
    "outbox.nudge",
    "recoveryGauges.publish",
    "restoreTests.answer",
    "runners.stop",
    "tableBackups.delete",
    "wakes.wait",
  ]);
});

test("every guard serves an invariant that there is, and says what it protects in one sentence", () => {
  const odd = Object.entries<readonly [string, ...number[]]>(guards).filter(
    ([, [protects, ...invariants]]) => !/^[A-Z].*\.$/.test(protects) || invariants.length === 0 || invariants.some((number) => number < 1 || number > 42),
  );
  expect(odd).toEqual([]);
});

test("the condition is named by the model's exports, the lab's switch, the checks and the tests, and by nothing that is deployed", () => {
  const files = execFileSync("git", ["grep", "-l", "--untracked", "nightshift-lab", "--", "*.ts", "*.mjs", "*.json"], { cwd: root, encoding: "utf8" })
    .trim()
    .split("\n");
  const condition = files.filter((file) => /conditions|exports/.test(readFileSync(path.join(root, file), "utf8")));
  expect(condition.filter((file) => /^(?:stacks|functions|events)\/|^sst\.config|^packages\/(?:aws|slack|runtime|decide|ports|config)\//.test(file))).toEqual(
    [],
  );
});
