import { minutes, ms } from "@nightshift/model";
import { expect, test } from "vitest";
import { type GateFacts, gateSnapshot } from "./gate-snapshot.ts";

const nothing = "stop: nothing was asked of RDS within 5 m: a hold, a full quota, or an instance that is not available; the thread of the snapshot says which";

test.each<[string, Partial<GateFacts>, string]>([
  ["lets through what RDS calls available", { status: "available" }, "go"],
  ["lets it through after the time that may be waited, too", { status: "available", waited: minutes(60) }, "go"],
  ["waits for one that RDS was not asked for", { status: undefined, row: undefined }, "wait: not asked for yet"],
  ["waits so for just under five minutes", { status: undefined, row: undefined, waited: ms(299_999) }, "wait: not asked for yet"],
  ["and no longer", { status: undefined, row: undefined, waited: minutes(5) }, nothing],
  ["waits longer where its row is written", { status: undefined, waited: minutes(5) }, "wait: not asked for yet"],
  ["waits for one that is being taken", {}, "wait: creating"],
  ["waits as long as it may", { waited: ms(1_799_999) }, "wait: creating"],
  ["and no longer for that", { waited: minutes(30) }, "stop: it was creating after 30 m"],
  ["says what never came", { status: undefined, waited: minutes(30) }, "stop: it was not there after 30 m"],
  ["stops where RDS says failed", { status: "failed" }, "stop: RDS says failed"],
  ["stops where its row says why it failed", { status: undefined, row: { state: "failed", because: "100 of 100 are used" } }, "stop: 100 of 100 are used"],
  ["stops where its row says no more than that", { status: undefined, row: { state: "failed" } }, "stop: it failed"],
])("a deployment's gate %s", (_, over, says) => {
  const gate = gateSnapshot({ status: "creating", row: { state: "running" }, waited: ms(0), atMost: minutes(30), ...over });
  expect(gate.kind === "go" ? "go" : gate.kind === "wait" ? `wait: ${gate.stands}` : `stop: ${gate.because}`).toBe(says);
});
