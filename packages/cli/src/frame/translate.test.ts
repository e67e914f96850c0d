import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { refusalOf, sayFault } from "./translate.ts";

const caught = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

test("what the system refuses is one sentence with the place and the next step", () => {
  const refusal = refusalOf(caught(() => readdirSync("/etc/passwd")));
  expect([refusal?.exit, refusal?.message]).toEqual([1, "/etc/passwd: scandir failed with ENOTDIR; a part of the path is a file: name another directory."]);
  expect(refusalOf(caught(() => readdirSync("/nowhere")))?.message).toBe("/nowhere: scandir failed with ENOENT; it is not there: check the path.");
});

test("a fault of ours is no refusal; it is said in one line without passwords", () => {
  const fault = new RangeError("a segment of\n-1 bytes from postgres://ada:secret@db/shop.");
  expect(refusalOf(fault)).toBeUndefined();
  expect(sayFault(fault)).toBe(
    "Nightshift itself failed, which is a fault of it: a segment of -1 bytes from postgres://…@db/shop. Run it again with NIGHTSHIFT_DEBUG=1 to see where, and report that.",
  );
});
