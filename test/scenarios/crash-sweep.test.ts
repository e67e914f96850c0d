import { minutes } from "@nightshift/config";
import { roughDelivery } from "@nightshift/lab/bus/bus";
import { describe, expect, it } from "vitest";
import { all, calm, differs, endingOf, expected, play, sameEnd, sweep } from "./sweep.ts";

describe("a crash, or every event twice, leaves the same effects", () => {
  it("without faults the story ends well", () => {
    expect(calm.problems).toEqual([]);
    expect(expected.unfinished).toEqual(["war-room RUNNING"]);
    expect(all.length).toBeGreaterThan(100);
  });
  it("a crash before each effect of the guard", async () => expect(await sweep({ kind: "crash-before" }, differs)).toEqual([]), 240_000);
  it("a crash after each effect of the guard", async () => expect(await sweep({ kind: "crash-after" }, differs)).toEqual([]), 240_000);
  it("every event twice, late and out of order", async () => {
    const { stage } = await play({ delivery: roughDelivery({ duplicate: 1, drop: 0, delayUpTo: minutes(0.1) }) });
    expect(sameEnd(stage)).toBeUndefined();
    expect(endingOf(stage).effects).toEqual(expected.effects);
    expect(endingOf(stage).audit).toEqual(expected.audit);
  });
});
