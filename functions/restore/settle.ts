import type { RunStands } from "@nightshift/decide/backups/judge-run";
import { type EpochMs, minutes, since } from "@nightshift/model";
import { settleRun } from "@nightshift/runtime/settle-run";
import { runNameOf } from "./begin.ts";
import type { RestoreOutcome, RestoreReceipt, RestoreRun } from "./settings.ts";

const HOURS = 20;
const nothing = { into: undefined, steps: [], times: {}, compared: false } as const;

/** Waits for the new database or instance, has it compared where it can be, and says how to switch over. */
export async function settleRestore(run: RestoreRun, receipt: RestoreReceipt): Promise<RestoreOutcome> {
  const { begun, verdict } = receipt;
  if (begun.kind !== "done") return { ...nothing, kind: "failed", because: [begun.because] };
  const { order, way } = verdict;
  if (way.kind === "database") {
    const { stands } = await run.watch("wait for the restore", settleRun({ of: order.of, run: runNameOf(verdict), task: begun.value, hours: HOURS }));
    return ofDatabase(stands);
  }
  return ofInstance(run, receipt, { instance: way.instance, began: begun.at });
}

function ofDatabase(stands: RunStands): RestoreOutcome {
  switch (stands.kind) {
    case "going":
      return { ...nothing, kind: "failed", because: [`it was not restored within ${HOURS} hours; its task may still run`] };
    case "died":
      return { ...nothing, kind: "failed", because: [`the restore died: ${stands.because}`] };
    case "ended": {
      const { end } = stands;
      const { state, differences, restoredInto, times, steps = [] } = end;
      if (state !== "restored" || differences.length > 0)
        return {
          kind: "failed",
          because: [end.because ?? "what was restored is not what was backed up", ...differences],
          into: restoredInto,
          steps: [],
          times,
          compared: false,
        };
      return { kind: "restored", because: ["restored and compared without a difference"], into: restoredInto, steps, times, compared: true };
    }
  }
}

interface Made {
  readonly instance: string;
  readonly began: EpochMs;
}

/** A restore to an older moment cannot equal what runs now: that it is there, and answers, is what is verified; the rest is said as a step. */
async function ofInstance(run: RestoreRun, { verdict, safety }: RestoreReceipt, { instance, began }: Made): Promise<RestoreOutcome> {
  const stands = await run.watch<{ readonly status: string; readonly endpoint: string | undefined; readonly at: EpochMs }>(
    `wait until ${instance} is available`,
    {
      start: { status: "creating", endpoint: undefined, at: began },
      atMost: 600,
      every: () => minutes(1),
      look: async ({ databases, clock }, before) => {
        const found = await databases.instance(instance);
        return found === undefined ? before : { status: found.status, endpoint: found.endpoint, at: clock.now() };
      },
      blind: (state) => state,
      done: ({ status }) => status === "available" || status.startsWith("incompatible") || status === "failed",
    },
  );
  if (stands.status !== "available") return { ...nothing, kind: "failed", because: [`${instance} is ${stands.status}`], into: instance };
  const kept = safety?.kind === "done" ? ` What ran before is in the snapshot ${safety.value}.` : "";
  return {
    kind: "restored",
    because: [`${instance} is available`],
    into: stands.endpoint ?? instance,
    steps: [
      `Look into it before anything else: npx nightshift backup doctor --url postgres://USER:PASSWORD@${stands.endpoint ?? "HOST:PORT"}/DATABASE, and the rows that this is about.`,
      "Its blocks come from S3 at their first touch: read the large tables once (SELECT count(*)), or it is slow at first.",
      `Give it what a production instance has: aws rds modify-db-instance --db-instance-identifier ${instance} --multi-az --backup-retention-period 7 --deletion-protection --apply-immediately`,
      "Stop what writes: scale the services to 0, or put them into maintenance.",
      `Put its address into the secret that the services read (${verdict.order.of}), deploy them, and look whether they are well.`,
      `To go back: the old address, deployed again.${kept}`,
      `Nothing deletes it by itself. When nobody needs it: aws rds delete-db-instance --db-instance-identifier ${instance}`,
    ],
    times: { available: since(began, stands.at) },
    compared: false,
  };
}
