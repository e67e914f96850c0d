import { type Budgets, type ControlState, emptyControl, epochMs, type EpochMs, type GrantRequest, minutes } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { activeRollback, freeze, frozenBecause, grant, heldBecause, hold, release, unfreeze, unhold } from "./control.ts";
import { settingsFor } from "./fixtures.ts";

const budgets: Budgets = settingsFor().budgets;
const now = epochMs(1_773_457_200_000);
const later = (length: number): EpochMs => epochMs(now + length);
const ask = (over: Partial<GrantRequest> = {}): GrantRequest => ({
  holder: "guard/shop/43",
  group: "shop",
  services: ["shop-api", "shop-worker"],
  kind: "rollback",
  mutations: 2,
  approved: false,
  ...over,
});
const granted = (state: ControlState, request = ask(), at = now): ControlState => {
  const { grant: answer, next } = grant(state, request, budgets, at);
  if (answer.kind !== "granted" || next === undefined) throw new Error(JSON.stringify(answer));
  return next;
};
const reason = (state: ControlState, request = ask(), at = now) => {
  const { grant: answer } = grant(state, request, budgets, at);
  return answer.kind === "refused" ? answer.reason : answer.kind;
};
const freed = (state: ControlState, at: EpochMs) => release(state, "guard/shop/43", ["shop-api", "shop-worker"], at) ?? state;

describe("a grant", () => {
  it("leases every service of the group under one rising epoch and the next version", () => {
    const next = granted(emptyControl);
    expect(next).toMatchObject({
      version: 1,
      epoch: 1,
      leases: [
        { resource: "shop-api", epoch: 1 },
        { resource: "shop-worker", epoch: 1 },
      ],
    });
    expect(next.spent.map((one) => one.mutations)).toEqual([2, 0]);
  });
  it("is the same for the same holder asking again, and writes nothing", () => {
    expect(grant(granted(emptyControl), ask(), budgets, later(60_000))).toEqual({ grant: { kind: "granted", epoch: 1 }, next: undefined });
  });
  it("costs nothing twice when the lease ran out before the work was done", () => {
    const again = granted(granted(emptyControl), ask(), later(minutes(31)));
    expect(again.epoch).toBe(2);
    expect(again.spent).toHaveLength(2);
  });
  it("is refused while somebody else works on one of the services", () => {
    const other = ask({ holder: "scaler", kind: "other", services: ["shop-worker"], mutations: 1 });
    expect(reason(granted(emptyControl), other)).toBe("leased");
    expect(reason(granted(emptyControl), other, later(minutes(30) - 1))).toBe("leased");
    expect(reason(granted(emptyControl), other, later(minutes(30)))).toBe("granted");
  });
  const scale = (look: number) => ask({ holder: `scaler/shop-worker/${look}`, kind: "scale", services: ["shop-worker"], mutations: 1 });
  it("for a scaler's look lasts two minutes and spends nothing of the account's budget", () => {
    const next = granted(emptyControl, scale(1));
    expect(next.leases).toEqual([{ resource: "shop-worker", holder: "scaler/shop-worker/1", purpose: "scale", epoch: 1, until: now + 120_000 }]);
    expect(next.spent).toEqual([]);
  });
  it("goes from a scaler's look to its next one under a new epoch, so that the older one is fenced out", () => {
    expect(granted(granted(emptyControl, scale(1)), scale(2)).leases).toMatchObject([{ holder: "scaler/shop-worker/2", epoch: 2 }]);
  });
  it("takes a scaler's lease over for a rollback, at once", () => {
    const next = granted(granted(emptyControl, scale(1)));
    expect(next.leases.find((one) => one.resource === "shop-worker")).toMatchObject({ holder: "guard/shop/43", purpose: "rollback", epoch: 2 });
  });
  it("is refused to a scaler while a rollback or a backup has the service", () => {
    expect(reason(granted(emptyControl), scale(1))).toBe("leased");
    expect(reason(granted(emptyControl, ask({ holder: "backup/1", kind: "other", services: ["shop-worker"] })), scale(1))).toBe("leased");
  });
  it("is refused to a backup while a scaler has the service", () => {
    expect(reason(granted(emptyControl, scale(1)), ask({ holder: "backup/1", kind: "other", services: ["shop-worker"] }))).toBe("leased");
  });
  it("is given to a scaler however many changes the account has made, and under no hold", () => {
    const busy: ControlState = {
      ...emptyControl,
      spent: [{ key: "guard/x", service: "x", group: "x", kind: "other", at: now, mutations: budgets.mutationsPerAccount.count }],
    };
    expect(reason(busy, scale(1))).toBe("granted");
    expect(reason(hold(busy, { scope: "all", by: "lead", because: "load test", at: now, until: undefined }, now), scale(1))).toBe("held");
  });
  it("is refused under a hold, approved or not", () => {
    const state = hold(emptyControl, { scope: "shop-worker", by: "lead", because: "load test", at: now, until: later(1_000) }, now);
    expect(reason(state)).toBe("held");
    expect(reason(state, ask({ approved: true }))).toBe("held");
    expect(reason(state, ask(), later(999))).toBe("held");
    expect(reason(state, ask(), later(1_000))).toBe("granted");
  });
});

