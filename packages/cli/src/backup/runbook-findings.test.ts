import { expect, test } from "vitest";
import { findInRunbook } from "./runbook-findings.ts";

const ids = (text: string): readonly string[] => findInRunbook(text, "backup.md").map(({ id, line }) => `${id}:${line}`);

test("each step that loses backups is named with its line, and its mended form is not", () => {
  expect(ids("# Media\naws s3 sync s3://media s3://media-backup --delete")).toEqual(["B1:2"]);
  expect(ids("aws s3 sync s3://media s3://media-backup")).toEqual([]);
  expect(ids('pg_dump "$URL" | gzip > backup.gz')).toEqual(["B2:1"]);
  expect(ids('set -o pipefail\npg_dump "$URL" | gzip > backup.gz')).toEqual([]);
  expect(ids('pg_dump "$URL" -f backup.sql')).toEqual([]);
  expect(ids("pg_restore --list backup.dump > /dev/null && echo OK")).toEqual(["B3:1"]);
  expect(ids("aws rds modify-db-instance --db-instance-identifier shop \\\n  --backup-retention-period 0")).toEqual(["B4:1"]);
  expect(ids("aws rds modify-db-instance --db-instance-identifier shop --backup-retention-period 07")).toEqual([]);
  expect(ids("aws rds delete-db-instance --db-instance-identifier old --skip-final-snapshot --delete-automated-backups")).toEqual(["B5:1"]);
  expect(ids("aws rds delete-db-instance --db-instance-identifier old --skip-final-snapshot")).toEqual([]);
  expect(ids("pg_restore --clean --if-exists -d shop backup.dump")).toEqual(["B6:1"]);
  expect(ids("pg_restore -d shop_new backup.dump")).toEqual([]);
});
