import { type BackupKind, type BackupSettings, CONFIGURATION, mirroredIn, mirrorName, type Ms, QUIET_HOUR, type TimeOfDay } from "@nightshift/model";

/** One thing that is backed up in one way, and what was promised of it. */
export interface Thing {
  /** Its name in the config, under which the ledger keeps its rows. */
  readonly of: string;
  readonly kind: BackupKind;
  /** Undefined: nobody said when, or a store alone was read. */
  readonly nightly: TimeOfDay | undefined;
  readonly rpo: Ms | undefined;
  readonly rto: Ms | undefined;
}

/** Everything that the config backs up, in its order; a database's snapshots stand below its dumps. */
export const thingsOf = ({ databases, tables, caches, media, configuration }: BackupSettings): readonly Thing[] => [
  ...databases.flatMap(({ name: of, nightly, rpo, rto, snapshots }) => [
    { of, kind: "dump" as const, nightly, rpo, rto },
    ...(snapshots === undefined ? [] : [{ of, kind: "rds-snapshot" as const, nightly, rpo: undefined, rto: undefined }]),
  ]),
  ...tables.map(({ name: of, nightly, rpo }) => ({ of, kind: "dynamodb-backup" as const, nightly, rpo, rto: undefined })),
  ...caches.map(({ name: of, nightly }) => ({ of, kind: "cache-snapshot" as const, nightly, rpo: undefined, rto: undefined })),
  ...media.map(({ name: of }) => ({ of, kind: "media" as const, nightly: QUIET_HOUR, rpo: undefined, rto: undefined })),
  ...(configuration === undefined ? [] : [{ of: CONFIGURATION, kind: "configuration" as const, nightly: QUIET_HOUR, rpo: undefined, rto: undefined }]),
  ...mirroredIn({ configuration }).map((one) => ({ of: mirrorName(one), kind: "configuration" as const, nightly: QUIET_HOUR, rpo: undefined, rto: undefined })),
];

/** `shop (database)`, `carts (table)`. */
export const sayThing = ({ of, kind }: Pick<Thing, "of" | "kind">): string => (kind === "configuration" ? of : `${of} (${kinds[kind]})`);

const kinds: Readonly<Record<BackupKind, string>> = {
  dump: "database",
  "rds-snapshot": "RDS snapshot",
  "dynamodb-backup": "table",
  "cache-snapshot": "cache",
  media: "media",
  configuration: "configuration",
};
