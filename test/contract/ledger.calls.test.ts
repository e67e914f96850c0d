import { type Doc, ledgerPorts } from "@nightshift/aws/ledger/index";
import { emptyControl, epochMs, identityKey, serviceName, taskDefinitionArn } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scalingDecision, scalingState } from "../testing/scaling-rows.ts";
import { localLedger } from "./ledger-local.ts";
import { watched } from "./ledger-watched.ts";

const at = epochMs(1_795_230_000_000);
const entry = (key: string) => ({ chain: "api", key, at, kind: "intent" as const, actor: "guard", body: {} });

describe("the ledger's use of DynamoDB", () => {
  let local: Awaited<ReturnType<typeof localLedger>>;
  let seen: ReturnType<typeof watched>;
  let ledger: ReturnType<typeof ledgerPorts>;
  let tables: { readonly ledger: string; readonly audit: string };
  beforeEach(async () => {
    local = await localLedger();
    tables = local.tables;
    seen = watched(local.doc);
    ledger = ledgerPorts(async () => seen.doc, tables);
  });
  afterEach(() => local.close());

  it("granting and recording a rollback takes three calls once the chain's end is known", async () => {
    await ledger.audit.append(entry("earlier"));
    seen.calls.length = 0;
    const state = await ledger.control.read();
    await ledger.control.replace({ ...state, version: state.version + 1 });
    await ledger.audit.append(entry("intent"));
    expect(seen.calls).toEqual(["GetCommand contract-ledger", "UpdateCommand contract-ledger", "PutCommand contract-audit"]);
  });
  it("a look of the scaler reads its state and a person's order in one call, and writes in one", async () => {
    await ledger.scalingBook.order({ service: "worker", workers: 2, max: undefined, by: "ana", because: "b", at, until: at });
    await ledger.scalingBook.replace("worker", scalingState(at, 1));
    for (let n = 0; n < 3; n += 1) await ledger.scalingBook.record(scalingDecision("worker", epochMs(at + n)));
    seen.calls.length = 0;
    const { state, order } = await ledger.scalingBook.read("worker");
    await ledger.scalingBook.replace("worker", scalingState(at, 2));
    expect([state?.version, order?.workers, seen.calls]).toEqual([1, 2, ["QueryCommand contract-ledger", "UpdateCommand contract-ledger"]]);
  });
  it("decisions and orders may be thrown away by DynamoDB once nobody reads them any more, the state never", async () => {
    await ledger.scalingBook.order({ service: "worker", workers: 2, max: undefined, by: "ana", because: "b", at, until: at });
    await ledger.scalingBook.replace("worker", scalingState(at, 1));
    await ledger.scalingBook.record(scalingDecision("worker", at));
    const rows = await seen.rows(tables.ledger);
    // 30 and 7 days after 2026-11-21T03:00:00Z, in seconds.
    expect(rows.map((row) => [String(row["sk"]).slice(0, 8), row["expires"]]).toSorted()).toEqual([
      ["DECISION", 1_797_822_000],
      ["ORDER", 1_795_834_800],
      ["STATE", undefined],
    ]);
  });
  it("the first append of a process reads the chain's end once", async () => {
    await ledger.audit.append(entry("a"));
    await ledger.audit.append(entry("b"));
    expect(seen.calls).toEqual(["QueryCommand contract-audit", "PutCommand contract-audit", "PutCommand contract-audit"]);
  });
  it("every read is strongly consistent and every write of a new row conditional", async () => {
    await ledger.control.read();
    await ledger.signals.read(serviceName("api"), at);
    await ledger.claims.claim("k", "me", at);
    await ledger.incidents.open({ id: "i", group: "api", service: "api", severity: "P3", title: "t", openedAt: at, by: "guard" });
    expect(seen.inputs.filter((input) => "Key" in input && !("UpdateExpression" in input)).every((input) => input["ConsistentRead"] === true)).toBe(true);
    expect(seen.inputs.filter((input) => "KeyConditionExpression" in input).every((input) => input["ConsistentRead"] === true)).toBe(true);
    expect(seen.inputs.filter((input) => "Item" in input || "UpdateExpression" in input).every((input) => "ConditionExpression" in input)).toBe(true);
  });
  it("every row carries the schema version", async () => {
    await ledger.control.replace({ ...emptyControl, version: 1 });
    await ledger.audit.append(entry("a"));
    const rows = [...(await seen.rows(tables.ledger)), ...(await seen.rows(tables.audit))];
    expect(rows.map((row) => row["v"])).toEqual([1, 1]);
  });
  it("what a newer release put into a row survives our writing it", async () => {
    await ledger.control.replace({ ...emptyControl, version: 1, holds: [{ scope: "all", by: "ana", because: "x", at, until: undefined }] });
    const row = await seen.row(tables.ledger, "CONTROL", "ROW");
    await seen.put(tables.ledger, { ...row, invented: "later", holds: [{ scope: "all", by: "ana", because: "x", at, ticket: "OPS-7" }] });
    const state = await ledger.control.read();
    expect(await ledger.control.replace({ ...state, version: 2 })).toBe(true);
    expect(await seen.row(tables.ledger, "CONTROL", "ROW")).toMatchObject({ invented: "later", version: 2, holds: [{ ticket: "OPS-7" }] });
  });
  it.each([
    ["version", "text", 'attribute version holds "text" where a number belongs'],
    ["holds", [{ scope: "all", by: 7, because: "x", at }], "attribute holds[0].by holds 7 where a text belongs"],
    [
      "leases",
      [{ resource: "api", holder: "k", purpose: "fun", epoch: 1, until: 1 }],
      'attribute leases[0].purpose holds "fun" where one of rollback, scale, backup belongs',
    ],
    ["spent", undefined, "attribute spent holds nothing where a list of objects belongs"],
  ])("a row with a wrong %s is refused by the name of row and attribute", async (attribute, value, message) => {
    await ledger.control.replace({ ...emptyControl, version: 1 });
    const { [attribute]: _right, ...rest } = (await seen.row(tables.ledger, "CONTROL", "ROW")) ?? {};
    await seen.put(tables.ledger, value === undefined ? rest : { ...rest, [attribute]: value });
    const refusal = await ledger.control.read().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(PortError);
    expect(refusal).toMatchObject({ kind: "invalid", on: "pk=CONTROL sk=ROW" });
    expect(String(refusal)).toContain(message);
  });
  it("an audit record whose body is no longer an object is refused by name", async () => {
    await ledger.audit.append(entry("a"));
    await seen.put(tables.audit, { ...(await seen.row(tables.audit, "CHAIN#api", "000000000001")), body: "{" });
    await expect(ledger.audit.read("api")).rejects.toMatchObject({ kind: "invalid", on: "pk=CHAIN#api sk=000000000001" });
  });
  it("an append whose answer was lost is found again, not repeated", async () => {
    seen.fail({ command: "PutCommand", applied: true, error: Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }) });
    await expect(ledger.audit.append(entry("a"))).rejects.toMatchObject({ kind: "timeout", outcomeUnknown: true });
    expect(await ledger.audit.append(entry("a"))).toMatchObject({ seq: 1, key: "a" });
    expect(await ledger.audit.read("api")).toHaveLength(1);
  });
  it("a revision whose pointer was written and whose row was not is completed at the next sighting", async () => {
    const record = {
      service: serviceName("api"),
      grade: "candidate" as const,
      gradedAt: at,
      because: "first seen",
      firstSeen: at,
      labels: {},
      provisional: false,
      pinned: undefined,
      identity: { key: identityKey("r"), images: [], taskDefinition: taskDefinitionArn("arn"), taskDefinitionHash: "t", configHash: "c" },
    };
    await ledger.revisions.see(record);
    await seen.remove(tables.ledger, "REV#api", "SEEN#001795230000000#r");
    await expect(ledger.revisions.grade(serviceName("api"), identityKey("r"), "good", "?", at)).rejects.toMatchObject({ kind: "not-found" });
    expect(await ledger.revisions.see({ ...record, firstSeen: epochMs(at + 9) })).toMatchObject({ grade: "candidate" });
    expect(await ledger.revisions.list(serviceName("api"))).toHaveLength(1);
  });
  it.each([
    ["ProvisionedThroughputExceededException", 400, "throttled", "throttled"],
    ["InternalServerError", 500, "unavailable", "timeout"],
    ["ServiceUnavailable", 503, "unavailable", "unavailable"],
    ["AccessDeniedException", 400, "denied", "denied"],
    ["ResourceNotFoundException", 400, "not-found", "not-found"],
    ["ValidationException", 400, "invalid", "invalid"],
  ])("%s on a read is %s %s, on a write %s", async (name, httpStatusCode, onRead, onWrite) => {
    const failure = { applied: false, error: Object.assign(new Error("from DynamoDB"), { name, $metadata: { httpStatusCode } }) };
    seen.fail({ ...failure, command: "GetCommand" });
    await expect(ledger.control.read()).rejects.toMatchObject({ kind: onRead, operation: "dynamodb:GetItem", on: "contract-ledger CONTROL ROW" });
    seen.fail({ ...failure, command: "UpdateCommand" });
    await expect(ledger.control.replace({ ...emptyControl, version: 1 })).rejects.toMatchObject({ kind: onWrite, operation: "dynamodb:UpdateItem" });
  });
  it("a failure to make the client is not mistaken for an answer", async () => {
    const doc = (): Promise<Doc> => Promise.reject(new Error("no region"));
    await expect(ledgerPorts(doc, tables).claims.claim("k", "me", at)).rejects.toThrow("no region");
  });
});
