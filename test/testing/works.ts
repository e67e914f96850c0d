import { identity, record, serviceState, settingsFor, T0, worker } from "@nightshift/decide/fixtures";
import { canonicalPlan } from "@nightshift/decide/plan";
import { callsOf, planByHand, preconditionsOf } from "@nightshift/decide/manual-rollback";
import {
  type ControlState,
  ecsDeploymentId,
  type EpochMs,
  epochMs,
  minutes,
  serviceDeploymentArn,
  serviceName,
  serviceRevisionArn,
  type ServiceRevision,
  type ServiceState,
  type StoredPlan,
} from "@nightshift/model";
import type { Checkpoints } from "@nightshift/runtime";
import { prepareByHand } from "@nightshift/runtime/prepare-by-hand";
import { withLedger } from "./ledger.ts";
import { PortError } from "@nightshift/ports";
import { playManual } from "../../functions/guard/manual-play.ts";
import type { GuardWorld } from "../../functions/guard/settings.ts";

/** A worker service of which `:43` replaced `:42`, the ledger in memory, and an ECS that does as it is told. Tests only. */
export interface Works {
  now: EpochMs;
  state: ServiceState;
  readonly world: GuardWorld;
  readonly redeployed: string[];
  /** Tasks whose protection was taken back, call by call. */
  readonly unprotected: (readonly string[])[];
  unprotectFails: boolean;
  /** What was changed in ECS, in order. */
  readonly order: string[];
  readonly started: string[];
  /** Makes a plan as `/ops rollback` does; `change` may tamper with what is stored. */
  plan(change?: Partial<StoredPlan>): Promise<StoredPlan>;
  /** Says yes to it, as lead. */
  approve(plan: StoredPlan): Promise<void>;
  run(plan: string): ReturnType<typeof playManual>;
  control(change: (state: ControlState) => ControlState): Promise<void>;
}

const NAME = serviceName("shop-worker");
/** The group of the fixtures, with one worker. */
const settings = settingsFor({ ...worker("shop-worker"), scaled: true });

const revision = (number: number): ServiceRevision => ({
  arn: serviceRevisionArn(`revision/${number}`),
  identity: identity("shop-worker", number),
  createdAt: epochMs(T0 - (50 - number) * 86_400_000),
  labels: {},
});

/** Opens the works. */
export const works = (work: (it: Works) => Promise<void>): Promise<void> =>
  withLedger(async (ledger) => {
    const parts: Partial<GuardWorld> = { ...ledger, ...ecs(() => it) };
    const it: Works = {
      now: epochMs(T0 + minutes(20)),
      state: { ...serviceState("shop-worker"), targetGroups: [], running: 2 },
      world: parts as GuardWorld, // What a manual rollback never calls is missing, so that calling it fails loudly.
      redeployed: [],
      unprotected: [],
      unprotectFails: false,
      order: [],
      started: [],
      plan: (change) => storePlan(it, change),
      approve: async (plan) => {
        await it.world.approvals.answer(plan.id, plan.hash, "approved", "lead", it.now);
      },
      run: (plan) => playManual({ kind: "manual", plan, group: "shop" }, { groups: [settings], world: it.world, checkpoints: passing(it) }),
      control: async (change) => void (await it.world.control.replace(change(await it.world.control.read()))),
    };
    it.state = {
      ...it.state,
      deployments: it.state.deployments.filter((one) => one.status === "PRIMARY").map((one) => ({ ...one, rolloutState: "COMPLETED" as const })),
    };
    await ledger.revisions.see(record("shop-worker", 42, "good"));
    await ledger.revisions.see(record("shop-worker", 43, "candidate"));
    await work(it);
  });

