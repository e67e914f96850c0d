import { scalingFrom } from "@nightshift/aws/ecs-scaling";
import { answering } from "@nightshift/aws/testing/answering";
import { identity, settingsFor } from "@nightshift/decide/fixtures";
import { judgeRecovery } from "@nightshift/decide/verify";
import { type ControlState, ecsDeploymentId, emptyControl, epochMs, type MemberRecovery, minutes, type RecoveryMemory, serviceName } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { type Mutation, mutate, plainCheckpoints, type Ready, runIn } from "@nightshift/runtime";
import { type FakeNeeds, fakeNeeds } from "@nightshift/runtime/testing/fake-needs";
import type { GuardCase } from "./case.ts";

const leased: ControlState = {
  ...emptyControl,
  leases: [{ resource: "api", holder: "guard/shop/1", purpose: "rollback", epoch: 7, until: epochMs(2_000_000) }],
};

/** The kind of the error that the work ended with, if it did. */
async function failureOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof PortError ? error.kind : String(error);
  }
}

/** One effect: what looking says, time after time, then what the calls answer; what came of it. */
async function effect({ looks = [], answers = [] }: { looks?: readonly Ready<string>[]; answers?: readonly Error[] }) {
  const world = fakeNeeds();
  world.state = leased;
  const recorded: string[][] = [];
  let looked = 0;
  const mutation: Mutation<FakeNeeds, string> = {
    name: "roll api back",
    service: "api",
    intent: { to: "api:42" },
    epoch: 7,
    look: async () => looks[looked++] ?? { kind: "go" },
    call: async () => {
      const failure = answers[recorded.length];
      recorded.push(world.records.map((record) => record.kind));
      if (failure !== undefined) throw failure;
      return "accepted";
    },
  };
  const outcome = await mutate({ world, checkpoints: plainCheckpoints(), key: "guard/shop/1" }, mutation);
  return { outcome: outcome.kind, calls: recorded.length, recordedAtCall: recorded[0] ?? [], records: world.records.map((record) => record.kind) };
}

const timeout = new PortError("timeout", "ecs:UpdateService", "api", "socket hang up");
const denied = new PortError("denied", "ecs:UpdateService", "api", "no");
const lost = [timeout, timeout, timeout];
const go = { kind: "go" } as const;
const already = { kind: "already", value: "accepted" } as const;

const effects: readonly GuardCase[] = [
  { off: ["intent before the call"], promise: "what is sent is on record first", kept: async () => (await effect({})).recordedAtCall.includes("intent") },
  { off: ["outcome after the call"], promise: "what came of it is on record", kept: async () => (await effect({})).records.includes("outcome") },
  {
    off: ["world is as planned before the call"],
    promise: "another world than planned gets no call",
    kept: async () => (await effect({ looks: [{ kind: "refuse", because: "a newer deployment came" }] })).calls === 0,
  },
  { off: ["done already is not done again"], promise: "what stands is not done again", kept: async () => (await effect({ looks: [already] })).calls === 0 },
  {
    off: ["refusal is not repeated"],
    promise: "a call that was denied is made once",
    kept: async () => (await effect({ answers: [denied, denied, denied] })).calls === 1,
  },
  {
    off: ["lost answer is unknown"],
    promise: "a lost answer is not called a failure",
    kept: async () => (await effect({ answers: lost })).outcome === "unknown",
  },
  {
    off: ["lost answer is looked for"],
    promise: "what a lost call did is found",
    kept: async () => (await effect({ looks: [go, go, go, already], answers: lost })).outcome === "done",
  },
];

/** A word that was given to another plan of the same name. */
async function wordForAnotherPlan(): Promise<string> {
  const world = fakeNeeds();
  const asked = { plan: "p", planHash: "mine", what: "roll back", because: "5xx", service: "api", askFor: minutes(5) };
  const checkpoints = {
    ...plainCheckpoints(),
    awaitWord: async (_name: string, submit: (callbackId: string) => Promise<void>) => {
      await submit("callback");
      const row = world.rows.get("p");
      if (row !== undefined) world.rows.set("p", { ...row, planHash: "another", state: "approved", by: "ann" });
    },
  };
  return (await runIn(world, checkpoints, "guard/shop/1").consent(asked)).kind;
}

const service = serviceName("shop-api");
const restored: MemberRecovery = {
  service,
  trafficAt: epochMs(2),
  steadyAt: epochMs(2),
  digestsVerified: true,
  clear: true,
  overtakenBy: undefined,
  failedBecause: undefined,
  says: undefined,
};
function recovery(over: Partial<MemberRecovery>): ReturnType<typeof judgeRecovery> {
  const memory: RecoveryMemory = {
    plan: {
      id: "p",
      group: "shop",
      steps: [],
      members: [
        {
          how: "redeploy",
          service,
          cluster: "prod",
          expectDeployment: ecsDeploymentId("ecs-svc/43"),
          from: identity("shop-api", 43),
          to: identity("shop-api", 42),
          taskDefinition: undefined,
        },
      ],
    },
    startedAt: epochMs(1),
    looks: 3,
    lastAt: epochMs(3),
    trafficRestoredAt: epochMs(2),
    steadyAt: epochMs(2),
    members: [{ ...restored, ...over }],
  };
  return judgeRecovery(memory, settingsFor());
}

const endings: readonly GuardCase[] = [
  { off: ["approval is for this very plan"], promise: "a word for another plan is no word", kept: async () => (await wordForAnotherPlan()) === "timed-out" },
  { off: ["bytes are verified"], promise: "other bytes are not restored", kept: () => recovery({ digestsVerified: false }) !== "restored" },
  { off: ["trigger is clear"], promise: "what still breaches is not restored", kept: () => recovery({ clear: false }) !== "restored" },
  { off: ["overtaken rollback"], promise: "what was overtaken is not restored", kept: () => recovery({ overtakenBy: "api:44" }) === "overtaken" },
  { off: ["ECS's own failure"], promise: "what ECS calls failed is not restored", kept: () => recovery({ failedBecause: "no" }) === "failed" },
];

const protection: GuardCase = {
  off: ["protection is confirmed"],
  promise: "a task that ECS did not tell as protected counts as bare",
  kept: async () => {
    const { reach } = answering({ UpdateTaskProtection: () => ({ protectedTasks: [], failures: [] }) });
    return (
      (await failureOf(() => scalingFrom(reach).protect({ cluster: "shop", service: serviceName("worker") }, ["arn:task/1"], minutes(5)))) === "unavailable"
    );
  },
};

export const effectGuards: readonly GuardCase[] = [...effects, ...endings, protection];
