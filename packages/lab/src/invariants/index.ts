import type { LabAccount } from "../account.ts";
import { verifiedBackupsStay } from "./a-verified-backup-always-stays.ts";
import { drillsStayApartAndGo, onlyOurInstancesAreDeleted } from "./drills-stay-apart-and-go.ts";
import { newestCopyStays } from "./newest-copy-stays.ts";
import { recordsAreWrittenOnce } from "./one-commit-record-a-backup.ts";

/** Every invariant of backups, over the account's own history. */
export const backupInvariants = [verifiedBackupsStay, drillsStayApartAndGo, onlyOurInstancesAreDeleted, newestCopyStays, recordsAreWrittenOnce] as const;

/** What was broken, one sentence each; empty: nothing. */
export const brokenInvariants = (lab: LabAccount): readonly string[] => backupInvariants.flatMap((holds) => holds(lab));
