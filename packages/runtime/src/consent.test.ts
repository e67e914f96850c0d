import { minutes } from "@nightshift/model";
import { expect, test } from "vitest";
import { askPerson } from "./consent.ts";
import { plainCheckpoints } from "./plain.ts";
import { fakeNeeds } from "./testing/fake-needs.ts";

test("what the guard asks needs one operator, is nobody's own plan, and names the incident whose thread asks", async () => {
  const world = fakeNeeds();
  const checkpoints = { ...plainCheckpoints(), awaitWord: async (_: string, submit: (callback: string) => Promise<void>) => submit("callback-1") };
  const question = { plan: "p-1", planHash: "{}", what: "deploy shop-api:42", because: "5xx", service: "shop-api", askFor: minutes(5), incident: "INC-1" };
  expect(await askPerson({ world, checkpoints, key: "guard/shop/1" }, question)).toMatchObject({ kind: "timed-out" });
  expect(world.rows.get("p-1")).toMatchObject({
    needs: { role: "operator", people: 1 },
    requester: "nightshift/guard",
    incident: "INC-1",
    given: [],
    state: "pending",
    callbackId: "callback-1",
  });
});
