import { describe, expect, it } from "vitest";
import { inContext, sameEnd, sweep } from "./sweep.ts";

describe("a lost answer or a refusal, wherever it comes, ends with the good bytes and one rollback", () => {
  it("there are calls enough to try", () => expect(inContext.length).toBeGreaterThan(60));
  it("the call was carried out, its answer was lost", async () => expect(await sweep({ kind: "timeout-after" }, sameEnd, inContext)).toEqual([]), 240_000);
  it("the call was refused for its rate", async () => expect(await sweep({ kind: "throttle" }, sameEnd, inContext)).toEqual([]), 240_000);
});