async function storePlan(it: Works, change: Partial<StoredPlan> = {}): Promise<StoredPlan> {
  const looked = await prepareByHand(it.world, { settings, service: NAME, to: undefined, key: "test" });
  if (looked.kind === "refused") throw new Error(looked.because);
  const planned = planByHand(looked.prepared, looked.look, { settings, suffix: "test01" });
  if (planned.kind === "refused") throw new Error(planned.because);
  const { plan } = planned;
  const stored: StoredPlan = {
    id: plan.id,
    hash: canonicalPlan(plan),
    verb: "rollback",
    service: NAME,
    requester: "ana",
    incident: undefined,
    because: "the queue stands",
    madeAt: it.now,
    expiresAt: epochMs(it.now + minutes(10)),
    calls: callsOf(plan),
    preconditions: preconditionsOf(looked.look, looked.prepared),
    input: { group: "shop", plan: JSON.stringify(plan) },
  };
  await it.world.plans.keep({ ...stored, ...change });
  await it.world.approvals.ask({
    plan: plan.id,
    planHash: stored.hash,
    what: plan.steps.join("; "),
    because: stored.because,
    service: NAME,
    askedAt: it.now,
    expiresAt: stored.expiresAt,
    state: "pending",
    needs: { role: "operator", people: 1 },
    requester: "ana",
    incident: undefined,
    given: [],
    by: undefined,
    answeredAt: undefined,
    callbackId: undefined,
  });
  return stored;
}

/** Runs everything at once; every wait moves the clock. */
const passing = (it: Works): Checkpoints => ({
  once: (_, effect) => effect(),
  poll: async (_, start, look, next) => {
    let state = start;
    for (let looks = 1; looks < 500; looks++) {
      state = await look(state);
      const wait = next(state, looks);
      if (wait === "stop") return state;
      it.now = epochMs(it.now + wait);
    }
    return state;
  },
  awaitWord: () => Promise.reject(new Error("a manual rollback asks nobody")),
});

function ecs(
  it: () => Works,
): Pick<GuardWorld, "clock" | "services" | "taskDefinitions" | "targets" | "images" | "metrics" | "alarms" | "probes" | "rollbacks" | "scaling" | "starter"> {
  const running = () => (it().redeployed.length > 0 ? 42 : 43);
  const deployment = () => ({
    arn: it().state.currentDeployment ?? serviceDeploymentArn("none"),
    status: "SUCCESSFUL" as const,
    createdAt: epochMs(T0 - 90_000),
    finishedAt: epochMs(T0),
    source: [serviceRevisionArn("revision/42")],
    target: serviceRevisionArn("revision/43"),
    rollback: undefined,
    circuitBreaker: undefined,
    alarms: undefined,
  });
  return {
    clock: { now: () => it().now },
    services: {
      describe: async () => [it().state],
      deployment: async () => deployment(),
      recentDeployments: async () => [deployment()],
      revisions: async (arns) =>
        [42, 43]
          .map(revision)
          .filter((one) => arns.includes(one.arn))
          .toSorted((a, b) => arns.indexOf(a.arn) - arns.indexOf(b.arn)),
      tasks: async () => [
        {
          id: "task-1",
          startedBy: it().state.deployments[0]?.id ?? ecsDeploymentId("none"),
          taskDefinition: identity("shop-worker", running()).taskDefinition,
          digests: identity("shop-worker", running()).images.flatMap((image) => image.digest ?? []),
          lastStatus: "RUNNING",
          health: "HEALTHY",
          startedAt: it().now,
          stopped: undefined,
          ip: undefined,
          logs: [],
        },
      ],
    },
    taskDefinitions: { describe: async (arn) => ({ arn, active: true, pinned: true }) },
    targets: { health: async () => [] },
    images: { exists: async () => true },
    alarms: { describe: async () => [] },
    metrics: { read: async (queries) => queries.map(({ id }) => ({ id, points: [], complete: true })) },
    probes: { run: async ({ name }) => ({ name, ok: true, because: "200", took: 1 }) },
    starter: { start: async (automation) => void it().started.push(automation), wake: async () => {} },
    scaling: {
      setDesired: () => Promise.reject(new Error("a rollback changes no count")),
      protect: () => Promise.reject(new Error("a rollback protects nobody")),
      unprotect: async (_, tasks) => {
        if (it().unprotectFails) throw new PortError("denied", "ecs:UpdateTaskProtection", "shop-worker", "not authorised");
        it().unprotected.push(tasks);
        it().order.push("unprotect");
      },
    },
    rollbacks: {
      stopDeployment: async () => "too-late",
      registerPinned: async (found) => found.taskDefinition,
      redeploy: async (_, taskDefinition) => {
        const works = it();
        works.redeployed.push(taskDefinition);
        works.order.push("redeploy");
        const [first] = works.state.deployments;
        if (first === undefined) return;
        works.state = {
          ...works.state,
          taskDefinition,
          deployments: [{ ...first, id: ecsDeploymentId("ecs-svc/back"), taskDefinition, createdAt: works.now }],
        };
      },
    },
  };
}
