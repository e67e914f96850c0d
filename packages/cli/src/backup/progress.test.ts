import { epochMs } from "@nightshift/model";
import type { RunReport } from "@nightshift/ports";
import { expect, test } from "vitest";
import type { Io } from "../frame/command.ts";
import { progressLine, showProgress } from "./progress.ts";

const report = (over: Partial<RunReport>): RunReport => ({ run: "r", of: "shop", phase: "dumping", at: epochMs(0), ...over });

test("a bar, the rate, and how much longer at the pace so far", () => {
  expect(progressLine(report({ share: 0.25, bytesPerSecond: 148_000_000 }), epochMs(0), epochMs(10_000))).toBe(
    "dumping      █████░░░░░░░░░░░░░░░ 25 % · 148 MB/s · 30 s left",
  );
});

test("in the first two seconds, and where nobody knows the share, how long it has been going is said instead", () => {
  expect(progressLine(report({ share: 0.5 }), epochMs(0), epochMs(1_999))).toBe("dumping      ██████████░░░░░░░░░░ 50 % · 2 s");
  expect(progressLine(report({ share: 0.5 }), epochMs(0), epochMs(2_000))).toBe("dumping      ██████████░░░░░░░░░░ 50 % · 2 s left");
  expect(progressLine(report({ phase: "comparing" }), epochMs(0), epochMs(61_000))).toBe("comparing    1 m 1 s");
});

test("without a terminal a line of JSON is said when the phase changes, and every ten seconds", () => {
  const lines: string[] = [];
  let now = 0;
  // Only these are asked of it.
  const io = { terminal: false, err: (line: string) => lines.push(line), progress: () => undefined } as unknown as Io;
  const tell = showProgress(io, () => epochMs(now));
  for (const [at, phase] of [
    [0, "starting"],
    [0, "dumping"],
    [9_999, "dumping"],
    [10_000, "dumping"],
    [10_001, "comparing"],
    [10_002, "ended"],
  ] as const) {
    now = at;
    tell(report({ phase, at: epochMs(at) }));
  }
  expect(lines.map((line) => JSON.parse(line)).map(({ phase, at }) => [at, phase])).toEqual([
    [0, "starting"],
    [0, "dumping"],
    [10_000, "dumping"],
    [10_001, "comparing"],
  ]);
});
