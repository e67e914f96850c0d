import { PortError } from "@nightshift/ports";
import { expect, test } from "vitest";
import { explainDump, stepAfter } from "./next-step.ts";

test.each([
  ["28P01", "denied", "check the user and the password"],
  ["42501", "denied", "backup doctor"],
  ["42P01", "not-found", "look whether a migration runs"],
  ["55P03", "conflict", "when the migration is over"],
  ["53300", "throttled", "CONNECTION LIMIT 8"],
  ["57P01", "unavailable", "look at its log"],
  ["57P03", "unavailable", "it starts or stops just now"],
  ["57014", "timeout", "cancelled"],
])("%s is %s, with a next step", (state, kind, next) => {
  const step = stepAfter(state, "what the server said");
  expect(step.kind).toBe(kind);
  expect(step.next).toContain(next);
});

test("what nobody foresaw is invalid, without advice that might be wrong", () => {
  expect(stepAfter("22012", "division by zero")).toEqual({ kind: "invalid", next: undefined });
});

test("a standby's conflict is no migration: waiting for one to end would help nobody", () => {
  expect(stepAfter("40001", "could not serialize access").kind).toBe("conflict");
  expect(stepAfter("40001", "canceling statement due to conflict with recovery")).toMatchObject({
    kind: "unavailable",
    next: expect.stringContaining("hot_standby_feedback"),
  });
});

test("what pg_dump says of its server becomes the same failure, its words kept; anything else stays itself", () => {
  const gone = explainDump(new Error("pg_dump ended with code 1: server closed the connection unexpectedly; nothing of this dump was kept"));
  expect(gone).toBeInstanceOf(PortError);
  expect(gone).toMatchObject({ kind: "unavailable", message: expect.stringMatching(/server closed the connection .* look at its log/) });
  const other = new Error("pg_dump ended with code 1: it said nothing; nothing of this dump was kept");
  expect(explainDump(other)).toBe(other);
  const known = new PortError("conflict", "sql:lock table", "database", "permission denied");
  expect(explainDump(known)).toBe(known);
});
