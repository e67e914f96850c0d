import { type LedgerPorts, ledgerPorts } from "@nightshift/aws/ledger/index";
import { ledgerGrants } from "@nightshift/aws/ledger/grants";
import { epochMs, identityKey, serviceName, taskDefinitionArn } from "@nightshift/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localLedger } from "./ledger-local.ts";
import { backupRow } from "../testing/backup-rows.ts";
import { scalingDecision, scalingState } from "../testing/scaling-rows.ts";
import { watched } from "./ledger-watched.ts";

const at = epochMs(1_795_230_000_000);
const later = epochMs(1_795_230_001_000);
const api = serviceName("api");
const revision = {
  service: api,
  grade: "candidate" as const,
  gradedAt: at,
  because: "first seen",
  firstSeen: at,
  labels: {},
  provisional: false,
  pinned: undefined,
  identity: { key: identityKey("r"), images: [], taskDefinition: taskDefinitionArn("arn"), taskDefinitionHash: "t", configHash: "c" },
};
const approval = {
  plan: "p",
  planHash: "h",
  what: "w",
  because: "b",
  service: "api",
  askedAt: at,
  expiresAt: later,
  state: "pending" as const,
  needs: { role: "operator" as const, people: 1 as const },
  requester: "ana",
  incident: undefined,
  given: [],
  by: undefined,
  answeredAt: undefined,
  callbackId: undefined,
};
const silenced = {
  ...{ name: "api-slow", service: "api", value: "ALARM" as const, at, reason: "slow", severity: "P3" as const, role: "symptom" as const },
  ...{ group: "g", title: "api is slow" },
};
const opening = { id: "i", group: "g", service: "api", severity: "P3" as const, title: "t", openedAt: at, by: "guard" };
const plan = {
  id: "p",
  hash: "h",
  verb: "rollback",
  service: "api",
  requester: "ana",
  incident: undefined,
  because: "b",
  madeAt: at,
  expiresAt: later,
  calls: [],
  preconditions: {},
  input: {},
};
const delivery = {
  key: "header",
  state: "trying" as const,
  channel: "C1",
  thread: undefined,
  covers: [],
  ts: undefined,
  shown: undefined,
  startedAt: at,
  tries: 1,
};
const audited = { chain: "api", key: "k", at, kind: "intent" as const, actor: "guard", body: {} };
const watch = { group: "g", key: "k", members: {}, openedAt: at, state: "watching" as const, ours: [], tailUntil: later, verdict: undefined };

const scaling = scalingState(at, 1);
const order = { service: "worker", workers: 3, max: undefined, by: "ana", because: "b", at, until: later };

type Uses = { readonly [Port in keyof LedgerPorts]: { readonly [Method in keyof LedgerPorts[Port]]: (ledger: LedgerPorts) => Promise<unknown> } };

