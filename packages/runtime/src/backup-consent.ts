import { hours, type Mode } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { Question } from "./automation.ts";

/** A word on a backup is waited for so long; the night is red if nobody gives one. */
const ASK_FOR = hours(1);

/** Whether a backup, snapshot or drill may be made: at once, after a person's word, or only told (decision 2). */
export function consentToBackup(
  { id, because }: { readonly id: string; readonly because: readonly string[] },
  { mode, name, asked }: { readonly mode: Mode; readonly name: string; readonly asked?: boolean },
): "given" | "told" | Question {
  if (mode === "shadow" && guard("shadow only tells")) return "told";
  // Whoever asked for it has said yes to it.
  if (mode === "auto" || asked === true) return "given";
  const what = `make ${id}`;
  return { plan: `B-${id}`, planHash: what, what, because: because.join("; "), service: name, askFor: ASK_FOR };
}
