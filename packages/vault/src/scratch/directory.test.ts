import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../testing/archives.ts";
import { makeScratchDirectory, sweepScratch } from "./directory.ts";

test("a throw-away server's directory has a whole path also where a relative one was named", async () => {
  const folder = await temporaryFolder();
  const made = await makeScratchDirectory(path.relative(process.cwd(), folder), undefined);
  expect(path.dirname(made)).toBe(folder);
  expect(readdirSync(made).toSorted()).toEqual(["data", "s"]);
});

test("what a dead run left is swept under a relative path, too, and nothing else", async () => {
  const folder = await temporaryFolder();
  for (const name of ["nightshift-ffffff-1-1-abcdef", "mine"]) mkdirSync(path.join(folder, name));
  expect(await sweepScratch(path.relative(process.cwd(), folder))).toBe(1);
  expect(readdirSync(folder)).toEqual(["mine"]);
});

test("a directory that is not there, or is a file, is said with what to do", async () => {
  const folder = await temporaryFolder();
  const gone = path.join(folder, "gone");
  const file = path.join(folder, "file");
  writeFileSync(file, "");
  for (const look of [sweepScratch, (within: string) => makeScratchDirectory(within, undefined)]) {
    await expect(look(gone)).rejects.toMatchObject({
      kind: "invalid",
      message: `scratch on ${gone}: there is no such directory; make it, or name another with --scratch`,
    });
    await expect(look(file)).rejects.toMatchObject({
      message: `scratch on ${file}: it is a file, where throw-away servers need a directory; take it away, or name another with --scratch`,
    });
  }
});
