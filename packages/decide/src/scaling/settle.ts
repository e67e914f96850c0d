import { guard } from "@nightshift/model/guards";
import { type Draining, type Lowering, seconds, since } from "@nightshift/model";
import type { Concern } from "./attention.ts";
import { wrongVictim } from "./concerns.ts";
import type { Outlook } from "./outlook.ts";

/** What became of a scale-in that was sent. */
export type Settled =
  | { readonly kind: "nothing" }
  /** ECS has not stopped all victims yet, or tasks were not read. */
  | { readonly kind: "waiting" }
  | { readonly kind: "proven"; readonly lowering: Lowering }
  /** Another task went, or a victim stayed. */
  /** The count was raised before ECS stopped them, which then had no reason to: they are workers again, and nothing went wrong. */
  | { readonly kind: "kept"; readonly lowering: Lowering; readonly stayed: readonly string[] }
  | { readonly kind: "wrong"; readonly lowering: Lowering; readonly says: string; readonly stayed: readonly string[] };

/** Looks whether those that were drained are those that stopped (style rule 12). */
export function proveLowering(o: Outlook): Settled {
  const { lowering } = o.state;
  if (lowering === undefined) return { kind: "nothing" };
  const { stopped } = o.fleet;
  const tasks = o.fleet.followed ?? o.fleet.tasks;
  if (tasks === undefined) return { kind: "waiting" };
  const stayed = lowering.victims.filter((arn) => tasks.some((task) => task.arn === arn && task.status === "running"));
  const cut = (stopped ?? []).filter(({ arn, reason, at }) => at >= lowering.at && lowering.protectedTasks.includes(arn) && SCALED_IN.test(reason));
  if (cut.length > 0)
    return { kind: "wrong", lowering, stayed, says: `ECS stopped ${nameOf(cut[0]?.arn ?? "")} instead of a drained worker, although it was protected` };
  if (stayed.length === 0) return { kind: "proven", lowering };
  if (o.fleet.desired > lowering.to && o.fleet.desired >= o.fleet.running && since(lowering.at, o.at) > CHOSEN) return { kind: "kept", lowering, stayed };
  if (since(lowering.at, o.at) <= LONGEST) return { kind: "waiting" };
  return {
    kind: "wrong",
    lowering,
    stayed,
    says: `${nameOf(stayed[0] ?? "")} was drained and should have stopped, and still runs ${Math.round(LONGEST / 1_000)} s later`,
  };
}

/**
 * ECS gives tasks that it stops to reach a lower count the reason "Scaling activity initiated by (deployment …)"; their stop code is
 * shared with tasks that failed their load balancer's checks, so that the text must tell them apart. Checking stopped tasks for errors,
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-errors.html (its source lists the reasons), 2026-11-21. The
 * same reason stands at tasks that a finished deployment replaced.
 */
const SCALED_IN = /scaling activity/i;

/** SIGTERM to an empty worker and SIGKILL at Fargate's longest stop timeout, 120 s, and what ECS needs to begin. */
const LONGEST = seconds(180);

/** Whom ECS stops it has chosen by then, and shows as stopping. */
const CHOSEN = seconds(25);

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1) || arn;

/** The drain book after a scale-in was looked at. */
export interface Cleared {
  readonly draining: readonly Draining[];
  readonly lowering: Lowering | undefined;
  readonly undrain: readonly string[];
  readonly unprotect: readonly string[];
  readonly concerns: readonly Concern[];
  readonly because: readonly string[];
  /** A scale-in ended at this look. */
  readonly done: boolean;
  /** Victims that stayed although the count was lowered: unless they count again before the others are unprotected, ECS stops somebody else. */
  readonly back: number;
}

/** Closes a scale-in that is proven or went wrong: nobody stays protected, and a victim that stayed takes work again. */
export function clearLowering(o: Outlook, rows: readonly Draining[], settled: Settled): Cleared {
  const open = {
    draining: rows,
    lowering: o.state.lowering,
    undrain: [],
    unprotect: [],
    concerns: [],
    because: ["nothing needs to change"],
    done: false,
    back: 0,
  } as const;
  switch (settled.kind) {
    case "nothing":
      return open;
    case "waiting":
      return { ...open, because: ["the drained workers are stopping"] };
    case "proven":
    case "kept":
    case "wrong":
      break;
  }
  const { lowering } = settled;
  const stayed = settled.kind === "proven" ? [] : settled.stayed;
  const left = rows.filter(({ task }) => !lowering.victims.includes(task));
  const undrain = rows.filter(({ task }) => stayed.includes(task)).map(({ worker }) => worker);
  const says =
    settled.kind === "wrong"
      ? settled.says
      : settled.kind === "kept"
        ? "the count was raised before the drained workers were stopped: they take work again"
        : lowering.victims.length === 0
          ? "a scale-in that was not sent is given up: nobody stays protected for it"
          : `the ${lowering.victims.length} drained ${lowering.victims.length === 1 ? "worker has" : "workers have"} stopped, and nobody else`;
  return {
    draining: left,
    lowering: undefined,
    undrain,
    unprotect: lowering.protectedTasks,
    concerns: settled.kind === "wrong" && guard("wrong victim is told") ? [wrongVictim(settled.says)] : [],
    because: [says],
    done: true,
    back: guard("victims that stayed count again", stayed.length > 0) ? Math.min(stayed.length, Math.max(0, lowering.from - o.fleet.desired)) : 0,
  };
}
