import type { BackupId } from "@nightshift/model";
import type { DoRestore } from "./decide-restore.ts";

/** What a run says it did. */
export interface SaidRestored {
  /** The backup that it is about; undefined: it does not say. */
  readonly backup: BackupId | undefined;
  /** `shop_restored on shop-prod.example.internal:5432`; undefined: it does not say. */
  readonly into: string | undefined;
  readonly state: "uploaded" | "verified" | "suspect" | "failed" | "restored";
}

/** How what a run says differs from what was ordered of it; undefined: it is the very thing. What failed has restored nothing anywhere, and says only which backup. */
export function otherThanOrdered(
  { way, source, order }: Pick<DoRestore, "way" | "source" | "order">,
  { backup, into, state }: SaidRestored,
): string | undefined {
  if (way.kind !== "database") return undefined;
  const { id } = way.row;
  const next = "do not switch over, and look into the runner's log";
  if (backup !== id) return `${id} was to be restored, and the run says that it restored ${backup ?? "nothing that it names"}: ${next}`;
  if (state === "failed" && into === undefined) return undefined;
  const server = source.endpoint ?? "";
  // The adapter gives an address with its port; without one any port of that host is meant.
  const there = into?.split(" on ").at(-1) ?? "";
  const meant = server !== "" && (there === server || (!server.includes(":") && there.startsWith(`${server}:`)));
  return meant
    ? undefined
    : `${order.of} was to be restored on ${server === "" ? "no server that is known" : server}, and the run says ${into ?? "nothing of where it is"}: ${next}`;
}
