import { expect, test } from "vitest";
import { complaintOf } from "./complaint.ts";

test("what stands before the @ of an address is never told", () => {
  expect(complaintOf(new Error("cannot reach postgres://app:s3cret@db.internal:5432/shop\n  at once"))).toBe(
    "cannot reach postgres://…@db.internal:5432/shop at once",
  );
  expect(complaintOf("s3://bucket/prefix is gone")).toBe("s3://bucket/prefix is gone");
});

test("a failure is told in one line of at most 600 characters", () => {
  expect(complaintOf(new Error("x".repeat(1_000)))).toHaveLength(600);
});