describe("budgets", () => {
  const second = ask({ holder: "guard/shop/44" });
  it("allow one rollback of a service in 30 minutes", () => {
    const state = freed(granted(emptyControl), later(1));
    expect(reason(state, second, later(minutes(30) - 1))).toBe("budget");
    expect(reason(state, second, later(minutes(30)))).toBe("granted");
  });
  it("allow two in six hours", () => {
    const one = freed(granted(emptyControl), later(1));
    const two = release(granted(one, second, later(minutes(40))), "guard/shop/44", second.services, later(minutes(41))) ?? one;
    const third = ask({ holder: "guard/shop/45" });
    expect(reason(two, third, later(minutes(360) - 1))).toBe("budget");
    expect(reason(two, third, later(minutes(360)))).toBe("granted");
  });
  it("do not bind an approved plan", () => {
    expect(reason(freed(granted(emptyControl), later(1)), ask({ holder: "guard/shop/44", approved: true }), later(2))).toBe("granted");
  });
  it("allow ten changes in ten minutes in the account", () => {
    const many = ask({ holder: "scaler", kind: "other", services: ["a"], group: "a", mutations: 9 });
    const state = granted(emptyControl, many);
    expect(reason(state, ask({ services: ["shop-api"], mutations: 1 }))).toBe("granted");
    expect(reason(state, ask({ mutations: 2 }))).toBe("budget");
    expect(reason(state, ask({ mutations: 2 }), later(minutes(10)))).toBe("granted");
  });
  it("of none refuse", () => {
    const { grant: answer } = grant(emptyControl, ask(), { ...budgets, rollbacksPerDeployment: 0 }, now);
    expect(answer).toEqual({ kind: "refused", reason: "budget", because: "the config allows no automatic rollback" });
  });
});

describe("the breaker", () => {
  const want = (group: string): GrantRequest => ask({ holder: `guard/${group}`, group, services: [group], mutations: 1 });
  const two = granted(granted(emptyControl, want("a")), want("b"), later(1_000));
  it("stops the third group within five minutes, and remembers that it asked", () => {
    const { grant: answer, next } = grant(two, want("c"), budgets, later(2_000));
    expect(answer).toMatchObject({ kind: "refused", reason: "breaker" });
    expect(next?.wanted.map((one) => one.group)).toEqual(["a", "b", "c"]);
  });
  it("stays open for half an hour, then closes", () => {
    const tripped = grant(two, want("c"), budgets, later(2_000)).next ?? two;
    expect(reason(tripped, want("d"), later(minutes(20)))).toBe("breaker");
    expect(reason(tripped, want("d"), later(minutes(36)))).toBe("granted");
  });
  it("counts groups, not services: three services of two groups pass", () => {
    expect(reason(granted(emptyControl, want("a")), ask(), later(1_000))).toBe("granted");
  });
  it("lets the third pass five minutes later, and an approved one at any time", () => {
    expect(reason(two, want("c"), later(minutes(5) + 1_000))).toBe("granted");
    expect(reason(two, { ...want("c"), approved: true }, later(2_000))).toBe("granted");
  });
});

