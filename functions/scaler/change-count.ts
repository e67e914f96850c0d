import { minutes, type ScalingVerdict } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { Mutation, MutationOutcome, Ready } from "@nightshift/runtime";
import type { ScalerFacts } from "./decide-look.ts";
import { refOf, type ScalerRun, type ScalerWorld } from "./settings.ts";

/** Longer than the looks that prove a scale-in take, and short enough that tasks which nobody unprotects after a crash do not block a deployment for long. */
const PROTECT_FOR = minutes(10);

/** What became of the count and the protections. */
export interface CountChange {
  /** Undefined: neither was to be changed. */
  readonly outcome: MutationOutcome<unknown> | undefined;
  /** Tasks that may be protected still, though nothing was lowered for them: they are known, so that the next look or a rollback frees them. */
  readonly bound: readonly string[];
}

/** Protects, changes the count, unprotects: each one change of production of its own, under the service's lease. */
export async function changeCount(run: ScalerRun, verdict: ScalingVerdict, facts: ScalerFacts): Promise<CountChange> {
  const { worker, budgets, control, observation } = facts;
  const { fleet } = observation;
  const from = fleet.ok ? fleet.value.desired : undefined;
  const moves = from !== undefined && from !== verdict.desired;
  if (!moves && verdict.protect.length === 0 && verdict.unprotect.length === 0) return { outcome: undefined, bound: [] };
  const { service, group } = worker;
  const request = { holder: run.key, group, services: [service], kind: "scale" as const, mutations: 1, approved: false };
  const grant = await run.acquire(request, budgets, control);
  if (grant.kind === "refused") return { outcome: { kind: "refused", because: grant.because, at: observation.at }, bound: [] };
  const { epoch } = grant;

  if (verdict.protect.length > 0) {
    const protection = await run.mutate(protect(verdict, facts, epoch));
    // Only a protection that stands lets the count fall: ECS chooses whom it stops. Some of them may be protected all the same.
    if (protection.kind !== "done" && guard("others are protected before the count falls"))
      return { outcome: { ...protection, kind: protection.kind === "refused" ? "refused" : "failed" }, bound: [...verdict.unprotect, ...verdict.protect] };
  }
  const changed = moves ? await run.mutate(setDesired(verdict, facts, { epoch, from })) : undefined;
  const refused = changed !== undefined && changed.kind !== "done" && changed.kind !== "unknown";
  // Who should have stopped and did not must count again before the others are free to be stopped.
  if (from !== undefined && verdict.desired > from && guard("victims that stayed count again", changed?.kind !== "done"))
    return { outcome: changed, bound: [] };
  const free = refused ? [...verdict.unprotect, ...verdict.protect] : verdict.unprotect;
  if (free.length === 0) return { outcome: changed, bound: [] };
  const freed = await run.mutate(unprotect(free, facts, epoch));
  return { outcome: changed ?? freed, bound: freed.kind === "done" ? [] : free };
}

const protect = ({ protect: tasks }: ScalingVerdict, { worker }: ScalerFacts, epoch: number): Mutation<ScalerWorld, "protected"> => ({
  name: `protect ${tasks.length} tasks of ${worker.service}`,
  service: worker.service,
  intent: { tasks, minutes: PROTECT_FOR / minutes(1) },
  epoch,
  look: async () => ({ kind: "go" }),
  call: async (world) => {
    await world.scaling.protect(refOf(worker), tasks, PROTECT_FOR);
    return "protected";
  },
});

const unprotect = (tasks: readonly string[], { worker }: ScalerFacts, epoch: number): Mutation<ScalerWorld, "free"> => ({
  name: `take back the protection of ${tasks.length} tasks of ${worker.service}`,
  service: worker.service,
  intent: { tasks },
  epoch,
  look: async () => ({ kind: "go" }),
  call: async (world) => {
    await world.scaling.unprotect(refOf(worker), tasks);
    return "free";
  },
});

interface Change {
  readonly epoch: number;
  readonly from: number;
}

function setDesired(verdict: ScalingVerdict, { worker }: ScalerFacts, { epoch, from }: Change): Mutation<ScalerWorld, "set"> {
  const { desired: to, because, protect: protects } = verdict;
  const victims = verdict.state.lowering?.victims ?? [];
  return {
    name: `set ${worker.service} from ${from} to ${to} workers`,
    service: worker.service,
    intent: { from, to, because: because.slice(0, 3), ...(to < from ? { victims, protects } : {}) },
    epoch,
    look: async (world): Promise<Ready<"set">> => {
      const [now] = await world.fleets.describe([refOf(worker)]);
      if (now === undefined) return { kind: "refuse", because: `ECS does not describe ${worker.service} any more` };
      if (now.desired === to) return { kind: "already", value: "set" };
      if (guard("count is as it was seen", now.desired !== from))
        return { kind: "refuse", because: `somebody set ${worker.service} to ${now.desired} meanwhile; it was ${from}` };
      if (to < from && guard("no scale-in during a deployment", now.deploying !== undefined))
        return { kind: "refuse", because: `${worker.service} is being deployed: ${now.deploying ?? ""}` };
      return { kind: "go" };
    },
    call: async (world) => {
      await world.scaling.setDesired(refOf(worker), to);
      return "set";
    },
  };
}
