import type { RestoreRoleFacts } from "@nightshift/model";
import { expect, test } from "vitest";
import { restoreGrantsSql } from "./postgres-grants.ts";
import { checkRestoreConfig, checkRestoreRole, restoreChecks } from "./restore-doctor.ts";

const well: RestoreRoleFacts = {
  database: "shop",
  major: 17,
  name: "restorer",
  superuser: false,
  createsDatabases: true,
  createsRoles: false,
  replicates: false,
  readOnly: false,
  owners: [{ name: "app", rules: false, member: true }],
  untrusted: [],
  rowSecurity: false,
};

test.each([
  ["P15", { createsDatabases: false }],
  ["P15", { readOnly: true }],
  ["P16", { owners: [{ name: "app", rules: false, member: false }] }],
  ["P16", { owners: [{ name: "postgres", rules: true, member: false }] }],
  ["P17", { createsRoles: true }],
  ["P17", { replicates: true }],
  ["P17", { superuser: true, createsDatabases: false, untrusted: ["postgis"] }],
  ["P18", { untrusted: ["postgis"] }],
] as const)("%s finds %j, and nothing else does", (id, sick) => {
  expect(checkRestoreRole({ ...well, ...sick }).map((finding) => finding.id)).toEqual([id]);
});

test("a role that can restore and no more is left alone, and each check was tried", () => {
  expect(checkRestoreRole(well)).toEqual([]);
  expect(restoreChecks.map(({ id }) => id)).toEqual(["P15", "P16", "P17", "P18"]);
});

test("what a role lacks comes with the SQL that mends it", () => {
  const [finding] = checkRestoreRole({ ...well, owners: [{ name: "app", rules: false, member: false }] });
  expect(finding?.remedy).toContain('grant "app" to "restorer" with inherit true, set true;');
});

test("a config whose dumps nobody could restore from Slack is told; where there is no instance it is not", () => {
  expect(checkRestoreConfig({ name: "shop", instance: "shop-prod", restoreUrl: undefined }).map(({ id }) => id)).toEqual(["P19"]);
  expect(checkRestoreConfig({ name: "shop", instance: "shop-prod", restoreUrl: "ShopRestore" })).toEqual([]);
  expect(checkRestoreConfig({ name: "shop", instance: undefined })).toEqual([]);
});

test("an owner that rules the server is never granted, whatever it is called", () => {
  const sql = restoreGrantsSql({
    role: "restorer",
    major: 15,
    owners: [
      { name: "app", rules: false },
      { name: "root\ndrop table x;", rules: true },
    ],
    create: true,
  });
  expect(sql).toEqual([
    'create role "restorer" login inherit createdb nocreaterole;',
    'grant pg_read_all_data to "restorer";',
    'grant "app" to "restorer";',
    expect.stringMatching(/^-- root drop table x; owns something and rules the server[^\n]*$/),
  ]);
});
