import type { IncidentPolicy } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { openingOf, sendingPolicy } from "@nightshift/runtime/testing/fake-sender";
import { fakeTelling } from "@nightshift/runtime/testing/fake-telling";
import { expect, test } from "vitest";
import { relayBatch, type StreamBatch } from "./entry.ts";

const policy: IncidentPolicy = sendingPolicy({ ops: "C-ops", incidents: "C-incidents", byService: { "shop-api": "C-api" } });
const record = (n: number, pk: string | undefined, sk = "ENTRY#a", eventName = "INSERT"): StreamBatch["Records"][number] => ({
  eventName,
  dynamodb: { SequenceNumber: String(n), Keys: { pk: pk === undefined ? {} : { S: pk }, sk: { S: sk } } },
});
const relayed = async (...records: StreamBatch["Records"]) => {
  const fake = fakeTelling(openingOf("a"), openingOf("b", { service: "shop-worker", group: "worker" }));
  await relayBatch({ Records: records }, { world: fake, policy });
  return fake.nudges;
};

test("each touched incident is nudged once, into its own channel's queue, under the newest record's number", async () => {
  expect(await relayed(record(1, "INC#b"), record(2, "INC#a"), record(3, "INC#b"))).toEqual([
    { channel: "C-incidents", incident: "b", occasion: "3" },
    { channel: "C-api", incident: "a", occasion: "2" },
  ]);
});

test("a heartbeat goes into a queue group of its own", async () => {
  expect(await relayed(record(7, "HEARTBEAT", "ROW", "MODIFY"))).toEqual([{ channel: "heartbeat", incident: "heartbeat", occasion: "7" }]);
});

test.each([
  ["alarms alone", record(1, "INC#a", "ALARMS#3")],
  ["another kind of row", record(1, "REV#shop-api")],
  ["a row that was removed", record(1, "INC#a", "ENTRY#a", "REMOVE")],
  ["an incident that nobody opened", record(1, "INC#c")],
  ["a record without a key", record(1, undefined)],
  ["a record without a change", {}],
])("%s tells nobody", async (_, one) => {
  expect(await relayed(one)).toEqual([]);
});

test("a batch that is delivered again nudges nobody twice", async () => {
  const fake = fakeTelling(openingOf("a"));
  const batch = { Records: [record(1, "INC#a")] };
  await relayBatch(batch, { world: fake, policy });
  await relayBatch(batch, { world: fake, policy });
  expect(fake.nudges).toHaveLength(1);
});

test("another name of an incident nudges the incident that stands", async () => {
  const fake = fakeTelling(openingOf("a"));
  const world = { ...fake, incidents: { ...fake.incidents, find: async () => fake.records.get("a") } };
  await relayBatch({ Records: [record(1, "INC#alias")] }, { world, policy });
  expect(fake.nudges).toEqual([{ channel: "C-api", incident: "a", occasion: "1" }]);
});

test("one that this release cannot read is logged, and keeps nobody else's news back", async () => {
  const fake = fakeTelling(openingOf("a"));
  const logged: unknown[] = [];
  const strange = new PortError("invalid", "ledger:read", "pk=INC#bad sk=ENTRY#x", "attribute change.what holds something newer");
  const find = async (id: string) => (id === "bad" ? Promise.reject(strange) : fake.incidents.find(id));
  const world = { ...fake, incidents: { ...fake.incidents, find } };
  await relayBatch({ Records: [record(1, "INC#bad"), record(2, "INC#a")] }, { world, policy, log: (line) => void logged.push(line["incident"]) });
  expect([fake.nudges.map(({ incident }) => incident), logged]).toEqual([["a"], ["bad"]]);
});

test("one that cannot be read now is thrown after the others were nudged", async () => {
  const fake = fakeTelling(openingOf("a"));
  const find = fake.incidents.find;
  const world = { ...fake, incidents: { ...fake.incidents, find: async (id: string) => (id === "bad" ? Promise.reject(new Error("broken row")) : find(id)) } };
  await expect(relayBatch({ Records: [record(1, "INC#bad"), record(2, "INC#a")] }, { world, policy })).rejects.toThrow("broken row");
  expect(fake.nudges.map(({ incident }) => incident)).toEqual(["a"]);
});
