import type { LabAccount } from "../account.ts";

/** The newest copy of an instance in a second region is never deleted: without it the next copy is a whole one, and nothing lies there meanwhile (facts/backups.md 4). */
export const newestCopyStays = (lab: LabAccount): readonly string[] =>
  lab.history.flatMap((line) => {
    if (line.kind !== "world" || line.what !== "snapshot-deleted" || line.detail["region"] === lab.kernel.region) return [];
    return line.detail["newest"] === true ? [`${line.about} was deleted: it was the newest copy in ${String(line.detail["region"])}`] : [];
  });
