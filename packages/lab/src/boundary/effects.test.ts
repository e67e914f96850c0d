import { ms, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { createAccount, type LabAccount } from "../account.ts";
import { type Fault, type FaultPlan, faultAt, faultWhere, firstOf, noFaults, randomFaults } from "./fault.ts";

class PublishCommand {
  readonly input: object;
  constructor(input: object) {
    this.input = input;
  }
}

/** Two calls in one invocation: how each ended as the function saw it, and how the invocation ended. */
async function twoCalls(plan: FaultPlan): Promise<{ readonly account: LabAccount; readonly saw: readonly string[]; readonly ok: boolean }> {
  const account = createAccount({ seed: 5, faults: () => plan });
  const TopicArn = account.sns.create("t");
  const saw: string[] = [];
  account.lambda.register({
    name: "f",
    kind: "plain",
    timeout: seconds(60),
    handler: () => async () => {
      const client = account.client("sns", "f");
      for (const Message of ["first", "second"]) {
        await client.send(new PublishCommand({ TopicArn, Message })).then(
          () => saw.push("ok"),
          (error: unknown) => saw.push(error instanceof Error ? error.name : "?"),
        );
      }
    },
  });
  const result = await account.run(() => account.lambda.run("f", {}));
  return { account, saw, ok: result.ok };
}

describe("the effect boundary", () => {
  test.each<readonly [Fault, readonly string[], readonly string[], boolean]>([
    [{ kind: "none" }, ["ok", "ok"], ["first", "second"], true],
    [{ kind: "crash-before" }, [], [], false],
    [{ kind: "crash-after" }, [], ["first"], false],
    [{ kind: "throttle" }, ["ThrottlingException", "ok"], ["second"], true],
    [{ kind: "unavailable" }, ["ServiceUnavailableException", "ok"], ["second"], true],
    [{ kind: "timeout-after" }, ["TimeoutError", "ok"], ["first", "second"], true],
    [{ kind: "slow", by: ms(9_000) }, ["ok", "ok"], ["first", "second"], true],
  ])("%o at the first call: what the caller sees, what happened, whether the invocation lived", async (fault, sees, happened, lived) => {
    const { account, saw, ok } = await twoCalls(faultAt(0, fault));
    expect(saw).toEqual(sees);
    expect(account.sns.published.map((one) => one.message)).toEqual(happened);
    expect(ok).toBe(lived);
    expect(account.history.filter((line) => line.kind === "call" && line.result === "ok")).toHaveLength(happened.length);
  });

  test("a call takes 5 to 45 ms, and a slow one so much longer", async () => {
    const calm = await twoCalls(noFaults);
    const [first, second] = calm.account.history.filter((line) => line.kind === "call").map((line) => line.at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(5);
    expect((second ?? 0) - (first ?? 0)).toBeLessThanOrEqual(45);
    const slow = await twoCalls(faultAt(1, { kind: "slow", by: ms(9_000) }));
    const [one, two] = slow.account.history.filter((line) => line.kind === "call").map((line) => line.at);
    expect((two ?? 0) - (one ?? 0)).toBeGreaterThanOrEqual(9_005);
  });

  test("boundaries are numbered in the order they are met, and faults are in the history", async () => {
    const { account } = await twoCalls(faultAt(1, { kind: "throttle" }));
    expect(account.boundary.met).toBe(2);
    expect(account.history.find((line) => line.kind === "world" && line.what === "fault")).toMatchObject({
      about: "sns:Publish",
      detail: { kind: "throttle", boundary: 1 },
    });
  });

  test("a plan can be aimed, bounded and combined", async () => {
    const aimed = await twoCalls(faultWhere((at) => at.name === "sns:Publish" && at.mutating && at.caller === "f", { kind: "throttle" }, 1));
    expect(aimed.saw).toEqual(["ThrottlingException", "ok"]);
    const both = await twoCalls(
      firstOf(
        faultAt(0, { kind: "unavailable" }),
        faultWhere(() => true, { kind: "throttle" }),
      ),
    );
    expect(both.saw).toEqual(["ServiceUnavailableException", "ThrottlingException"]);
    const dice = await twoCalls(randomFaults(() => 0, { share: 0.5, kinds: [{ kind: "throttle" }], atMost: 1 }));
    expect(dice.saw).toEqual(["ThrottlingException", "ok"]);
  });

  test("a caller outside any function cannot lose its sandbox", async () => {
    const account = createAccount({ seed: 1, faults: () => faultAt(0, { kind: "crash-before" }) });
    const TopicArn = account.sns.create("t");
    await account.run(() => account.client("sns", "ann").send(new PublishCommand({ TopicArn, Message: "m" })));
    expect(account.sns.published).toHaveLength(1);
  });
});
