import {
  digest,
  epochMs,
  type Identity,
  type IdentityKey,
  identityKey,
  keyPrefixes,
  type RevisionLabels,
  type RevisionRecord,
  type ServiceName,
  serviceName,
  taskDefinitionArn,
} from "@nightshift/model";
import { guarded } from "@nightshift/model/guards";
import type { Revisions } from "@nightshift/ports";
import { missing } from "./errors.ts";
import { type Fields, fieldsOf } from "./read.ts";
import { LAST, sortableMoment } from "./sortable.ts";
import { allOf, type Condition, type Key, type Row, type Table } from "./table.ts";

/** Rows listed of one service. */
const LISTED = 20;

/**
 * Revisions of each service. The row stands under the moment it was first seen, so that one query lists the newest;
 * a small pointer row remembers that moment for each identity.
 * `list`: 1 call. `see`: 2 calls for a new identity, 3 for a known one. `grade`, `pin`: 2 calls.
 */
export const revisionsOver = (ledger: Table): Revisions => ({
  async list(service) {
    const rows = await ledger.range({ pk: partition(service), from: "SEEN#", to: `SEEN#${LAST}`, newestFirst: true, limit: LISTED });
    return rows.map((row) => recordFrom(fieldsOf(row)));
  },
  async see(record) {
    const pointer = pointerKey(record.service, record.identity.key);
    const at = sortableMoment(record.firstSeen);
    const first = await ledger.put(pointer, { at }, guarded("revision is entered once", absent));
    const row: Key = { pk: pointer.pk, sk: rowSort(first ? at : await whenSeen(ledger, pointer), record.identity.key) };
    // Also for a known identity: whoever wrote the pointer may have died before the row.
    if (await ledger.put(row, { ...record }, guarded("revision is entered once", absent))) return record;
    return recordFrom(fieldsOf(await standing(ledger, row)));
  },
  grade: (service, key, grade, because, at) =>
    change(
      { ledger, service, key },
      { grade, because, gradedAt: at, provisional: false },
      allOf(guarded("graded revision exists", exists), guarded("newer grade stands", { if: "#gradedAt <= :at", values: { at } })),
    ),
  pin: (service, key, taskDefinition) => change({ ledger, service, key }, { pinned: taskDefinition }, guarded("graded revision exists", exists)),
});

const absent: Condition = { if: "attribute_not_exists(#pk)" };
const exists: Condition = { if: "attribute_exists(#pk)" };
const partition = (service: ServiceName) => `${keyPrefixes.revision}${service}`;
const pointerKey = (service: ServiceName, key: IdentityKey): Key => ({ pk: partition(service), sk: `IDENTITY#${key}` });
const rowSort = (at: string, key: IdentityKey) => `SEEN#${at}#${key}`;

interface Which {
  readonly ledger: Table;
  readonly service: ServiceName;
  readonly key: IdentityKey;
}

async function change({ ledger, service, key }: Which, set: Row, condition: Condition | undefined): Promise<void> {
  const row: Key = { pk: partition(service), sk: rowSort(await whenSeen(ledger, pointerKey(service, key)), key) };
  if ((await ledger.update(row, set, condition)) !== undefined) return;
  // Refused: either a newer grading stands, which is what the caller is promised, or the row is missing, which is not.
  await standing(ledger, row);
}

async function whenSeen(ledger: Table, pointer: Key): Promise<string> {
  return fieldsOf(await standing(ledger, pointer)).text("at");
}

async function standing(ledger: Table, key: Key): Promise<Row> {
  const row = await ledger.get(key);
  if (row === undefined) throw missing("revision", `pk=${key.pk} sk=${key.sk}`);
  return row;
}

const recordFrom = (row: Fields): RevisionRecord => {
  const pinned = row.textIfAny("pinned");
  return {
    service: serviceName(row.text("service")),
    identity: identityFrom(row.object("identity")),
    grade: row.oneOf("grade", ["candidate", "served", "good", "suspect", "bad"]),
    gradedAt: epochMs(row.number("gradedAt")),
    because: row.text("because"),
    firstSeen: epochMs(row.number("firstSeen")),
    labels: labelsFrom(row.object("labels")),
    provisional: row.flag("provisional"),
    pinned: pinned === undefined ? undefined : taskDefinitionArn(pinned),
  };
};

const identityFrom = (row: Fields): Identity => ({
  key: identityKey(row.text("key")),
  images: row.list("images").map((image) => {
    const bytes = image.textIfAny("digest");
    return { container: image.text("container"), image: image.text("image"), digest: bytes === undefined ? undefined : digest(bytes) };
  }),
  taskDefinition: taskDefinitionArn(row.text("taskDefinition")),
  taskDefinitionHash: row.text("taskDefinitionHash"),
  configHash: row.text("configHash"),
});

function labelsFrom(row: Fields): RevisionLabels {
  const commit = row.textIfAny("commit");
  const pullRequest = row.textIfAny("pullRequest");
  const schema = row.raw["schema"] === undefined ? undefined : row.object("schema");
  return {
    ...(commit === undefined ? {} : { commit }),
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(schema === undefined ? {} : { schema: { min: schema.text("min"), head: schema.text("head") } }),
  };
}
