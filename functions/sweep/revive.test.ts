import { type Change, type EpochMs, epochMs } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { fakeIncidents } from "@nightshift/runtime/testing/fake-incidents";
import { expect, test } from "vitest";
import { reviveRooms } from "./revive.ts";

/** 2026-11-21T03:00:00Z, hour 498,675 since 1970. */
const START = 1_795_230_000_000;
const at = (seconds: number): EpochMs => epochMs(START + seconds * 1_000);
const MIN = 60;

/** An incident that was opened at the start, these changes a second apart, and a room that waited at this second last. */
async function startsAt(seconds: number, changes: readonly Change[], waited: number | undefined): Promise<readonly string[]> {
  const kept = fakeIncidents();
  await kept.incidents.open({ id: "INC-1", group: "shop", service: "shop", severity: "P1", title: "5xx", openedAt: at(0), by: "alarms" });
  for (const [n, change] of changes.entries())
    await kept.incidents.say("INC-1", { key: `${change.what}/1`, at: at(n), kind: "changed", text: "", announce: false, change });
  if (waited !== undefined) await kept.wakes.wait("INC-1", "callback", at(waited));
  await reviveRooms({ ...kept, clock: { now: () => at(seconds) } });
  return kept.starts;
}

const announced: Change = { what: "announced" };
const resolved: Change = { what: "resolved", how: "person" };
const revived = (hour: number) => [`war-room war-room-INC-1-revive-${hour}`];

test.each<[string, number, readonly Change[], number | undefined, readonly string[]]>([
  ["that waited 25 minutes ago lives", 35 * MIN, [announced], 10 * MIN, []],
  ["that waited a second more ago is started again", 35 * MIN + 1, [announced], 10 * MIN, revived(498_675)],
  ["that never waited is given as long from the first notice", 25 * MIN, [announced], undefined, []],
  ["that never waited is started again after it", 25 * MIN + 1, [announced], undefined, revived(498_675)],
  ["of an incident that was not announced is left alone", 60 * MIN, [], undefined, []],
  ["of a resolved one may sleep six hours", 370 * MIN, [announced, resolved], 0, []],
  ["of a resolved one that slept longer is started again", 370 * MIN + 1, [announced, resolved], 0, revived(498_681)],
  ["of a closed one is over", 90 * MIN, [announced, { what: "closed" }], 0, []],
  ["of one that is part of another is over", 90 * MIN, [announced, { what: "merged", into: "INC-2" }], 0, []],
])("a room %s", async (_, seconds, changes, waited, starts) => {
  expect(await startsAt(seconds, changes, waited)).toEqual(starts);
});

test("it is started once an hour, with a number of its own for whoever it hands over to", async () => {
  const kept = fakeIncidents();
  await kept.incidents.open({ id: "INC-1", group: "shop", service: "shop", severity: "P1", title: "5xx", openedAt: at(0), by: "alarms" });
  await kept.incidents.say("INC-1", { key: "announced", at: at(0), kind: "changed", text: "", announce: false, change: announced });
  const started = new Map<string, unknown>();
  const starter = {
    start: async (_: string, name: string, input: unknown) => {
      if (started.has(name)) throw new PortError("conflict", "lambda:Invoke", name, "DurableExecutionAlreadyStarted");
      started.set(name, input);
    },
    wake: async () => {},
  };
  for (const minute of [26, 31, 59, 60]) await reviveRooms({ ...kept, starter, clock: { now: () => at(minute * MIN) } });
  expect([...started]).toEqual([
    ["war-room-INC-1-revive-498675", { incident: "INC-1", part: 498_675_001 }],
    ["war-room-INC-1-revive-498676", { incident: "INC-1", part: 498_676_001 }],
  ]);
});
