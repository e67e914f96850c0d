import { type Approval, type AuditRecord, type ControlState, emptyControl, type EpochMs, epochMs, type Entry, type Incident } from "@nightshift/model";
import type { Needs } from "../needs.ts";

/** The ports the runtime needs, kept in memory, for its own tests. */
export interface FakeNeeds extends Needs {
  at: EpochMs;
  state: ControlState;
  readonly records: AuditRecord[];
  readonly rows: Map<string, Approval>;
  readonly said: Map<string, { header: Omit<Incident, "entries">; entries: Map<string, Entry> }>;
}

export function fakeNeeds(): FakeNeeds {
  const fake: FakeNeeds = {
    at: epochMs(1_000_000),
    state: emptyControl,
    records: [],
    rows: new Map(),
    said: new Map(),
    clock: { now: () => fake.at },
    control: {
      read: async () => fake.state,
      replace: async (next) => {
        if (next.version !== fake.state.version + 1) return false;
        fake.state = next;
        return true;
      },
    },
    audit: {
      append: async (entry) => {
        const stands = fake.records.find((one) => one.chain === entry.chain && one.key === entry.key);
        if (stands !== undefined) return stands;
        const record: AuditRecord = { ...entry, seq: fake.records.length, previousHash: "", hash: "" };
        fake.records.push(record);
        return record;
      },
      read: async (chain) => fake.records.filter((one) => one.chain === chain).toReversed(),
    },
    incidents: {
      open: async (incident) => {
        if (!fake.said.has(incident.id)) fake.said.set(incident.id, { header: incident, entries: new Map() });
      },
      say: async (id, entry) => {
        const entries = fake.said.get(id)?.entries;
        if (entries !== undefined && !entries.has(entry.key)) entries.set(entry.key, entry);
      },
      settle: async (id, state, shown) => {
        const row = fake.said.get(id);
        if (row !== undefined) row.header = { ...row.header, state, ...shown };
      },
      find: async (id) => {
        const row = fake.said.get(id);
        return row === undefined ? undefined : { ...row.header, entries: [...row.entries.values()] };
      },
      list: async () => [],
    },
    approvals: {
      ask: async (approval) => {
        if (!fake.rows.has(approval.plan)) fake.rows.set(approval.plan, approval);
      },
      find: async (plan) => fake.rows.get(plan),
      answer: async () => "unknown",
      pending: async () => [...fake.rows.values()],
    },
  };
  return fake;
}
