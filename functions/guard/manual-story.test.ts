import { type Approval, epochMs, minutes } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import type { ManualStory } from "./manual-remember.ts";
import { tellManual } from "./manual-story.ts";
import { ask, facts, plan, receipt, recovered } from "./stories.fixture.ts";

const at = receipt.startedAt;
const approval: Approval = {
  plan: plan.id,
  planHash: "{}",
  what: "deploy shop-api:42",
  because: "5xx",
  service: "shop-api",
  state: "approved",
  needs: { role: "operator", people: 1 },
  incident: undefined,
  given: [],
  by: "lead",
  requester: "ana",
  askedAt: at,
  answeredAt: at,
  expiresAt: epochMs(at + minutes(30)),
  callbackId: undefined,
};
const known = {
  event: { kind: "manual", plan: plan.id, group: "shop" },
  facts: {
    at,
    stored: undefined,
    approval,
    plan,
    settings: facts.settings,
    prepared: facts.prepared,
    differences: [],
    heldBecause: undefined,
    frozenBecause: undefined,
  },
  verdict: ask(),
  receipt,
} as const;
const acted = (outcome: Extract<ManualStory, { ending: "acted" }>["outcome"]): ManualStory => ({ ...known, ending: "acted", outcome });

describe("the title of an incident in which a person rolled back", () => {
  test.each([
    ["restored", "shop-api:43 was rolled back to shop-api:42 by lead, and it helped"],
    ["ineffective", "shop-api:43 was rolled back to shop-api:42 by lead, but it did not help"],
    ["failed", "rolling shop-api:43 back to shop-api:42 by lead failed"],
    ["overtaken", "a newer deployment overtook the rollback of shop-api:43 by lead"],
    ["wait", "shop-api:43 was rolled back to shop-api:42 by lead; whether it helped is not clear yet"],
  ] as const)("is what came of it: %s", (kind, title) => {
    const { incident } = tellManual(acted(recovered(kind)));
    expect([incident?.title, incident?.titled]).toEqual([title, undefined]);
  });

  test("stays its own while ECS is at it, and where nothing was sent", () => {
    expect(tellManual({ ...known, ending: "acting" }).incident?.titled).toBe(false);
    expect(tellManual(acted({ kind: "not-sent" })).incident?.titled).toBe(false);
  });

  test("tells two revisions of one name apart by their bytes", () => {
    const [member] = plan.members;
    if (member === undefined) throw new Error("the plan has a member");
    const from = { ...member.to, key: "older" };
    const again = { ...acted(recovered("restored")), receipt: { ...receipt, plan: { ...plan, members: [{ ...member, from }] } } };
    expect(tellManual(again as ManualStory).incident?.title).toContain("shop-api:42 was rolled back to shop-api:42 as it was ("); // The spread of a union keeps its ending.
  });
});
