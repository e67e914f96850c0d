import type { ChangeNote, RevisionLabels, RevisionRecord, SchemaPolicy, SchemaWindow } from "@nightshift/model";

/** Whether a revision can work with the schema that is live now. */
export interface SchemaVerdict {
  readonly fits: boolean;
  readonly because: string;
}

/**
 * Judges by what CI told us, never by asking the broken application (hazard 9). A migration that cannot be undone is never
 * passed automatically, a known window decides where there is one, and what is not known follows the team's policy.
 */
export function schemaFits(
  candidate: Pick<RevisionRecord, "labels" | "firstSeen">,
  migrations: readonly ChangeNote[],
  { policy, judged }: { policy: SchemaPolicy; judged: RevisionLabels | undefined },
): SchemaVerdict {
  const since = migrations.filter((note) => note.kind === "migration" && note.at > candidate.firstSeen);
  const final = since.find((note) => note.reversible === false);
  if (final !== undefined) return { fits: false, because: `the migration to ${final.schemaHead ?? "an unnamed schema"} cannot be undone` };
  const window = candidate.labels.schema;
  const newest = [...since].sort((a, b) => b.at - a.at)[0];
  const live = newest === undefined ? judged?.schema?.head : newest.schemaHead;
  if (window !== undefined && live !== undefined) return inWindow(live, window);
  if (since.length > 0) return { fits: false, because: "a migration ran since, and the revision does not say which schemas it works with" };
  if (window !== undefined) return { fits: true, because: "schema compatible: no migration since" };
  return policy.unknown === "hold"
    ? { fits: false, because: "the revision does not say which schemas it works with, and the policy is to ask" }
    : { fits: true, because: "no migration since" };
}

function inWindow(live: string, { min, head }: SchemaWindow): SchemaVerdict {
  const says = `schema ${live}, the revision works with ${min}..${head}`;
  if (live === head || live === min) return { fits: true, because: `schema compatible (${says})` };
  const [low, at, high] = [ordinal(min), ordinal(live), ordinal(head)];
  if (low === undefined || at === undefined || high === undefined) return { fits: false, because: `cannot tell whether it fits: ${says}` };
  return at >= low && at <= high ? { fits: true, because: `schema compatible (${says})` } : { fits: false, because: `schema incompatible: ${says}` };
}

/** Names are opaque; only those that begin with a number (`0039_add_cart`, `20260314`) have an order we can trust. */
const ordinal = (name: string): number | undefined => {
  const digits = /^v?(\d+)/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
};
