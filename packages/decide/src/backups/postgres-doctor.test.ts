import { type DatabaseFacts, ms, minutes } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { checkDatabase, databaseChecks, type DoctorAround } from "./postgres-doctor.ts";
import { grantsSql } from "./postgres-grants.ts";

const healthy: DatabaseFacts = {
  major: 15,
  version: "15.18",
  database: "shop",
  dataChecksums: true,
  pooler: false,
  standby: undefined,
  role: { name: "backup", superuser: false, bypassesRowSecurity: false, readsAll: true, readsPasswords: false, writesTables: 0 },
  unreadable: [],
  rowSecurity: [],
  largeObjects: { count: 0, unreadable: 0 },
  unlogged: [],
  withoutKey: [],
  extensions: [{ name: "postgis", version: "3.4" }],
  loginRoles: [],
  locks: { relations: 3_200, slots: 6_400 },
};
const standby = { lag: minutes(5), feedback: false, maxDelay: minutes(60) };

test("a healthy database has no finding", () => {
  expect(checkDatabase(healthy, { clientMajor: 15, imageExtensions: ["postgis"] })).toEqual([]);
  expect(checkDatabase({ ...healthy, standby })).toEqual([]);
});

describe("each check finds its own sick database", () => {
  const sick: readonly (readonly [id: string, change: Partial<DatabaseFacts>, around: DoctorAround])[] = [
    ["P1", { unreadable: ["shop.orders"] }, {}],
    ["P2", { rowSecurity: ["shop.notes"] }, {}],
    ["P3", { largeObjects: { count: 2, unreadable: 1 } }, {}],
    ["P4", { role: { ...healthy.role, writesTables: 1 } }, {}],
    ["P5", { pooler: true }, {}],
    ["P6", { major: 17 }, { clientMajor: 16 }],
    ["P7", {}, { imageExtensions: ["hstore"] }],
    ["P8", { dataChecksums: false }, {}],
    ["P9", { unlogged: ["shop.sessions"] }, {}],
    ["P10", { loginRoles: ["app"] }, {}],
    ["P11", { standby: { ...standby, lag: ms(300_001) } }, {}],
    ["P11", { standby: { ...standby, lag: undefined } }, {}],
    ["P12", { standby: { ...standby, maxDelay: ms(3_599_999) } }, {}],
    ["P13", { locks: { relations: 3_201, slots: 6_400 } }, {}],
    ["P14", { withoutKey: ["shop.log"] }, {}],
  ];
  test.each(sick)("%s", (id, change, around) => {
    expect(checkDatabase({ ...healthy, ...change }, around).map((finding) => finding.id)).toEqual([id]);
  });

  test("no check goes without a sick database here", () => {
    expect(databaseChecks.map(({ id }) => id).filter((id) => !sick.some(([other]) => other === id))).toEqual([]);
  });
});

test("an extension that nothing needs is not missed", () => {
  expect(checkDatabase(healthy, { imageExtensions: [], withoutExtensions: ["postgis"] })).toEqual([]);
});

test("many names are cut short", () => {
  const [finding] = checkDatabase({ ...healthy, unlogged: ["a", "b", "c", "d", "e", "f", "g"] });
  expect(finding?.says).toBe("rows of a, b, c, d, e and 2 more are in no backup: unlogged tables are empty after a crash, too");
});

describe("the least grants", () => {
  test("since 14 one role reads all", () => {
    expect(grantsSql({ role: "backup", major: 14, schemas: ["shop"], create: true, rowSecurity: true })).toEqual([
      'create role "backup" login;',
      'grant pg_read_all_data to "backup";',
      'alter role "backup" bypassrls;',
      'alter role "backup" set default_transaction_read_only = on;',
    ]);
  });

  test("before, each schema is named", () => {
    expect(grantsSql({ role: 'a"b', major: 13, schemas: ["shop"] })).toEqual([
      'grant usage on schema "shop" to "a""b";',
      'grant select on all tables in schema "shop" to "a""b";',
      'grant select on all sequences in schema "shop" to "a""b";',
      'alter default privileges in schema "shop" grant select on tables to "a""b";',
      'alter default privileges in schema "shop" grant select on sequences to "a""b";',
      'alter role "a""b" set default_transaction_read_only = on;',
    ]);
  });
});
