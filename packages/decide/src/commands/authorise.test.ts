import type { Role } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { policyFixture } from "../incidents/policy.fixture.ts";
import { authorise, type Person, rolesIn, whoHolds } from "./authorise.ts";

const policy = policyFixture();
const person = (roles: readonly Role[], rolesFor: Person["rolesFor"] = {}): Person => ({ name: "bob", slack: "U0BOB", roles, rolesFor });
const shopApi = ["shop-api", "shop"];

describe("a role", () => {
  test.each<[Role, Role, "allowed" | "denied"]>([
    ["viewer", "viewer", "allowed"],
    ["viewer", "responder", "denied"],
    ["responder", "operator", "denied"],
    ["operator", "operator", "allowed"],
    ["operator", "owner", "denied"],
    ["owner", "viewer", "allowed"],
  ])("%s, where %s is needed: %s", (held, role, kind) => {
    expect(authorise(person([held]), { role, scope: shopApi }, policy).kind).toBe(kind);
  });

  test("for one service or its group counts there and nowhere else", () => {
    const forService = person([], { "shop-api": ["operator"] });
    const forGroup = person([], { shop: ["operator"] });
    expect(authorise(forService, { role: "operator", scope: shopApi }, policy).kind).toBe("allowed");
    expect(authorise(forGroup, { role: "operator", scope: shopApi }, policy).kind).toBe("allowed");
    expect(authorise(forService, { role: "operator", scope: ["shop-worker", "shop"] }, policy).kind).toBe("denied");
    expect(authorise(forService, { role: "operator", scope: [] }, policy).kind).toBe("denied");
  });

  test("is never inherited from what every object has", () => {
    expect(rolesIn(person([]), ["constructor", "__proto__", "toString"])).toEqual([]);
  });
});

describe("a denial", () => {
  test("names the missing role, the place, what the person has, and who has more", () => {
    expect(authorise(person(["responder"]), { role: "operator", scope: shopApi }, policy)).toEqual({
      kind: "denied",
      missing: "operator",
      because: "This needs the role operator for shop-api in prod; you have responder. Who has it: ana, lead, cto. Nothing was changed.",
    });
  });

  test("says so when nobody has it, and points to user groups where they might", () => {
    const nobody = policyFixture({ people: [] });
    expect(authorise(person([]), { role: "owner", scope: [] }, nobody)).toMatchObject({
      because:
        "This needs the role owner in prod; you have none. Nobody has it: give it to somebody under people in nightshift.config.ts. Nothing was changed.",
    });
    const grouped = policyFixture({ people: [], groupsWithRoles: [{ slackGroup: "S1", roles: ["owner"] }] });
    expect(authorise(person([]), { role: "operator", scope: [] }, grouped)).toMatchObject({
      because: "This needs the role operator in prod; you have none. Who has it: members of the user groups in the config. Nothing was changed.",
    });
  });

  test("shows five names at most", () => {
    const many = policyFixture({
      people: ["a", "b", "c", "d", "e", "f"].map((name) => ({ name, slack: name, arn: undefined, roles: ["owner"], rolesFor: {} })),
    });
    expect(authorise(person([]), { role: "owner", scope: [] }, many)).toMatchObject({
      because: expect.stringContaining("Who has it: a, b, c, d, e and 1 more."),
    });
    expect(whoHolds(many, { role: "owner", scope: [] })).toHaveLength(6);
  });
});
