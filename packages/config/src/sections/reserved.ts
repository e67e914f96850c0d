/** A setting that the design knows and no issue has delivered yet: refused by name, so that nobody relies on it (decision 7). */
export interface Reserved {
  /** Where it would stand: `top` level, or in a `service`. */
  readonly at: "top" | "service";
  readonly key: string;
  readonly arrives: string;
}

const top = (arrives: string, ...keys: readonly string[]): readonly Reserved[] => keys.map((key) => ({ at: "top", key, arrives }));
const service = (arrives: string, ...keys: readonly string[]): readonly Reserved[] => keys.map((key) => ({ at: "service", key, arrives }));

/** What people look for in the config and is no setting: what to do instead. */
export const noSetting: readonly { readonly at: Reserved["at"]; readonly key: string; readonly remedy: string }[] = [
  // Only the pipeline knows when a migration comes; a setting would promise a snapshot that a deployment by hand does not wait for.
  { at: "service", key: "snapshot", remedy: "let the pipeline ask before it deploys: npx nightshift gate deploy SERVICE --snapshot; remove it here" },
];

/** An issue that delivers one of these removes its line and adds a section. */
export const reserved: readonly Reserved[] = [
  ...top("capacity reports (W9)", "capacity"),
  ...top("deployment windows and freezes (R13)", "freezes", "deployWindows", "gates"),
  ...top("alarms and dashboards (H1–H4)", "alarms", "dashboards", "healthChecks", "slo"),
  ...top("Lambda and CodeDeploy rollback (R4, R5)", "lambdas", "functions", "codeDeploy"),
  ...top("Kubernetes and Compose rollback (R14, R15)", "kubernetes", "compose"),
  ...service("blue/green rollback (R2)", "blueGreen", "strategy", "bakeTime"),
  ...service("canary steps (R3)", "canary", "steps"),
  ...service("CodeDeploy rollback (R4)", "codeDeploy"),
  ...service("deployment windows and freezes (R13)", "deployWindows", "freeze", "approval"),
];
