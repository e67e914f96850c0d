import { type Resolved, resolveChecked } from "@nightshift/config";
import { epochMs } from "@nightshift/model";
import type { guard } from "../../../../functions/guard/automation.ts";
import type { scaler } from "../../../../functions/scaler/automation.ts";
import { type AccountSettings, createAccount } from "../account.ts";
import { type Installed, installNightshift } from "../install.ts";
import type { SlackWorkspace } from "../slack/workspace.ts";
import { LabWorld } from "../world/index.ts";
import type { Scenario } from "./scenario.ts";
import { Stage } from "./stage.ts";

/** What may differ from the scenario's own account. */
export interface Beginning extends Partial<Pick<AccountSettings, "faults" | "tap" | "delivery">> {
  readonly seed: number;
  /** A broken guard in place of the real one: shows that the checkers see what it does. */
  readonly plays?: typeof guard | undefined;
  /** A broken scaler in place of the real one. */
  readonly scales?: typeof scaler | undefined;
}

/** A Monday morning in March: what every story starts at, so that times in threads are the same for every seed. */
const START = epochMs(Date.UTC(2026, 2, 16, 3, 0, 0));

/** The account before the story: its world is built and Nightshift is installed; the plot has not begun. The adapters must be loaded (`loadAdapters`). */
export function beginScenario(scenario: Scenario, { seed, plays, scales, ...rough }: Beginning): { readonly stage: Stage; readonly installed: Installed } {
  const lab = createAccount({ seed, startAt: START, ...scenario.account, ...rough });
  const world = new LabWorld(lab.kernel, scenario.world);
  let installed: Installed | undefined;
  const stage = new Stage(lab, world, () => {
    if (installed === undefined) throw new Error("nobody can act before Nightshift is installed");
    return installed;
  });
  const config = resolveChecked(scenario.before(stage));
  introduceTo(lab.slack, config);
  installed = installNightshift(lab, world, { config, plays, scales });
  return { stage, installed };
}

/** The people and channels of the config, as a workspace would know them. */
function introduceTo(slack: SlackWorkspace, { people, incidents }: Resolved): void {
  const { ops, incidents: main, byService } = incidents.channels;
  const named = [[ops, "ops"], [main, "incidents"], ...Object.entries(byService).map(([service, id]) => [id, service])] as const;
  const channels = named.flatMap(([id, name]) => (id === undefined || name === undefined ? [] : [{ id, name }]));
  slack.introduce({
    users: people.flatMap(({ name, slack: id }) => (id === undefined ? [] : [{ id, name }])),
    channels: channels.filter(({ id }, i) => channels.findLastIndex((one) => one.id === id) === i),
  });
}
