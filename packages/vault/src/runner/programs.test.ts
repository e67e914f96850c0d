import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { findPrograms, majorOf, toTake } from "./programs.ts";

test("the major version is read from what a program says of itself", () => {
  expect(majorOf("pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)")).toBe(15);
  expect(majorOf("initdb (PostgreSQL) 17.11")).toBe(17);
  expect(majorOf("pg_dump: command not found")).toBeUndefined();
});

test("programs of another major version are refused with the package's name", async () => {
  const bin = await mkdtemp(path.join(tmpdir(), "nightshift-programs-"));
  for (const name of toTake) {
    await writeFile(path.join(bin, name), `#!/bin/sh\necho "${name} (PostgreSQL) 15.3"\n`);
    await chmod(path.join(bin, name), 0o755);
  }
  expect(await findPrograms({ major: 15, needs: toTake, bin, path: "" })).toEqual({ major: 15, bin, said: "pg_dump (PostgreSQL) 15.3" });
  await expect(findPrograms({ major: 99, needs: toTake, bin, path: "" })).rejects.toThrow(
    "pg_dump of PostgreSQL 99 is not installed here (found: pg_dump (PostgreSQL) 15.3): install the package postgresql-client-99",
  );
  await rm(bin, { recursive: true });
});

test("where nothing is installed the server's package is named for a proof", async () => {
  await expect(findPrograms({ major: 98, needs: ["initdb"], path: "" })).rejects.toThrow(
    "initdb of PostgreSQL 98 is not installed here: install the package postgresql-98, then",
  );
});
