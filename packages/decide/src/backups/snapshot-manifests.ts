import type { BackupSeries, SandwichRecord, SliceSide, SnapshotManifests } from "@nightshift/model";

/** What decides about the manifests of a snapshot's source. */
export interface ManifestsAsked {
  readonly manifests: SnapshotManifests;
  readonly series: BackupSeries;
  /** An automated snapshot is copied instead of taking one. */
  readonly copied: boolean;
}

/**
 * Beside which side of a snapshot its source is read whole. A deployment, a restore and a person wait for their snapshot and are spared the reading,
 * unless the config says `always`. The moment of an automated snapshot that is copied is past: nothing can be read before it any more.
 */
export function sidesToRead({ manifests, series, copied }: ManifestsAsked): readonly SliceSide[] {
  if (manifests === "never" || (manifests === "nightly" && series !== "nightly")) return [];
  return copied ? ["after"] : ["before", "after"];
}

/** What reading one side came to. */
export type SideRead =
  | { readonly side: SliceSide; readonly kind: "read"; readonly slice: NonNullable<SandwichRecord["before"]> }
  | { readonly side: SliceSide; readonly kind: "missed"; readonly because: string };

/** What the ledger keeps of it; undefined: nothing was to be read. */
export function sandwichOf(reads: readonly SideRead[]): SandwichRecord | undefined {
  if (reads.length === 0) return undefined;
  const missed = reads.flatMap((read) => (read.kind === "missed" ? [`no manifest ${read.side} it: ${read.because}`] : []));
  return {
    ...Object.fromEntries(reads.flatMap((read) => (read.kind === "read" ? [[read.side, read.slice]] : []))),
    ...(missed.length === 0 ? {} : { lacks: missed.join("; ") }),
  };
}

/** What a drill of the snapshot will hold it against, for the one who reads that a manifest is missing. */
export function sayLacking({ before, after, lacks }: SandwichRecord): string | undefined {
  if (lacks === undefined) return undefined;
  const against = [before === undefined ? "an older dump" : "the manifest before it", after === undefined ? "the live database" : "the manifest after it"];
  return `it stands, and proves less: ${lacks}. A drill will hold it against ${against.join(" and ")}`;
}
