import type { SampleFacts, SampleVerdict } from "@nightshift/decide/backups/decide-sample";
import {
  type BackupKind,
  type BackupSettings,
  type BackupState,
  CONFIGURATION,
  type DatabaseSettings,
  type EpochMs,
  mirroredIn,
  mirrorName,
  type Ms,
  QUIET_HOUR,
  type TimeOfDay,
} from "@nightshift/model";
import type { World } from "@nightshift/ports";
import type { Story } from "@nightshift/runtime";
import type { manifest } from "./manifest.ts";

/** The part of the world the sampler sees. */
export type SamplerWorld = Pick<World, (typeof manifest)["uses"][number]>;

/** One thing that is looked at, and what is expected of it. */
export interface Sampled {
  readonly of: string;
  readonly rpo: Ms | undefined;
  /** The database, where it is one: its dumps, instance and targets. */
  readonly database: DatabaseSettings | undefined;
  /** The DynamoDB table, where it is one. */
  readonly table: string | undefined;
  readonly expects: readonly { readonly kind: BackupKind; readonly nightly: TimeOfDay; readonly counts: readonly BackupState[] }[];
}

const taken: readonly BackupState[] = ["verified", "uploaded"];

/** Everything that the config backs up or checks. */
export function sampledOf({ databases, tables, caches, media, configuration }: BackupSettings): readonly Sampled[] {
  const plain = { database: undefined, table: undefined };
  return [
    ...databases.map((database): Sampled => {
      const { name: of, nightly, snapshots, proveEvery, rpo } = database;
      const dump = { kind: "dump" as const, nightly, counts: proveEvery > 1 ? taken : (["verified"] as const) };
      return {
        of,
        rpo,
        database,
        table: undefined,
        expects: [dump, ...(snapshots === undefined ? [] : [{ kind: "rds-snapshot" as const, nightly, counts: taken }])],
      };
    }),
    ...tables.map(
      ({ name: of, table, nightly, rpo }): Sampled => ({ ...plain, of, table, rpo, expects: [{ kind: "dynamodb-backup", nightly, counts: taken }] }),
    ),
    ...caches.map(({ name: of, nightly }): Sampled => ({ ...plain, of, rpo: undefined, expects: [{ kind: "cache-snapshot", nightly, counts: taken }] })),
    ...media.map(({ name: of }): Sampled => ({ ...plain, of, rpo: undefined, expects: [{ kind: "media", nightly: QUIET_HOUR, counts: taken }] })),
    ...(configuration === undefined
      ? []
      : [{ ...plain, of: CONFIGURATION, rpo: undefined, expects: [{ kind: "configuration" as const, nightly: QUIET_HOUR, counts: taken }] }]),
    ...mirroredIn({ configuration }).map(
      (repository): Sampled => ({
        ...plain,
        of: mirrorName(repository),
        rpo: undefined,
        expects: [{ kind: "configuration", nightly: QUIET_HOUR, counts: taken }],
      }),
    ),
  ];
}

/** Five minutes passed for one thing. */
export interface SampleDue {
  readonly of: string;
  /** The five minutes that it stands for. */
  readonly occasion: string;
  readonly hourly: boolean;
}

/** Everything the sampler can tell. */
export type SampleStory = Story<SampleDue, SampleFacts & { readonly at: EpochMs }, never, SampleVerdict, never, never>;
