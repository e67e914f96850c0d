import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { nightshift, nowhere } from "../../../../test/cli/harness.ts";

const at = (day: number): string => `2026-11-${String(day).padStart(2, "0")}T02:00:00Z`;
const backups = [21, 20, 19, 18].map((day) => ({ id: `night-${day}`, at: at(day), state: "verified" }));
const run = (words: readonly string[], input: unknown = backups) =>
  nightshift(["backup", "retention", ...words], nowhere({ input: async () => (typeof input === "string" ? input : JSON.stringify(input)) }));

it("prints what is kept, with every reason, and what is removed", async () => {
  const { exit, out } = await run([], [...backups, { id: "old", at: "2026-01-01T02:00:00Z", state: "verified" }]);
  expect(exit).toBe(0);
  expect(out).toContain("5 backups at 2026-11-21 09:00 UTC: 4 kept, 1 removed, 0 stay for now.");
  expect(out).toContain("keep    night-21  2026-11-21 02:00  first verified of its day, one of the newest 3 verified");
  expect(out).toContain("remove  old       2026-01-01 02:00  324 days older than the newest verified one, which no class is");
});

it("takes what restic lists, and a policy in restic's words", async () => {
  const snapshots = [21, 20, 19].map((day) => ({ id: `s${day}`, time: at(day), tags: day === 19 ? ["keep"] : null }));
  const { exit, out } = await run(["--policy", "restic:last=1,tag=keep,oldest=no", "--json"], snapshots);
  expect(exit).toBe(0);
  expect(JSON.parse(out.join("\n"))).toMatchObject({
    at: 1_795_251_600_000,
    kept: [
      { id: "s21", reasons: ["one of the newest"] },
      { id: "s19", reasons: ["has keep"] },
    ],
    removed: [{ id: "s20", because: "no option keeps it" }],
    refused: [],
    stopped: null,
  });
});

it("a policy may stand in a file", async () => {
  const directory = mkdtempSync(path.join(tmpdir(), "policy-"));
  writeFileSync(path.join(directory, "policy.json"), JSON.stringify({ policy: "restic", last: 1, tags: [["a", "b"]], "within-daily": "1d1h", oldest: false }));
  const { out } = await nightshift(
    ["backup", "retention", "--policy", "policy.json", "--json"],
    nowhere({ directory, input: async () => JSON.stringify(backups) }),
  );
  expect(JSON.parse(out.join("\n"))).toMatchObject({
    policy: { last: 1, tags: [["a", "b"]], withinPeriods: { daily: { days: 1, hours: 1 } }, oldest: false },
    kept: [{ id: "night-21" }, { id: "night-20" }],
  });
});

it("plans for another moment, and stops where backups come after it", async () => {
  const { exit, out } = await run(["--at", "2026-11-20T03:00:00Z"]);
  expect(exit).toBe(1);
  expect(out.join(" ")).toContain("Nothing is removed: night-21 says 2026-11-21 02:00, more than 10 m ahead of our clock");
});

