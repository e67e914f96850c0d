import { type EpochMs, minutes, ms, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { createAccount, type LabAccount } from "../../account.ts";
import { currentScope, never } from "../../time/scope.ts";
import type { ColdStartSettings } from "./cold-starts.ts";
import { mapStream } from "./stream-mapping.ts";

/** An account whose function takes a second, and how long each invocation waited for its sandbox. */
function account(coldStarts?: ColdStartSettings): { readonly lab: LabAccount; readonly waited: (after?: number) => Promise<number> } {
  const lab = createAccount({ seed: 1, ...(coldStarts === undefined ? {} : { coldStarts }) });
  let began: EpochMs | undefined;
  lab.lambda.register({
    name: "f",
    kind: "plain",
    timeout: seconds(2),
    handler: () => async (event) => {
      began = lab.clock.now();
      if (event === "die") {
        currentScope()?.invocation?.kill("out of memory");
        return never();
      }
      await lab.clock.sleep(seconds(1));
      return undefined;
    },
  });
  const waited = async (): Promise<number> => {
    const asked = lab.clock.now();
    await lab.run(() => lab.lambda.run("f", {}));
    return (began ?? 0) - asked;
  };
  return { lab, waited };
}

describe("a cold start", () => {
  test("is not played unless it is asked for", async () => {
    expect(await account().waited()).toBe(0);
  });

  test("of 350 ms, give or take 30 %, comes first; a warm sandbox is there at once for five minutes", async () => {
    const { lab, waited } = account({});
    const first = await waited();
    expect(first).toBeGreaterThanOrEqual(245);
    expect(first).toBeLessThanOrEqual(455);
    expect(await waited()).toBe(0);
    await lab.pass(minutes(5));
    expect(await waited()).toBe(0);
    await lab.pass(ms(300_001));
    expect(await waited()).toBeGreaterThan(0);
  });

  test("is as long as the function's own setting says, and the same with the same seed", async () => {
    const one = await account({ init: { f: seconds(2) } }).waited();
    expect(one).toBeGreaterThanOrEqual(1_400);
    expect(one).toBeLessThanOrEqual(2_600);
    expect(await account({ init: { f: seconds(2) } }).waited()).toBe(one);
  });

  test("comes for each invocation at the same time, and no more once they are warm", async () => {
    const { lab } = account({});
    const both = async (): Promise<number> => {
      const asked = lab.clock.now();
      await lab.run(() => Promise.all([lab.lambda.run("f", {}), lab.lambda.run("f", {})]));
      return lab.clock.now() - asked;
    };
    expect(await both()).toBeGreaterThan(1_000);
    expect(await both()).toBe(1_000);
  });

  test("comes again after a sandbox was killed, and does not count against the function's own time", async () => {
    const { lab, waited } = account({ init: { f: seconds(2) } });
    await waited();
    await lab.run(() => lab.lambda.run("f", "die"));
    expect(await waited()).toBeGreaterThan(0);
  });
});

describe("a stream with shards", () => {
  const fed = (shards: number, handler: (keys: string[]) => Promise<void>): LabAccount => {
    const lab = createAccount({ seed: 1 });
    lab.lambda.register({
      name: "f",
      kind: "plain",
      timeout: seconds(20),
      handler: () => async (event) => {
        const { Records: records } = event as { readonly Records: { readonly dynamodb: { readonly Keys: { readonly pk: { readonly S: string } } } }[] }; // The mapping's own shape.
        return handler(records.map(({ dynamodb }) => dynamodb.Keys.pk.S));
      },
    });
    const table = lab.dynamodb.create({ name: "t", partition: "pk" });
    mapStream(lab.kernel, lab.lambda, { table, functionName: "f", keyPrefixes: [""], shards });
    return lab;
  };
  const put = (lab: LabAccount, count: number): void => {
    for (let n = 0; n < count; n++) lab.dynamodb.handle("Put", { TableName: "t", Item: { pk: `k${n}` } });
  };

  test("changes of many keys come together, a hundred at most", async () => {
    const sizes: number[] = [];
    const lab = fed(1, async (keys) => void sizes.push(keys.length));
    put(lab, 150);
    await lab.pass(minutes(1));
    expect(sizes).toEqual([100, 50]);
  });

  test("a batch that fails holds back its shard, and no other", async () => {
    const taken: string[] = [];
    const lab = fed(4, async (keys) => {
      if (keys.includes("k0")) throw new Error("poison");
      taken.push(...keys);
    });
    put(lab, 40);
    await lab.pass(minutes(1));
    expect(taken.length).toBeGreaterThan(15);
    expect(taken.length).toBeLessThan(40);
    expect(taken).not.toContain("k0");
  });
});
