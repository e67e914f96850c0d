import { expect, test } from "vitest";
import { openStore } from "./open.ts";

const refusal = (place: string): string => {
  try {
    return openStore(place).place;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

test.each(["s3:bucket", "S3:bucket"])("a slip of the pen in an address makes no directory of that name: %s", (place) => {
  expect(refusal(place)).toBe(
    `open on "${place}": a store is s3://bucket/prefix (in small letters) or a directory; write ./${place} if a directory is called that`,
  );
});

test.each(["S3://bucket", "file:///backups", "gs://bucket/prefix", "https://bucket.example/x"])("another scheme is no store: %s", (place) => {
  expect(refusal(place)).toBe(`open on "${place}": a store is s3://bucket/prefix (in small letters) or a directory`);
});

test("a directory whose name has a colon is one where the path says so", () => {
  expect(refusal("./s3:bucket")).toMatch(/\/s3:bucket$/);
  expect(refusal("/backups/s3:bucket")).toBe("/backups/s3:bucket");
});
