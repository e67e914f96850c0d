import { readRunbook } from "@nightshift/decide/doctor/runbook/text";
import type { Finding } from "@nightshift/model";

/** Steps of a runbook that lose backups, each with the line that mends it; ids never change meaning. */
const steps: readonly (Omit<Finding, "about" | "line"> & { readonly when: (text: string) => boolean })[] = [
  {
    id: "B1",
    severity: "danger",
    when: (text) => /\baws\s+s3\s+sync\b/.test(text) && /\s--delete\b/.test(text),
    says: "`aws s3 sync --delete` mirrors deletions: what is deleted by mistake is deleted in the backup, too",
    remedy:
      "leave out --delete, and switch versioning on in the destination: aws s3api put-bucket-versioning --bucket NAME --versioning-configuration Status=Enabled",
  },
  {
    id: "B2",
    severity: "danger",
    when: (text) => /\bpg_dump(all)?\b[^|#]*\|/.test(text) && !/pipefail/.test(text),
    says: "`pg_dump | …` ends well although pg_dump failed: the pipe's exit code is that of its last program, and an empty file looks like a backup",
    remedy: "begin the script with set -o pipefail; or npx nightshift backup take --prove, which counts nothing that was not restored",
  },
  {
    id: "B3",
    severity: "warning",
    when: (text) => /\bpg_restore\b.*(\s-l\b|\s--list\b)/.test(text),
    says: "`pg_restore --list` reads the table of contents only: of 740 damaged archives it saw none (our measurement, facts/backups.md 3.4)",
    remedy: "npx nightshift backup verify ID: restores it, and compares every row",
  },
  {
    id: "B4",
    severity: "danger",
    when: (text) => /\brds\s+modify-db-instance\b/.test(text) && /--backup-retention-period(=|\s+)0\b/.test(text),
    says: "retention 0 deletes every automated backup at once, and going from 0 to another number and back stops the instance for a while",
    remedy: "keep at least 7: --backup-retention-period 7",
  },
  {
    id: "B5",
    severity: "danger",
    when: (text) => /\brds\s+delete-db-instance\b/.test(text) && /--skip-final-snapshot\b/.test(text) && /--delete-automated-backups\b/.test(text),
    says: "the instance, its last snapshot and its automated backups go in one step",
    remedy: "leave out --skip-final-snapshot: --final-db-snapshot-identifier NAME",
  },
  {
    id: "B6",
    severity: "danger",
    when: (text) => /\bpg_restore\b/.test(text) && /(\s-c\b|\s--clean\b)/.test(text),
    says: "`pg_restore --clean` drops what runs before anybody knows whether the backup restores",
    remedy: "restore into a new database, compare, then rename: npx nightshift backup restore ID --into URL prints the steps",
  },
];

/** What in a team's runbook would lose a backup. */
export function findInRunbook(text: string, file: string): readonly Finding[] {
  // A script says `set -o pipefail` once, for all of its lines.
  const piped = /pipefail/.test(text);
  return readRunbook(text).lines.flatMap(({ text: line, line: number }) =>
    steps.filter(({ id, when }) => when(line) && !(id === "B2" && piped)).map(({ when: _, ...step }) => ({ ...step, about: file, line: number })),
  );
}
