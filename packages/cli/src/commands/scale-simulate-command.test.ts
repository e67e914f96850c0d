import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Io, Refusal } from "../frame/command.ts";
import { dispatch } from "../frame/dispatch.ts";
import type { Place } from "../place/place.ts";
import { scaleSimulate } from "./scale-simulate.ts";

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), "nightshift-simulate-"));
  // Half an hour of one a second, then half an hour of six.
  writeFileSync(
    path.join(directory, "arrivals.csv"),
    ["minute,count", ...Array.from({ length: 60 }, (_, minute) => `${minute},${minute < 30 ? 60 : 360}`)].join("\n"),
  );
  writeFileSync(path.join(directory, "lengths.csv"), "timestamp,seconds\n2026-11-21T03:14:05Z,3\n2026-11-21T03:15:05Z,4\n");
});
afterAll(() => rmSync(directory, { recursive: true }));

async function run(...words: readonly string[]): Promise<{ readonly exit: number; readonly out: readonly string[]; readonly err: readonly string[] }> {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    terminal: false,
    columns: 100,
    ask: async () => undefined,
    progress: () => {},
  };
  const nobody = (): never => {
    throw new Refusal("this test has no account");
  };
  const place: Place = {
    environment: {},
    user: "ada",
    directory,
    clock: { now: nobody },
    patience: { pause: async () => {}, random: () => 0.5 },
    connections: nobody,
    input: async () => "",
  };
  return { exit: await dispatch(["scale", "simulate", ...words], [scaleSimulate(place)], io), out, err };
}
const usual = ["--trace", "arrivals.csv", "--service-time", "2s", "--slo", "60s"];

describe("scale simulate", () => {
  test("plays recorded arrivals under each policy that is named, with cost, waits and kills", async () => {
    const { exit, out } = await run(...usual, "--policy", "nightshift,keda-llen,keda-llen+drain", "--json");
    expect(exit).toBe(0);
    const said = JSON.parse(out[0] ?? "");
    expect(said).toMatchObject({ trace: "arrivals.csv", tasks: 12_600, seed: 1, floor: 0, hourPrice: 0.012_342_5 });
    expect(said.policies.map(({ policy }: { readonly policy: string }) => policy)).toEqual(["nightshift", "keda-llen", "keda-llen+drain"]);
    for (const one of said.policies) {
      expect(one.finished + one.waiting + one.running + one.notYetDue + one.lost).toBe(12_600);
      expect(Math.abs(one.dollars - one.workerHours * 0.012_342_5)).toBeLessThan(0.000_1);
    }
    expect([said.policies[0].killed, said.policies[0].violatingMinutes, said.policies[2].killed]).toEqual([0, 0, 0]);
  });

  test("says the same for the same seed, and something else for another", async () => {
    const [first, again, other] = [await run(...usual), await run(...usual), await run(...usual, "--seed", "2")];
    expect(first.out).toEqual(again.out);
    expect(first.out).not.toEqual(other.out);
    expect(first.out[0]).toMatch(/^policy +worker-hours +dollars +broken min +wait p50\/p95\/p99 s +killed +re-run +changes +most$/);
    expect(first.out.length).toBeLessThan(12);
  });

  test("draws arrivals and workers into a file", async () => {
    expect((await run(...usual, "--chart", "out.svg")).out.at(-1)).toBe("Drawn: out.svg");
    expect(readFileSync(path.join(directory, "out.svg"), "utf8")).toMatch(/^<svg [\s\S]*nightshift[\s\S]*<\/svg>\s*$/);
  });

  test("takes running times from the file where it has them", async () => {
    const { exit, out } = await run("--trace", "lengths.csv", "--slo", "60s", "--policy", "maximum-at-once");
    expect([exit, out.at(-1)]).toEqual([0, "No minute had to break it. Arrivals are yours; start times are drawn (seed 1)."]);
  });

  test.each([
    [["--service-time", "2s", "--slo", "60s"], "scale simulate: --trace FILE is missing: the recorded arrivals. See npx nightshift scale simulate --help."],
    [["--trace", "arrivals.csv", "--service-time", "2s"], "scale simulate: --slo LENGTH is missing: how soon a task shall start, such as 60s."],
    [
      ["--trace", "arrivals.csv", "--slo", "60s"],
      "scale simulate: --service-time LENGTH is missing: how long a task runs, such as 8s or 2s-90s. Or give it per task: `timestamp,seconds`.",
    ],
    [[...usual, "--policy", "nightshit"], /^--policy "nightshit" is not a policy\. Did you mean "nightshift"\? There are nightshift, keda-llen/],
    [[...usual, "--min", "5", "--max", "4"], "--min 5 is more than --max 4: lower one or raise the other."],
    [[...usual, "--max", "0"], '--max "0": expected a whole number from 1 on.'],
    [[...usual, "--hour-price", "cheap"], '--hour-price "cheap": expected dollars, such as 0.05.'],
    [[...usual, "--service-time", "90s-2s"], '--service-time "90s-2s": expected the shorter length first, such as 2s-90s.'],
    [[...usual, "--policy", "nightshift", "--chart", "nowhere/out.svg"], /^--chart nowhere\/out\.svg could not be written: .*\. Choose another file\.$/],
    [["--trace", "nothing.csv", "--service-time", "2s", "--slo", "60s"], /^nothing\.csv: the arrivals could not be read: .*\. Give the path of a CSV file\.$/],
  ])("refuses %j with what is wrong, and 2", async (words, expected) => {
    const { exit, err, out } = await run(...words);
    expect([exit, out]).toEqual([2, []]);
    if (typeof expected === "string") expect(err).toEqual([expected]);
    else expect(err[0]).toMatch(expected);
  });
});
