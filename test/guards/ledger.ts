// Loaded beforehand: the adapter loads it at its first call, which takes real time, and the lab's time does not wait for that.
import "@aws-sdk/lib-dynamodb";
import { type Doc, type LedgerPorts, ledgerPorts } from "@nightshift/aws/ledger/index";
import { createAccount } from "@nightshift/lab/account";
import { type Approval, ecsDeploymentId, emptyControl, epochMs, serviceName, tableKeys, type WatchRecord } from "@nightshift/model";
import type { GuardName } from "@nightshift/model/guards";
import type { GuardCase } from "./case.ts";

const now = epochMs(1_773_457_200_000);
const later = epochMs(now + 60_000);
const api = serviceName("shop-api");
const tables = { ledger: "ledger", audit: "audit" };

/** Two processes over the same two fresh tables of a lab account. */
function onFreshTables(work: (one: LedgerPorts, other: LedgerPorts) => Promise<boolean>): () => Promise<boolean> {
  return async () => {
    const account = createAccount({ seed: 7 });
    for (const name of Object.values(tables)) account.dynamodb.create({ name, partition: tableKeys.partition, sort: tableKeys.sort });
    // The lab's client has one `send` for every command; the adapter reads the answers that the SDK's types name.
    const doc = account.client("dynamodb", "guards") as Doc;
    const open = () => ledgerPorts(async () => doc, tables);
    return account.run(() => work(open(), open()));
  };
}

const plan: Approval = {
  plan: "shop-api-43-to-42",
  planHash: "hash",
  what: "roll back",
  because: "5xx",
  service: "shop-api",
  askedAt: now,
  expiresAt: later,
  state: "pending",
  by: undefined,
  answeredAt: undefined,
  callbackId: undefined,
};
const watch: WatchRecord = {
  group: "shop",
  key: "guard/shop/1",
  members: { "shop-api": ecsDeploymentId("ecs-svc/1") },
  openedAt: now,
  state: "watching",
  ours: [],
  tailUntil: later,
  verdict: undefined,
};
const entry = (key: string) => ({ chain: "shop-api", key, at: now, kind: "intent", actor: "guard", body: { key } }) as const;
const incident = { id: "INC-1", service: "shop-api", severity: "P2", title: "first", openedAt: now, state: "open" } as const;

const rows: readonly (readonly [GuardName, string, (one: LedgerPorts, other: LedgerPorts) => Promise<boolean>])[] = [
  [
    "approval is single use",
    "a plan is answered once",
    async ({ approvals }) => {
      await approvals.ask(plan);
      await approvals.answer(plan.plan, "hash", "denied", "ann", now);
      return (await approvals.answer(plan.plan, "hash", "approved", "bob", now)) === "answered-before";
    },
  ],
  [
    "approval is bound to its hash",
    "a word for another plan is not taken",
    async ({ approvals }) => {
      await approvals.ask(plan);
      return (await approvals.answer(plan.plan, "other", "approved", "ann", now)) === "plan-changed";
    },
  ],
  [
    "approval expires",
    "a word after the deadline is not taken",
    async ({ approvals }) => {
      await approvals.ask(plan);
      return (await approvals.answer(plan.plan, "hash", "approved", "ann", later)) === "expired";
    },
  ],
  [
    "approval is asked once",
    "a denied plan is not pending again",
    async ({ approvals }) => {
      await approvals.ask(plan);
      await approvals.answer(plan.plan, "hash", "denied", "ann", now);
      await approvals.ask(plan);
      return (await approvals.find(plan.plan))?.state === "denied";
    },
  ],
  [
    "audit is append-only",
    "appenders that know different ends lose no record",
    async (one, other) => {
      await one.audit.append(entry("a"));
      await other.audit.append(entry("b"));
      await one.audit.append(entry("c"));
      return (await one.audit.read("shop-api")).length === 3;
    },
  ],
  [
    "audit record is kept once",
    "the same record is kept once",
    async ({ audit }) => {
      await audit.append(entry("a"));
      await audit.append(entry("a"));
      return (await audit.read("shop-api")).length === 1;
    },
  ],
  [
    "work is claimed once",
    "one piece of work has one worker",
    async ({ claims }) => (await claims.claim("work", "one", now)) && !(await claims.claim("work", "other", now)),
  ],
  [
    "control row is as it was read",
    "of two that write over the same row one wins",
    async ({ control }) => {
      const next = { ...emptyControl, version: 1 };
      return (await control.replace(next)) && !(await control.replace(next));
    },
  ],
  [
    "watch row is as it was read",
    "of two that open a watch one wins",
    async ({ watches }) => (await watches.replace(undefined, watch)) && !(await watches.replace(undefined, { ...watch, key: "guard/shop/2" })),
  ],
  [
    "late alarm changes nothing",
    "an older OK does not end an ALARM",
    async ({ signals }) => {
      await signals.alarm(api, { name: "5xx", value: "ALARM", since: later, reason: "" });
      await signals.alarm(api, { name: "5xx", value: "OK", since: now, reason: "" });
      return (await signals.read(api, now)).alarms[0]?.value === "ALARM";
    },
  ],
  [
    "incident opens once",
    "an open incident keeps its title",
    async ({ incidents }) => {
      await incidents.open(incident);
      await incidents.open({ ...incident, title: "second" });
      return (await incidents.find("INC-1"))?.title === "first";
    },
  ],
  [
    "line is said once",
    "a line stays as it was said",
    async ({ incidents }) => {
      await incidents.open(incident);
      for (const text of ["first", "second"]) await incidents.say("INC-1", { key: "seen", at: now, kind: "seen", text, announce: true });
      return (await incidents.find("INC-1"))?.entries[0]?.text === "first";
    },
  ],
  [
    "first thread stands",
    "an incident stays in its thread",
    async ({ deliveries }) => {
      for (const ts of ["1", "2"]) await deliveries.setThread("INC-1", "C1", ts);
      return (await deliveries.thread("INC-1"))?.ts === "1";
    },
  ],
  [
    "sent stays sent",
    "a slower sender does not unsend",
    async ({ deliveries }) => {
      for (const state of ["sent", "trying"] as const) await deliveries.mark("INC-1", "seen", state);
      return (await deliveries.state("INC-1", "seen")) === "sent";
    },
  ],
];

export const ledgerGuards: readonly GuardCase[] = rows.map(([name, promise, work]) => ({ off: [name], promise, kept: onFreshTables(work) }));