describe("holds and leases", () => {
  const state = hold(emptyControl, { scope: "all", by: "lead", because: "game day", at: now, until: undefined }, now);
  it("say who, how long and why", () => expect(heldBecause(state, ["shop-api"], now)).toBe("lead holds everything until it is released: game day"));
  it("are taken back by scope", () => {
    expect(unhold(state, "shop-api", now)).toBeUndefined();
    expect(heldBecause(unhold(state, "all", now) ?? state, ["shop-api"], now)).toBeUndefined();
  });
  it("of another service do not bind", () =>
    expect(heldBecause(hold(emptyControl, { scope: "b", by: "x", because: "y", at: now, until: undefined }, now), ["a"], now)).toBeUndefined());
  it("replace an older hold on the same scope", () =>
    expect(hold(state, { scope: "all", by: "founder", because: "more", at: now, until: undefined }, now).holds).toHaveLength(1));
  it("a released lease frees the service, and is released once", () => {
    const leased = granted(emptyControl);
    expect(activeRollback(leased, "shop-api", now)?.holder).toBe("guard/shop/43");
    expect(activeRollback(freed(leased, now), "shop-api", now)).toBeUndefined();
    expect(release(leased, "somebody", ["shop-api"], now)).toBeUndefined();
  });
});

describe("a freeze", () => {
  const word = { scope: "shop-api", by: "ana", because: "sale", at: now, until: later(3_600_000) };

  it("stands in its scope until its last millisecond and ends by itself", () => {
    const frozen = freeze(emptyControl, word, now);
    expect(frozenBecause(frozen, ["shop-api"], now)).toBe("ana froze shop-api for 1 h more: sale");
    expect(frozenBecause(frozen, ["shop-api"], later(3_599_999))).toBe("ana froze shop-api for 0 s more: sale");
    expect(frozenBecause(frozen, ["shop-api"], later(3_600_000))).toBeUndefined();
    expect(frozenBecause(frozen, ["shop-worker"], now)).toBeUndefined();
  });

  it("of everything stands for every service", () => {
    expect(frozenBecause(freeze(emptyControl, { ...word, scope: "all" }, now), ["shop-worker"], now)).toBe("ana froze everything for 1 h more: sale");
  });

  it("of the same scope replaces the one before, and every write is a new version", () => {
    const twice = freeze(freeze(emptyControl, word, now), { ...word, by: "lead" }, now);
    expect(twice.freezes?.map((one) => one.by)).toEqual(["lead"]);
    expect(twice.version).toBe(2);
  });

  it("is taken back on its very scope only", () => {
    const frozen = freeze(emptyControl, word, now);
    expect(unfreeze(frozen, "all", now)).toBeUndefined();
    expect(unfreeze(frozen, "shop-api", now)).toMatchObject({ version: 2, freezes: [] });
    expect(unfreeze(frozen, "shop-api", later(3_600_000))).toBeUndefined();
  });

  it("does not stand in the way of a rollback", () => {
    expect(grant(freeze(emptyControl, { ...word, scope: "all" }, now), ask(), budgets, now).grant.kind).toBe("granted");
  });

  it("that ended is thrown away at the next write", () => {
    expect(hold(freeze(emptyControl, word, now), { scope: "all", by: "ana", because: "x", at: now, until: undefined }, later(3_600_000)).freezes).toEqual([]);
  });
});
