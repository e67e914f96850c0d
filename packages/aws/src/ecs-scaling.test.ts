import { minutes, ms, serviceName } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { scalingFrom } from "./ecs-scaling.ts";
import { answering } from "./testing/answering.ts";

const ref = { cluster: "shop", service: serviceName("worker") };
const arn = (n: number): string => `arn:aws:ecs:eu-central-1:123456789012:task/shop/${n}`;
const tasks = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => arn(n));

type Input = { readonly tasks: readonly string[]; readonly protectionEnabled: boolean; readonly expiresInMinutes?: number };
/** An account that does as it is told, but for these failures. */
const obedient = (failures: Readonly<Record<string, { readonly reason: string; readonly detail?: string }>> = {}) =>
  answering({
    UpdateService: () => ({}),
    UpdateTaskProtection: ({ tasks: asked, protectionEnabled }: Input) => ({
      protectedTasks: asked.filter((one) => failures[one] === undefined).map((taskArn) => ({ taskArn, protectionEnabled })),
      failures: asked.filter((one) => failures[one] !== undefined).map((one) => ({ arn: one, ...failures[one] })),
    }),
  });

describe("the desired count", () => {
  it("is sent with cluster and service, and nothing else", async () => {
    const { reach, sent } = obedient();
    await scalingFrom(reach).setDesired(ref, 0);
    expect(sent).toEqual([{ operation: "UpdateService", input: { cluster: "shop", service: "worker", desiredCount: 0 } }]);
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("of %d is refused before it is sent", async (desired) => {
    const { reach, sent } = obedient();
    await expect(scalingFrom(reach).setDesired(ref, desired)).rejects.toMatchObject({ kind: "invalid" });
    expect(sent).toEqual([]);
  });
});

describe("protection", () => {
  it.each([
    [0, []],
    [10, [10]],
    [11, [10, 1]],
    [25, [10, 10, 5]],
  ])("of %i tasks is asked for ten at a time", async (count, groups) => {
    const { reach, sent } = obedient();
    await scalingFrom(reach).protect(ref, tasks(count), minutes(5));
    // Commands of one kind were sent.
    expect(sent.map(({ input }) => (input as Input).tasks.length)).toEqual(groups);
  });

  it.each([
    [1, 1],
    [60_000, 1],
    [60_001, 2],
    [minutes(2_880), 2_880],
    [minutes(2_881), 2_880],
  ])("for %i ms lasts %i minutes: rounded up, within what ECS takes", async (length, expected) => {
    const { reach, sent } = obedient();
    await scalingFrom(reach).protect(ref, [arn(1)], ms(length));
    expect(sent).toEqual([
      { operation: "UpdateTaskProtection", input: { cluster: "shop", tasks: [arn(1)], protectionEnabled: true, expiresInMinutes: expected } },
    ]);
  });

  it.each([
    ["MISSING", "not-found"],
    ["TASK_NOT_VALID", "not-found"],
    ["DEPLOYMENT_BLOCKED", "conflict"],
    ["SOMETHING_NEW", "unavailable"],
  ])("that ECS refuses with %s is an error of kind %s that names the task and the reason", async (reason, kind) => {
    const { reach } = obedient({ [arn(2)]: { reason, detail: "as it is" } });
    await expect(scalingFrom(reach).protect(ref, tasks(3), minutes(5))).rejects.toMatchObject({
      kind,
      operation: "ecs:UpdateTaskProtection",
      on: "shop/worker",
      message: `ecs:UpdateTaskProtection on shop/worker: not protected: 2 ${reason} as it is`,
    });
  });

  it("of one that is gone and one that is blocked is a conflict", async () => {
    const { reach } = obedient({ [arn(0)]: { reason: "MISSING" }, [arn(1)]: { reason: "DEPLOYMENT_BLOCKED" } });
    await expect(scalingFrom(reach).protect(ref, tasks(2), minutes(5))).rejects.toMatchObject({ kind: "conflict" });
  });

  it("that ECS did not tell of counts as none", async () => {
    const { reach } = answering({ UpdateTaskProtection: () => ({ protectedTasks: [{ taskArn: arn(0), protectionEnabled: true }], failures: [] }) });
    await expect(scalingFrom(reach).protect(ref, tasks(2), minutes(5))).rejects.toMatchObject({
      kind: "unavailable",
      message: expect.stringContaining("1 was not told as protected"),
    });
  });

  it("is taken back without a length, and a task that is gone is no error", async () => {
    const { reach, sent } = obedient({ [arn(0)]: { reason: "MISSING" }, [arn(1)]: { reason: "TASK_NOT_VALID" } });
    await scalingFrom(reach).unprotect(ref, tasks(3));
    expect(sent).toEqual([{ operation: "UpdateTaskProtection", input: { cluster: "shop", tasks: tasks(3), protectionEnabled: false } }]);
  });

  it("that cannot be taken back for another reason is an error", async () => {
    const { reach } = obedient({ [arn(0)]: { reason: "SOMETHING_NEW" } });
    await expect(scalingFrom(reach).unprotect(ref, tasks(1))).rejects.toMatchObject({ kind: "unavailable" });
  });
});
