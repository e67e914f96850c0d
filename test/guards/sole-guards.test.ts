import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { withoutGuards } from "@nightshift/lab/guards/switch";
import { expect, test } from "vitest";

const root = path.join(import.meta.dirname, "../..");

interface Line {
  readonly guard: string;
  readonly promise: string;
  /** With the guard, without it, with it again. */
  readonly kept: readonly boolean[];
}

test("a promise that rests on a guard is broken without it, and kept again with it", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--no-warnings", "--conditions=nightshift-lab", "test/guards/switched-off.ts"], {
    cwd: root,
  });
  // The child's own lines, written by the file above.
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  expect(lines.filter(({ kept }) => kept.join() !== "true,false,true")).toEqual([]);
  expect(lines.length).toBeGreaterThanOrEqual(60);
}, 400_000);

test("a process without the condition has no switch", () => {
  expect(() => withoutGuards(["breaker"], () => undefined)).toThrow("--conditions=nightshift-lab");
});
