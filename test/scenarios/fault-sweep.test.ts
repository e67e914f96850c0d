import { describe, expect, it } from "vitest";
import { sameEnd, sweep } from "./sweep.ts";

describe("a lost answer or a refusal, wherever it comes, ends with the good bytes and one rollback", () => {
  it("the call was carried out, its answer was lost", async () => expect(await sweep({ kind: "timeout-after" }, sameEnd)).toEqual([]), 240_000);
  it("the call was refused for its rate", async () => expect(await sweep({ kind: "throttle" }, sameEnd)).toEqual([]), 240_000);
});
