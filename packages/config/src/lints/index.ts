import type { Findings } from "../section.ts";
import type { ParsedConfig } from "../sections/index.ts";
import { lintBackedUp, lintBackups, lintMedia, lintRunner, lintTables, lintZone } from "./backups.ts";
import { lintCopies, lintDatabases, lintInstances } from "./databases.ts";
import { lintGroups, lintNames } from "./groups.ts";
import { lintAlarmRules, lintCircles, lintMaintenance, lintNamed } from "./incidents.ts";
import { lintOnCall } from "./on-call.ts";
import { lintBudgets, lintPeople, lintSlack } from "./people.ts";
import { lintPlaces, lintServices } from "./services.ts";
import { lintTriggers } from "./triggers.ts";
import { lintExpected, lintRules } from "./worker-rules.ts";
import { lintBrokers, lintNetwork, lintQueues, lintWorkers } from "./workers.ts";

/** What checks over several settings look at: a config whose single values are right, or were replaced by defaults. */
export type LintedConfig = Omit<ParsedConfig, "product" | "heartbeatUrl">;

/** Every check over several settings. A new automation adds its own here. */
export const lints: readonly ((config: LintedConfig, findings: Findings) => void)[] = [
  lintNames,
  lintGroups,
  lintServices,
  lintTriggers,
  lintPlaces,
  lintPeople,
  lintSlack,
  lintOnCall,
  lintNamed,
  lintCircles,
  lintAlarmRules,
  lintMaintenance,
  lintBudgets,
  lintWorkers,
  lintQueues,
  lintBrokers,
  lintNetwork,
  lintRules,
  lintExpected,
  lintDatabases,
  lintInstances,
  lintCopies,
  lintBackedUp,
  lintTables,
  lintMedia,
  lintZone,
  lintRunner,
  lintBackups,
];
