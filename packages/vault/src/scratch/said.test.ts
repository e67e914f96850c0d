import { expect, test } from "vitest";
import { complaintsIn } from "./said.ts";

test("complaints name the object and never a row's value", () => {
  const stderr = [
    "pg_restore: connecting to database for restore",
    'pg_restore: error: could not execute query: ERROR:  could not create unique index "users_email_key"',
    "DETAIL:  Key (email)=(ada@example.com) is duplicated.",
    "Command was: ALTER TABLE ONLY public.users ADD CONSTRAINT users_email_key UNIQUE (email);",
    'pg_restore: error: COPY failed for table "orders": ERROR:  invalid input syntax for type integer: "4111-1111"',
    'CONTEXT:  COPY orders, line 7, column total: "4111-1111"',
    "pg_restore: warning: errors ignored on restore: 2",
  ].join("\n");
  expect(complaintsIn(stderr)).toEqual([
    'pg_restore: error: could not execute query: ERROR:  could not create unique index "users_email_key"',
    'pg_restore: error: COPY failed for table "orders": ERROR:  invalid input syntax for type integer: …',
    "pg_restore: warning: errors ignored on restore: 2",
  ]);
});

test("the same complaint a thousand times is one, and no more than twenty are kept", () => {
  const same = Array.from({ length: 1_000 }, () => "pg_restore: error: out of memory").join("\n");
  expect(complaintsIn(same)).toEqual(["pg_restore: error: out of memory"]);
  const many = Array.from({ length: 30 }, (_, n) => `pg_restore: error: number ${n}`).join("\n");
  expect(complaintsIn(many)).toHaveLength(20);
});
