import type { RestoreFacts, RestoreOrder } from "@nightshift/decide/backups/decide-restore";
import { sayStamp } from "@nightshift/model";
import type { Header } from "@nightshift/runtime";
import { troubleGroup } from "@nightshift/runtime/backup-incidents";

/** Where a restore is told: in the incident that it was asked in, where there is one. */
export const restoreHeader = (
  facts: Pick<RestoreFacts, "at" | "plan" | "stored">,
  { of, asked }: RestoreOrder,
  { standing, title }: Pick<Header, "standing" | "title">,
): Header => ({
  id: facts.stored?.incident ?? `INC-${sayStamp(asked)}-${of}-restore-${facts.plan.slice(-4)}`,
  group: troubleGroup(of, "restores"),
  service: of,
  severity: "P3",
  title,
  openedAt: facts.at,
  by: "nightshift/restore",
  standing,
  ...(facts.stored?.incident === undefined ? {} : { titled: false as const }),
});
