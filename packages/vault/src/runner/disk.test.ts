import { expect, test } from "vitest";
import { planDisk } from "./disk.ts";

const GIB = 1_024 ** 3;
const plan = (free: number) => planDisk({ sourceBytes: 10 * GIB, archiveBytes: 8 * GIB, free, where: "/scratch" });

test("an archive lies in a file while there is room for it beside the database, is streamed while there is room for the database, else refused with the figures", () => {
  // 10 GiB × 1.2 + 4 GiB + 0.25 GiB = 16.25 GiB for the database, 8 GiB more for the file.
  expect(plan(24.25 * GIB)).toEqual({ kind: "file" });
  expect(plan(24.25 * GIB - 1)).toEqual({ kind: "stream" });
  expect(plan(16.25 * GIB)).toEqual({ kind: "stream" });
  expect(plan(16.25 * GIB - 1)).toMatchObject({ kind: "no room" });
  expect(plan(5 * GIB)).toEqual({
    kind: "no room",
    because:
      "a restore of this 10.0 GiB database needs 16.3 GiB in /scratch, and 5.0 GiB are free; the next night asks for a task with a disk for this size; on a machine of your own, name a directory on a larger disk with --scratch",
  });
});
