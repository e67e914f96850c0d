import { guard } from "@nightshift/model/guards";
import type { World } from "@nightshift/ports";
import type { RunStands } from "@nightshift/decide/backups/judge-run";
import type { Run } from "./automation.ts";

/** A run of the runner that was waited for. */
export interface WaitedFor {
  readonly of: string;
  readonly run: string;
  readonly task: string;
  readonly stands: RunStands;
  /** `the comparison`. */
  readonly what: string;
  readonly hours: number;
}

/** Stops the task of a run that did not end in its hours: nobody waits for it any more, and it may hold a snapshot open on production. */
export async function stopIfGoing(run: Pick<Run<Pick<World, "runners">>, "mutate">, { of, run: name, task, stands, what, hours }: WaitedFor): Promise<void> {
  if (!guard("a run that takes too long is stopped", stands.kind === "going")) return;
  await run.mutate<"stopped">({
    name: `stop the run ${name}`,
    service: of,
    intent: { task },
    epoch: undefined,
    look: async ({ runners }) => ((await runners.look(task)).state === "stopped" ? { kind: "already", value: "stopped" } : { kind: "go" }),
    call: async ({ runners }) => {
      await runners.stop(task, `${what} took longer than ${hours} hours`);
      return "stopped";
    },
  });
}