it.each([
  [["--policy", "restic:daly=3"], backups, /^--policy: daly: expected one of last, .*\. Did you mean daily\?/],
  [["--policy", "restic:daily=-2"], backups, /^--policy: daily: expected a whole number from 0 on, or -1 for all, got "-2"\. Write /],
  [["--policy", ""], backups, /^--policy: expected a policy in small letters or a file, got nothing\. Write documents/],
  [["--policy", "RESTIC:daily=3"], backups, /^--policy: expected a policy in small letters or a file, got "RESTIC:daily=3"\. Write /],
  [["--policy", "restic:daily=3,daily=4"], backups, /^--policy: daily: expected once, got it twice\. Write /],
  [["--at-most", "0"], backups, /--at-most: expected a whole number from 1 to 1000000, got "0"/],
  [[], [backups[0], backups[0]], /^standard input: backups\[1\]\.id: expected a text that no other backup has \(backups\[0\] has it\), got "night-21"\./],
  [["--policy", "restic:within=1w"], backups, /^--policy: within: expected years, months, days and hours, such as 1y5m7d2h, got "1w"\./],
  [["--policy", "documents:daily=7"], backups, /^--policy: daily: expected hours or days, such as 36h or 7d;.* got "7"\./],
  [["--policy", "documents:at-least=0"], backups, /^--policy: at-least: expected a whole number from 1 on, got "0"\./],
  [["--policy", "restic"], backups, /^--policy "restic": the policy keeps nothing: give at least one option/],
  [["--policy", "documents:daily=0,weekly=0,monthly=0"], backups, /the policy keeps nothing: give at least one of daily, weekly and monthly/],
  [["--policy", "no-such-file"], backups, /^--policy "no-such-file": expected a policy or a readable file, got ENOENT/],
  [["--at", "yesterday"], backups, /^backup retention: --at: expected a moment such as .*, got "yesterday"/],
  [["--at-most", "many"], backups, /^backup retention: --at-most: expected a whole number from 1 to 1000000, got "many"/],
  [["--picture", "--years", "0"], backups, /^backup retention: --years: expected a whole number from 1 to 40, got "0"/],
  [[], "", /^standard input: expected a JSON list of backups, got nothing\. Write /],
  [[], "[", /^standard input: expected JSON, got /],
  [[], { rows: [] }, /^standard input: backups: expected a list, got \{"rows":\[\]\}\./],
  [[], [1], /^standard input: backups\[0\]: expected an object, got 1\./],
  [[], [{ at: at(1) }], /^standard input: backups\[0\]\.id: expected a text that no other backup has, got nothing\./],
  [[], [{ id: "a" }], /^standard input: backups\[0\]\.at: expected the moment its contents are of, got nothing\./],
  [[], [{ id: "a", at: "2026-02-30" }], /^standard input: backups\[0\]\.at: expected a moment such as .*, got "2026-02-30"\./],
  [[], [{ id: "a", at: at(1) }], /^standard input: backups\[0\]\.state: expected one of running, .*, got nothing\./],
  [[], [{ id: "a", at: at(1), state: "good" }], /^standard input: backups\[0\]\.state: expected one of .*, got "good"\./],
] as const)("%o refuses bad input in a sentence that says where, what and what next", async (words, input, sentence) => {
  const { exit, out, err } = await run(words, input);
  expect([exit, out]).toEqual([2, []]);
  expect(err).toEqual([expect.stringMatching(sentence)]);
});

it("a moment is read with its zone, and as UTC without one", async () => {
  const moments = ["2026-11-21", "2026-11-21T02:00", "2026-11-21 02:00:00 UTC", "2026-11-21T04:00:00+02:00", 1_795_226_400_000];
  const { out } = await run(
    ["--json", "--policy", "restic:last=-1"],
    moments.map((moment, n) => ({ id: `m${n}`, at: moment, scheduled: 1_795_226_400_000 })),
  );
  expect(JSON.parse(out.join("\n"))).toMatchObject({ kept: ["m1", "m2", "m3", "m4", "m0"].map((id) => ({ id })), removed: [] });
});

it("draws ten years of nights on a screen, and a second team's with bad nights", async () => {
  const { exit, out } = await run(["--picture"]);
  expect(exit).toBe(0);
  expect(out.length).toBeLessThan(34);
  expect(Math.max(...out.map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(out.filter((line) => /^20\d\d [·DWM]{91} +1[234]$/.test(line))).toHaveLength(10);
  expect(out.at(-2)).toBe("3652 nights, 0 failed. Kept: 12.9 on average, 12 at the fewest (2026-04-02), 14 at the most.");
  const bad = await run(["--picture", "--failing", "3%", "--outages", "5%", "--seed", "3", "--json"]);
  expect(JSON.parse(bad.out.join("\n"))).toMatchObject({ nights: 3652, failed: 491, fewest: 8, withoutOlderThan45Days: 0 });
}, 60_000);
