// Loaded beforehand: the adapter loads it at its first call, which takes real time, and the lab's time does not wait for that.
import "@aws-sdk/lib-dynamodb";
import { type Doc, type LedgerPorts, ledgerPorts } from "@nightshift/aws/ledger/index";
import { createAccount } from "@nightshift/lab/account";
import { type Approval, ecsDeploymentId, emptyControl, epochMs, serviceName, tableKeys, type WatchRecord } from "@nightshift/model";
import type { GuardName } from "@nightshift/model/guards";
import { backupRow } from "../testing/backup-rows.ts";
import { scalingDecision, scalingState } from "../testing/scaling-rows.ts";
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
  needs: { role: "operator", people: 1 },
  requester: "nightshift/guard",
  incident: undefined,
  given: [],
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
const incident = { id: "INC-1", group: "shop", service: "shop-api", severity: "P2", title: "first", openedAt: now, by: "guard" } as const;
const message = { key: "header", channel: "C1", thread: undefined, covers: [], ts: "1", shown: undefined, startedAt: now, tries: 1 } as const;

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
      return (await incidents.find("INC-1"))?.opening.title === "first";
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
    "sent stays sent",
    "a slower sender does not unsend",
    async ({ deliveries }) => {
      for (const state of ["sent", "trying"] as const) await deliveries.begin("INC-1", { ...message, state });
      return (await deliveries.all("INC-1"))[0]?.state === "sent";
    },
  ],
  [
    "only what was begun is settled",
    "nothing is called sent that nobody sent",
    async ({ deliveries }) => {
      await deliveries.settle("INC-1", "header", { state: "sent", tries: 1 }).catch(() => {});
      return (await deliveries.all("INC-1").catch(() => ["a row that is no delivery"])).length === 0;
    },
  ],
  [
    "one incident a group",
    "of two that open an incident for a group one wins",
    async ({ groups }) => {
      const pointer = { group: "shop", incident: "INC-1", opening: incident, version: 1 };
      return (await groups.point(undefined, pointer)) && !(await groups.point(undefined, { ...pointer, incident: "INC-2" }));
    },
  ],
  [
    "alarms are as they were read",
    "of two that write a shard one wins",
    async ({ incidentAlarms }) => (await incidentAlarms.replace("INC-1", 0, 0, [])) && !(await incidentAlarms.replace("INC-1", 0, 0, [])),
  ],
  [
    "silence is set once",
    "a silence stays as it was set",
    async ({ silences }) => {
      for (const because of ["first", "second"]) await silences.add({ id: "s", scope: "all", by: "ann", because, from: now, until: later });
      return (await silences.standing(now))[0]?.because === "first";
    },
  ],
  [
    "silence ends once",
    "a silence that ended is not made longer by ending it again",
    async ({ silences }) => {
      await silences.add({ id: "s", scope: "all", by: "ann", because: "first", from: now, until: later });
      await silences.end("s", epochMs(now + 1_000));
      await silences.end("s", later);
      return (await silences.standing(epochMs(now + 2_000))).length === 0;
    },
  ],
  [
    "hand-over is entered once",
    "a hand-over stays as it was entered",
    async ({ onCall }) => {
      for (const person of ["ann", "bob"]) await onCall.override({ id: "o", rota: "shop", person, by: "ann", from: now, until: later });
      return (await onCall.overrides(now, later))[0]?.person === "ann";
    },
  ],
  [
    "plan is kept once",
    "a plan never changes under its id",
    async ({ plans }) => {
      const kept = { id: "p", verb: "rollback", service: "shop-api", requester: "ann", incident: undefined, because: "5xx", madeAt: now, expiresAt: later };
      for (const hash of ["first", "second"]) await plans.keep({ ...kept, hash, calls: [], preconditions: {}, input: {} });
      return (await plans.find("p"))?.hash === "first";
    },
  ],
  ["request is taken once", "a request is good once", async ({ nonces }) => (await nonces.spend("n", later)) && !(await nonces.spend("n", later))],
  [
    "two yeses are of two people",
    "one person's two clicks are one yes",
    async ({ approvals }) => {
      await approvals.ask({ ...plan, needs: { role: "owner", people: 2 } });
      for (let click = 0; click < 2; click++) await approvals.answer(plan.plan, "hash", "approved", "ann", now);
      return (await approvals.find(plan.plan))?.state === "pending";
    },
  ],
  [
    "every yes is counted",
    "of two yeses at once none is lost",
    async (one, other) => {
      // Of several plans at least one is answered by both between the same reading and writing.
      const plans = ["p1", "p2", "p3", "p4", "p5", "p6"].map((name) => ({ ...plan, plan: name, needs: { role: "owner" as const, people: 2 as const } }));
      const given: number[] = [];
      for (const asked of plans) {
        await one.approvals.ask(asked);
        await Promise.all([
          one.approvals.answer(asked.plan, "hash", "approved", "ann", now),
          other.approvals.answer(asked.plan, "hash", "approved", "bob", now),
        ]);
        given.push((await one.approvals.find(asked.plan))?.given.length ?? 0);
      }
      return given.every((count) => count === 2);
    },
  ],
  [
    "backup row is as it was read",
    "of two that write a backup's first row one writes",
    async (one, other) => (await one.backupBook.replace(backupRow("shop", 1))) && !(await other.backupBook.replace(backupRow("shop", 1))),
  ],
  [
    "scaling state is as it was read",
    "of two looks at one service at once one writes",
    async (one, other) => {
      const next = scalingState(now, 1);
      return (await one.scalingBook.replace("shop-worker", next)) && !(await other.scalingBook.replace("shop-worker", next));
    },
  ],
  [
    "scaling decision is kept once",
    "a decision that is recorded again stays as it was",
    async ({ scalingBook }) => {
      const decision = scalingDecision("shop-worker", now);
      await scalingBook.record(decision);
      await scalingBook.record({ ...decision, from: scalingState(now, 99) });
      return (await scalingBook.decisions("shop-worker"))[0]?.from.version === 7;
    },
  ],
  [
    "send budget is as it was read",
    "of two that count at once one wins",
    async ({ budgets }) => {
      const next = { scope: "C1", version: 1, notBefore: now, spent: [now], failures: 0, failingSince: undefined };
      return (await budgets.replace(next)) && !(await budgets.replace(next));
    },
  ],
];

export const ledgerGuards: readonly GuardCase[] = rows.map(([name, promise, work]) => ({ off: [name], promise, kept: onFreshTables(work) }));
