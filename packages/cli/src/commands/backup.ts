import type { Command } from "../frame/command.ts";
import type { Place } from "../place/place.ts";
import { backupAcknowledge } from "./backup-acknowledge.ts";
import { backupDoctor } from "./backup-doctor.ts";
import { backupDrill } from "./backup-drill.ts";
import { backupGrants } from "./backup-grants.ts";
import { backupList } from "./backup-list.ts";
import { backupProducts } from "./backup-nights.ts";
import { backupPlan } from "./backup-plan.ts";
import { backupReport } from "./backup-report.ts";
import { backupRestore } from "./backup-restore.ts";
import { backupRetention } from "./backup-retention.ts";
import { backupStatus } from "./backup-status.ts";
import { backupTake } from "./backup-take.ts";
import { backupVerify } from "./backup-verify.ts";

/** Everything that begins with `npx nightshift backup`. */
export const backupCommands = (place: Place): readonly Command[] => [
  backupRetention(place),
  backupTake(place),
  backupVerify(place),
  backupRestore(place),
  backupDrill(place),
  backupAcknowledge(place),
  backupStatus(place),
  backupReport(place),
  backupPlan(place),
  backupList(place),
  backupDoctor(place),
  backupGrants(place),
  backupProducts,
];
