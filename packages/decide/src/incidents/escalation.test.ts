import type { Change, Severity, Standing } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { type Happening, move, playRoom, word } from "./duties.fixture.ts";

const guardIs = (seconds: number, standing: Standing): Happening =>
  word(seconds, { what: "standing", automation: "guard", standing } satisfies Change, { actor: "nightshift/guard" });
const pagesOf = (severity: Severity, happens: readonly Happening[], until = 1_800) =>
  playRoom({ severity, happens, until })
    .did.filter(([, key]) => key.startsWith("paged/"))
    .map(([seconds, key]) => `${seconds} ${key}`);

describe("while the guard works on it", () => {
  test("nobody is woken for a P2 that is over before somebody would have had to answer", () => {
    expect(pagesOf("P2", [guardIs(0, "working"), guardIs(400, "resolved")])).toEqual([]);
  });
  test("a P2 that lasts to the end of its fifteen minutes is told then, once", () => {
    expect(pagesOf("P2", [guardIs(0, "working")])).toEqual(["900 paged/0/P2/1.2"]);
  });
  test("somebody is called as soon as the guard asks for a person", () => {
    expect(pagesOf("P2", [guardIs(0, "working"), guardIs(60, "needs-person")])).toEqual(["60 paged/0/P2/1.1", "900 paged/0/P2/1.2"]);
  });
  test("somebody is called when it stops without an end to the trouble", () => {
    expect(pagesOf("P2", [guardIs(0, "working"), move(0, "shop-5xx", "ALARM", "P2"), guardIs(60, "done")])).toEqual([
      "60 paged/0/P2/1.1",
      "900 paged/0/P2/1.2",
    ]);
  });
  test("an outage is told at once all the same", () => {
    expect(pagesOf("P1", [guardIs(0, "working"), guardIs(200, "resolved")])).toEqual(["0 paged/0/P1/1.1"]);
  });
});
