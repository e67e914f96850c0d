import { type Approval, type AuditRecord, type ControlState, emptyControl, type EpochMs, epochMs } from "@nightshift/model";
import type { Needs } from "../needs.ts";
import { type FakeIncidents, fakeIncidents } from "./fake-incidents.ts";

/** The ports the runtime needs, kept in memory, for its own tests. */
export interface FakeNeeds extends Needs, FakeIncidents {
  at: EpochMs;
  state: ControlState;
  readonly records: AuditRecord[];
  readonly rows: Map<string, Approval>;
}

export function fakeNeeds(): FakeNeeds {
  const fake: FakeNeeds = {
    ...fakeIncidents(),
    at: epochMs(1_000_000),
    state: emptyControl,
    records: [],
    rows: new Map(),
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