/** Each method in each of its ways, ordinary and refused; a missing method does not compile. */
const uses: Uses = {
  control: { read: (l) => l.control.read(), replace: async (l) => l.control.replace({ ...(await l.control.read()), version: 1 }) },
  revisions: {
    see: async (l) => [await l.revisions.see(revision), await l.revisions.see(revision)],
    list: (l) => l.revisions.list(api),
    grade: async (l) => [
      await l.revisions.grade(api, revision.identity.key, "good", "b", later),
      await l.revisions.grade(api, revision.identity.key, "bad", "b", at),
    ],
    pin: (l) => l.revisions.pin(api, revision.identity.key, taskDefinitionArn("arn2")),
  },
  tuples: { add: (l) => l.tuples.add({ group: "g", members: {}, at }), list: (l) => l.tuples.list("g") },
  watches: {
    find: (l) => l.watches.find("g"),
    replace: async (l) => [await l.watches.replace(undefined, watch), await l.watches.replace(undefined, watch)],
    all: (l) => l.watches.all(),
  },
  signals: {
    read: (l) => l.signals.read(api, at),
    alarm: (l) => l.signals.alarm(api, { name: "a", value: "OK", since: at, reason: "r" }),
    change: (l) => l.signals.change({ service: api, kind: "migration", at }),
  },
  audit: { append: async (l) => [await l.audit.append(audited), await l.audit.append(audited)], read: (l) => l.audit.read("api") },
  incidents: {
    open: (l) => l.incidents.open(opening),
    say: (l) => l.incidents.say("i", { key: "k", at, kind: "note", text: "t", announce: true }),
    find: (l) => l.incidents.find("i"),
    list: (l) => l.incidents.list(10),
  },
  approvals: {
    ask: async (l) => [await l.approvals.ask(approval), await l.approvals.ask(approval)],
    find: (l) => l.approvals.find("p"),
    pending: async (l) => [await l.approvals.pending(at), await l.approvals.pending(approval.expiresAt)],
    answer: async (l) => [await l.approvals.answer("p", "x", "denied", "ana", at), await l.approvals.answer("p", "h", "approved", "ana", at)],
  },
  claims: { claim: (l) => l.claims.claim("k", "me", at) },
  incidentAlarms: { read: (l) => l.incidentAlarms.read("i", 0), replace: (l) => l.incidentAlarms.replace("i", 0, 0, []) },
  groups: {
    find: (l) => l.groups.find("g"),
    point: (l) => l.groups.point(undefined, { group: "g", incident: "i", opening, version: 1 }),
    recent: (l) => l.groups.recent(at),
    noteOpened: (l) => l.groups.noteOpened("g", "i", at),
  },
  wakes: { wait: (l) => l.wakes.wait("i", "cb", at), waiting: (l) => l.wakes.waiting("i"), lastWait: (l) => l.wakes.lastWait("i") },
  silences: {
    add: (l) => l.silences.add({ id: "s", scope: "api", by: "ana", because: "b", from: at, until: later }),
    end: (l) => l.silences.end("s", at),
    standing: (l) => l.silences.standing(at),
    keep: (l) => l.silences.keep(silenced),
    kept: (l) => l.silences.kept(),
    settle: (l) => l.silences.settle(silenced.name, at),
  },
  onCall: {
    override: (l) => l.onCall.override({ id: "o", rota: "shop", person: "ana", by: "bob", from: at, until: later }),
    overrides: (l) => l.onCall.overrides(at, later),
  },
  plans: { keep: (l) => l.plans.keep(plan), find: (l) => l.plans.find("p") },
  nonces: { spend: (l) => l.nonces.spend("n", later) },
  heartbeats: { beat: (l) => l.heartbeats.beat(at), answered: (l) => l.heartbeats.answered(at), last: (l) => l.heartbeats.last() },
  deliveries: {
    begin: (l) => l.deliveries.begin("i", delivery),
    settle: (l) => l.deliveries.settle("i", "header", { state: "sent", tries: 2 }),
    all: (l) => l.deliveries.all("i"),
  },
  scalingBook: {
    read: (l) => l.scalingBook.read("worker"),
    replace: async (l) => [await l.scalingBook.replace("worker", scaling), await l.scalingBook.replace("worker", scaling)],
    order: (l) => l.scalingBook.order(order),
    endOrder: async (l) => [await l.scalingBook.endOrder("worker"), await l.scalingBook.endOrder("worker")],
    record: async (l) => [await l.scalingBook.record(scalingDecision("worker", at)), await l.scalingBook.record(scalingDecision("worker", at))],
    decisions: async (l) => [await l.scalingBook.decisions("worker"), await l.scalingBook.decisions("worker", at)],
  },
  backupBook: {
    all: (l) => l.backupBook.all("shop"),
    find: (l) => l.backupBook.find("shop", backupRow("shop", 1).id),
    replace: async (l) => [await l.backupBook.replace(backupRow("shop", 1)), await l.backupBook.replace(backupRow("shop", 1))],
    sample: (l) => l.backupBook.sample({ of: "shop", at }),
    samples: (l) => l.backupBook.samples("shop", at),
  },
  budgets: { read: (l) => l.budgets.read("C1"), replace: async (l) => l.budgets.replace({ ...(await l.budgets.read("C1")), version: 1 }) },
};

const actionOf = (call: string) => `dynamodb:${call.replace(/Command .*$/, "")}`.replace(/:(Get|Put|Update|Delete)$/, ":$1Item");

describe("the ledger's grants", () => {
  let local: Awaited<ReturnType<typeof localLedger>>;
  let seen: ReturnType<typeof watched>;
  let ledger: LedgerPorts;
  beforeAll(async () => {
    local = await localLedger();
    seen = watched(local.doc);
    ledger = ledgerPorts(async () => seen.doc, local.tables);
  });
  afterAll(() => local.close());

  it("every call of every method is granted, and nothing is granted that no method calls", async () => {
    for (const [port, methods] of Object.entries(uses)) {
      for (const [method, use] of Object.entries(methods)) {
        // `control.replace` (and `budgets.replace`) reads before it writes, as its callers do: only the write is its own.
        const first = (port === "control" || port === "budgets") && method === "replace" ? 1 : 0;
        seen.calls.length = 0;
        seen.inputs.length = 0;
        await use(ledger);
        const made = seen.calls
          .slice(first)
          .map((call, index) => `${call.includes("audit") ? "audit" : "ledger"} ${actionOf(call)} ${patternOf(keyIn(seen.inputs[index + first]))}`);
        expect([...new Set(made)].sort(), `${port}.${method}`).toEqual(granted(port, method).toSorted());
      }
    }
  });
  it("nothing updates or deletes in the audit table", () => {
    const actions = Object.values(ledgerGrants.audit)
      .flat()
      .flatMap((grant) => grant.actions);
    expect([...new Set(actions)].sort()).toEqual(["dynamodb:PutItem", "dynamodb:Query"]);
  });
});

function keyIn(input: Readonly<Record<string, unknown>> | undefined): string {
  const holder = input?.["Key"] ?? input?.["Item"] ?? input?.["ExpressionAttributeValues"];
  const found: unknown = typeof holder === "object" && holder !== null ? (Reflect.get(holder, "pk") ?? Reflect.get(holder, ":pk")) : undefined;
  return String(found);
}
const patternOf = (pk: string) => (pk.includes("#") ? `${pk.slice(0, pk.indexOf("#") + 1)}*` : pk);

function granted(port: string, method: string): readonly string[] {
  const methods: unknown = Reflect.get(ledgerGrants, port);
  const grants: unknown = typeof methods === "object" && methods !== null ? Reflect.get(methods, method) : undefined;
  if (!Array.isArray(grants)) return [];
  return grants.flatMap((grant: (typeof ledgerGrants.control.read)[number]) =>
    grant.actions.flatMap((action) => grant.leadingKeys.map((key) => `${grant.table} ${action} ${key}`)),
  );
}
