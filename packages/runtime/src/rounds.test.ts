import { play } from "@nightshift/lab/engine/testing";
import { type EpochMs, epochMs, minutes } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { expect, test } from "vitest";
import { durableCheckpoints } from "./durable.ts";
import { playRounds, type Rounds } from "./rounds.ts";

const down = new PortError("unavailable", "dynamodb:Query", "ledger", "HTTP 503");

/** Rings bells at these seconds, one after another, and ends; every port's method may be replaced. */
interface Bells {
  readonly rung: number[];
  readonly failed: string[];
  looks: number;
  see: (second: number) => Promise<void>;
  ring: (second: number) => Promise<void>;
  keep: () => Promise<void>;
}

const bells = (over: Partial<Bells> = {}): Bells => ({
  rung: [],
  failed: [],
  looks: 0,
  see: async () => {},
  ring: async () => {},
  keep: async () => {},
  ...over,
});

/** Plays the bells on the real SDK; says when each was rung, and when it ended. */
async function rung(
  it: Bells,
  at: readonly number[],
): Promise<{ readonly rung: readonly number[]; readonly status: string; readonly error: string | undefined; readonly ended: number }> {
  let start: EpochMs | undefined;
  const now = () => epochMs(Date.now());
  const second = () => (now() - (start ?? now())) / 1_000;
  const done = new Set<number>();
  const rounds: Rounds<string, undefined, "clock" | "starter", { readonly now: number }, { readonly key: string; readonly at: number }, undefined> = {
    name: "bells",
    uses: ["clock", "starter"],
    detect: async () => {
      it.looks++;
      await it.see(second());
      return done.size === at.length ? undefined : { now: second() };
    },
    decide: (facts) => {
      const open = at.filter((one) => !done.has(one));
      const next = open.find((one) => one > facts.now);
      return {
        due: open.filter((one) => one <= facts.now).map((one) => ({ key: `bell ${one}`, at: one })),
        next: next === undefined || start === undefined ? undefined : epochMs(start + next * 1_000),
        longest: minutes(15),
      };
    },
    act: async (_, duty) => {
      await it.ring(second());
      it.rung.push(second());
      done.add(duty.at);
      return undefined;
    },
    verify: (duty, due) => !due.includes(duty),
    tell: async () => {},
    tellFailed: async (_, duty, because) => void it.failed.push(`${duty.key}: ${because}`),
    remember: () => it.keep(),
  };
  const { execution } = await play(async (_, context) => {
    start ??= now();
    const world = { clock: { now }, starter: { start: async () => {}, wake: async () => {} } };
    return playRounds(rounds, { subject: "x", settings: undefined, world, checkpoints: durableCheckpoints(context), limits: { operations: 1_000 } });
  });
  return {
    rung: it.rung.map((one) => Math.floor(one / 5) * 5),
    status: execution.status,
    error: execution.error?.ErrorMessage,
    ended: ((execution.endedAt ?? 0) - execution.startedAt) / 1_000,
  };
}

test("duties are done when they fall due, and the rounds end with the last", async () => {
  const it = bells();
  expect(await rung(it, [0, 60, 600])).toMatchObject({ rung: [0, 60, 600], status: "SUCCEEDED" });
  expect(it.looks).toBeLessThan(20);
});

test("a look that fails for a while is looked again: at once, then every 15 s at most", async () => {
  const blind = bells({ see: async (second) => (second > 55 && second < 100 ? Promise.reject(down) : undefined) });
  expect(await rung(blind, [0, 60])).toMatchObject({ rung: [0, 105], status: "SUCCEEDED" });
});

test.each([
  ["a permission is missing", new PortError("denied", "dynamodb:Query", "ledger", "AccessDenied"), "dynamodb:Query on ledger: AccessDenied"],
  ["a record cannot be read", new TypeError("undefined"), "undefined"],
])("while %s rounds go on looking, and are loud after half an hour", async (_, error, says) => {
  const mended = bells({ see: async (second) => (second > 55 && second < 1_700 ? Promise.reject(error) : undefined) });
  expect(await rung(mended, [0, 60])).toMatchObject({ rung: [0, 1_710], status: "SUCCEEDED" });
  const never = await rung(bells({ see: () => Promise.reject(error) }), [0]);
  expect([never.status, never.error]).toEqual(["FAILED", `nothing could be seen for half an hour: ${says}`]);
  expect(Math.round(never.ended / 60)).toBe(30);
});

test("a duty that fails is tried again within 15 s, and what falls due later is not late for it", async () => {
  const it = bells({ ring: async (second) => (second > 55 && second < 75 ? Promise.reject(down) : undefined) });
  expect(await rung(it, [0, 60, 70, 90])).toMatchObject({ rung: [0, 85, 85, 90], status: "SUCCEEDED" });
  expect(it.failed).toEqual([]);
});

test("a duty with a bug is told, and tried again", async () => {
  let tries = 0;
  const it = bells({ ring: async () => (++tries === 1 ? Promise.reject(new TypeError("undefined")) : undefined) });
  expect(await rung(it, [0])).toMatchObject({ rung: [0], status: "SUCCEEDED" });
  expect(it.failed).toEqual(["bell 0: undefined"]);
});

test("where no callback can be kept, rounds go on with plain pauses of a minute at most, never without any", async () => {
  const denied = new PortError("denied", "dynamodb:PutItem", "ledger", "AccessDenied");
  const it = bells({ keep: () => Promise.reject(denied) });
  expect(await rung(it, [0, 30, 600])).toMatchObject({ rung: [0, 30, 600], status: "SUCCEEDED" });
  expect(it.looks).toBeLessThan(40);
});
