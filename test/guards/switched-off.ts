import { withoutGuards } from "@nightshift/lab/guards/switch";
import { backupAdapterGuards } from "./backup-adapters.ts";
import { backupAskedGuards } from "./backup-asked.ts";
import { backupAutomationGuards } from "./backup-automations.ts";
import { backupDecisionGuards } from "./backup-decisions.ts";
import { backupDrillGuards } from "./backup-drills.ts";
import { backupRunnerGuards } from "./backup-runner.ts";
import { backupStoreGuards } from "./backup-store.ts";
import type { GuardCase } from "./case.ts";
import { commandGuards } from "./commands.ts";
import { decisionGuards } from "./decisions.ts";
import { deliveryGuards } from "./delivery.ts";
import { doorGuards } from "./door.ts";
import { effectGuards } from "./effects.ts";
import { incidentGuards } from "./incidents.ts";
import { ledgerGuards } from "./ledger.ts";
import { retentionGuards } from "./retention.ts";
import { roomGuards } from "./rooms.ts";
import { scalingGuards } from "./scaling.ts";
import { scenarioGuards } from "./scenarios.ts";

/** Run with `node --conditions=nightshift-lab`: asks each promise with its guards and without them; one line of JSON each. */
const cases: readonly GuardCase[] = [
  ...decisionGuards,
  ...effectGuards,
  ...ledgerGuards,
  ...scalingGuards,
  ...scenarioGuards,
  ...incidentGuards,
  ...roomGuards,
  ...retentionGuards,
  ...deliveryGuards,
  ...commandGuards,
  ...doorGuards,
  ...backupAdapterGuards,
  ...backupDecisionGuards,
  ...backupDrillGuards,
  ...backupAutomationGuards,
  ...backupAskedGuards,
  ...backupStoreGuards,
  ...backupRunnerGuards,
];
for (const { off, promise, kept } of cases) {
  const withThem = await kept();
  const without = await withoutGuards(off, kept);
  const again = await kept();
  console.log(JSON.stringify({ guard: off.join(" + "), promise, kept: [withThem, without, again] }));
}
