import { type EcsDeploymentId, ecsDeploymentId, epochMs, keyPrefixes, type WatchRecord } from "@nightshift/model";
import { guarded } from "@nightshift/model/guards";
import type { Watches } from "@nightshift/ports";
import { sha256 } from "../canonical.ts";
import { sortedJson } from "./json.ts";
import { fieldsOf } from "./read.ts";
import type { Condition, Row, Table } from "./table.ts";

/** One row a group, all in one partition so that the sweep needs one query. `find`, `replace`, `all`: 1 call each. */
export const watchesOver = (ledger: Table): Watches => ({
  async find(group) {
    const row = await ledger.get({ pk: keyPrefixes.watch, sk: group });
    return row === undefined ? undefined : watchFrom(row);
  },
  async replace(previous, next) {
    const unchanged: Condition =
      previous === undefined ? { if: "attribute_not_exists(#pk)" } : { if: "#fingerprint = :seen", values: { seen: fingerprint(previous) } };
    const row = { ...attributes(next), fingerprint: fingerprint(next) };
    return (await ledger.update({ pk: keyPrefixes.watch, sk: next.group }, row, guarded("watch row is as it was read", unchanged))) !== undefined;
  },
  async all() {
    return (await ledger.range({ pk: keyPrefixes.watch })).map(watchFrom);
  },
});

// Listed one by one, so that the fingerprint covers exactly what this release knows.
const attributes = (watch: WatchRecord) => ({
  group: watch.group,
  key: watch.key,
  members: watch.members,
  openedAt: watch.openedAt,
  state: watch.state,
  ours: watch.ours,
  tailUntil: watch.tailUntil,
  verdict: watch.verdict,
});

/** What the condition compares: one short text instead of eight attributes, two of them nested. */
const fingerprint = (watch: WatchRecord): string => sha256(sortedJson(attributes(watch))).slice(0, 32);

function watchFrom(row: Row): WatchRecord {
  const fields = fieldsOf(row);
  const members: Record<string, EcsDeploymentId> = {};
  for (const [service, id] of Object.entries(fields.textMap("members"))) members[service] = ecsDeploymentId(id);
  return {
    group: fields.text("group"),
    key: fields.text("key"),
    members,
    openedAt: epochMs(fields.number("openedAt")),
    state: fields.oneOf("state", ["watching", "acting", "closed"]),
    ours: fields.texts("ours"),
    tailUntil: epochMs(fields.number("tailUntil")),
    verdict: fields.textIfAny("verdict"),
  };
}
