import { scenarios } from "@nightshift/lab/scenarios/index";
import { describe, expect, it } from "vitest";
import { nightshift } from "./harness.ts";

const fields = [
  "scenario",
  "seed",
  "expected",
  "verdict",
  "ok",
  "target",
  "awsCalls",
  "alarmToCallMs",
  "trafficRestoredMs",
  "steadyMs",
  "wrongTarget",
  "noOp",
  "double",
  "overNewer",
  "autoRollback",
];

describe("lab", () => {
  it("lists every scenario with what it must end in", async () => {
    const { exit, out } = await nightshift(["lab", "list", "--json"]);
    expect(exit).toBe(0);
    expect(JSON.parse(out[0] ?? "null")).toHaveLength(scenarios.length);
    const short = (await nightshift(["lab", "list"])).out;
    expect(short.length).toBeLessThan(31);
    for (const { name } of scenarios) expect(short.join(" ")).toContain(name);
    expect((await nightshift(["lab", "list", "--long"])).out).toHaveLength(scenarios.length + 1);
  });

  it("prints one line of JSON a scenario, the same for the same seed and another for another", async () => {
    const once = await nightshift(["lab", "run", "healthy-but-5xx", "--seed", "7", "--json"]);
    expect([once.exit, once.out.length]).toEqual([0, 1]);
    expect(Object.keys(JSON.parse(once.out[0] ?? "null")).sort()).toEqual([...fields].sort());
    expect(await nightshift(["lab", "run", "healthy-but-5xx", "--seed", "7", "--json"])).toEqual(once);
    expect((await nightshift(["lab", "run", "healthy-but-5xx", "--seed", "8", "--json"])).out).not.toEqual(once.out);
  });

  it("shows the thread of a single scenario, then what was measured, on one screen", async () => {
    const { exit, out } = await nightshift(["lab", "run", "healthy-but-5xx"]);
    expect(exit).toBe(0);
    expect(out[0]).toMatch(/^✓ \[shop-api\] \[P2\] resolved · \d+ m( \d+ s)? · shop-api:43 was rolled back to shop-api:42, and it helped$/);
    expect(out.at(-1)).toMatch(/^ok {2}healthy-but-5xx {2}roll-back/);
    expect(out.length).toBeLessThan(31);
    expect(out.find((line) => line.startsWith("… and"))).toMatch(/^… and \d+ more: --long$/);
    const whole = (await nightshift(["lab", "run", "healthy-but-5xx", "--long"])).out;
    expect(whole.length).toBeGreaterThan(31);
    expect(whole.slice(0, 12)).toEqual(out.slice(0, 12));
    // How it ended is seen, too: the last lines of the thread stand above what was measured.
    expect(whole.slice(-10)).toEqual(out.slice(-10));
  });

  it("wants a scenario or --all, and asks whether another one was meant", async () => {
    expect(await nightshift(["lab", "run"])).toMatchObject({
      exit: 2,
      err: ["lab run: name one scenario, or say --all. `npx nightshift lab list` shows them."],
    });
    expect((await nightshift(["lab", "run", "healthy-but-5x"])).err).toEqual([
      'There is no scenario "healthy-but-5x". Did you mean "healthy-but-5xx"? `npx nightshift lab list` shows them.',
    ]);
    expect((await nightshift(["lab", "run", "healthy-but-5xx", "--seed", "x"])).err).toEqual(['--seed "x" is not a whole number from 0 to 999999999.']);
  });
});
