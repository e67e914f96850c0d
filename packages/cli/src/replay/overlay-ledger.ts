import type { LedgerPorts } from "@nightshift/aws/ledger/index";
import type { AlarmState, AuditRecord, ChangeNote, ControlState, GoodTuple, RevisionRecord, WatchRecord } from "@nightshift/model";
import { emptyControl, epochMs } from "@nightshift/model";

/**
 * A ledger in memory over another one (or over none): reads see the real rows, writes stay here and are lost at the end.
 * That is how a rehearsal takes leases and remembers revisions without anybody noticing. What the scaler keeps is in `unscaled`, what is known of backups in `unbacked`.
 */
export function overlayLedger(base: Partial<LedgerPorts>): Omit<LedgerPorts, "scalingBook" | "backupBook"> {
  return {
    ...overlayState(base),
    ...overlayKnowledge(base),
    audit: recordOnly(base),
    ...untold(base),
    approvals: {
      ask: async () => {},
      find: async (plan) => base.approvals?.find(plan),
      answer: async () => "unknown",
      pending: async (at) => base.approvals?.pending(at) ?? [],
    },
    claims: { claim: async () => true },
    plans: { keep: async () => {}, find: async (id) => base.plans?.find(id) },
    nonces: { spend: async () => true },
  };
}

type Telling = "incidents" | "incidentAlarms" | "groups" | "wakes" | "silences" | "onCall" | "heartbeats" | "deliveries" | "budgets";

/** Nobody is told of a rehearsal: no incident is opened, none is joined, nothing is sent. */
function untold(base: Partial<LedgerPorts>): Pick<LedgerPorts, Telling> {
  return {
    incidents: {
      open: async () => {},
      say: async () => true,
      find: async (id) => base.incidents?.find(id),
      list: async (limit, more) => base.incidents?.list(limit, more) ?? [],
    },
    incidentAlarms: { read: async () => ({ version: 0, alarms: [] }), replace: async () => true },
    groups: { find: async () => undefined, point: async () => true, recent: async () => [], noteOpened: async () => {} },
    wakes: { wait: async () => {}, waiting: async () => undefined, lastWait: async () => undefined },
    silences: {
      add: async () => {},
      end: async () => false,
      standing: async (at) => base.silences?.standing(at) ?? [],
      keep: async () => {},
      kept: async () => [],
      settle: async () => {},
    },
    onCall: { override: async () => {}, overrides: async (from, to) => base.onCall?.overrides(from, to) ?? [] },
    heartbeats: { beat: async () => {}, answered: async () => {}, last: async () => undefined },
    deliveries: { all: async () => [], begin: async () => true, settle: async () => {} },
    budgets: {
      read: async (scope) => ({ scope, version: 0, notBefore: epochMs(0), spent: [], failures: 0, failingSince: undefined }),
      replace: async () => true,
    },
  };
}

/** What governs the automatics: the control row and the watches. */
function overlayState(base: Partial<LedgerPorts>): Pick<LedgerPorts, "control" | "watches"> {
  let control: ControlState | undefined;
  const watches = new Map<string, WatchRecord>();
  return {
    control: {
      read: async () => control ?? (await base.control?.read()) ?? emptyControl,
      replace: async (next) => {
        control = next;
        return true;
      },
    },
    watches: {
      find: async (group) => watches.get(group) ?? base.watches?.find(group),
      replace: async (_previous, next) => {
        watches.set(next.group, next);
        return true;
      },
      all: async () => {
        const real = (await base.watches?.all()) ?? [];
        return [...watches.values(), ...real.filter((row) => !watches.has(row.group))];
      },
    },
  };
}

/** What is known of revisions, groups and signals. */
function overlayKnowledge(base: Partial<LedgerPorts>): Pick<LedgerPorts, "revisions" | "tuples" | "signals"> {
  const revisions = new Map<string, RevisionRecord>();
  const tuples: GoodTuple[] = [];
  const alarms = new Map<string, { readonly service: string; readonly alarm: AlarmState }>();
  const changes: ChangeNote[] = [];
  const list = async (service: RevisionRecord["service"]): Promise<readonly RevisionRecord[]> => {
    const mine = [...revisions.values()].filter((row) => row.service === service);
    const real = ((await base.revisions?.list(service)) ?? []).filter((row) => !mine.some((own) => own.identity.key === row.identity.key));
    return [...mine, ...real].toSorted((a, b) => b.firstSeen - a.firstSeen).slice(0, 20);
  };
  const change = async (service: RevisionRecord["service"], key: string, next: Partial<RevisionRecord>): Promise<void> => {
    const standing = (await list(service)).find((row) => row.identity.key === key);
    if (standing !== undefined) revisions.set(`${service} ${key}`, { ...standing, ...next });
  };
  return {
    revisions: {
      list,
      see: async (record) => {
        const standing = (await list(record.service)).find((row) => row.identity.key === record.identity.key);
        if (standing !== undefined) return standing;
        revisions.set(`${record.service} ${record.identity.key}`, record);
        return record;
      },
      grade: (service, key, grade, because, gradedAt) => change(service, key, { grade, because, gradedAt }),
      pin: (service, key, pinned) => change(service, key, { pinned }),
    },
    tuples: {
      list: async (group) => [...tuples.filter((tuple) => tuple.group === group).toReversed(), ...((await base.tuples?.list(group)) ?? [])].slice(0, 10),
      add: async (tuple) => void tuples.push(tuple),
    },
    signals: {
      read: async (service, since) => {
        const real = (await base.signals?.read(service, since)) ?? { alarms: [], changes: [] };
        const mine = [...alarms.values()].filter((one) => one.service === service).map((one) => one.alarm);
        return {
          alarms: [...mine, ...real.alarms.filter((alarm) => !mine.some((one) => one.name === alarm.name))],
          changes: [...real.changes, ...changes.filter((note) => note.service === service && note.at >= since)],
        };
      },
      alarm: async (service, alarm) => void alarms.set(`${service} ${alarm.name}`, { service, alarm }),
      change: async (note) => void changes.push(note),
    },
  };
}

/** Nothing is appended: a rehearsal leaves no trace in the chain. */
const recordOnly = (base: Partial<LedgerPorts>): LedgerPorts["audit"] => ({
  append: async (entry): Promise<AuditRecord> => ({ ...entry, seq: 0, previousHash: "", hash: "" }),
  read: async (chain, before) => base.audit?.read(chain, before) ?? [],
});
