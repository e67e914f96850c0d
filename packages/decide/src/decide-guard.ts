import type { GuardSettings, GuardVerdict, Prepared, Wait, WatchMemory } from "@nightshift/model";
import { caseOf } from "./evidence.ts";
import { fence, figuresFollow, type Gate, nativeGrace, notElsewhere, notHeld, notSuperseded, ownership, quiet, unsupported } from "./gates.ts";
import { maxLooks } from "./phase.ts";
import { canSee, consent, deployable, hasWayBack, schemaAllows } from "./way-back.ts";

/** The questions in their order (`facts/rollback.md` 6.3): the first that has a verdict gives it. */
const gates: readonly Gate[] = [
  fence, // G0  do we still watch?
  ownership, // G1  is ECS already going back?
  notSuperseded, // G0  is what we judge still the newest?
  quiet, // G2, G3  is anything wrong, since exposure, with figures enough?
  unsupported, // G0  may we act on such a service at all?
  notHeld, // G0  did a person say stop?
  figuresFollow, // G3  will figures tell in a moment?
  nativeGrace, // G1  will ECS act by itself in a moment?
  notElsewhere, // G4  was it the deployment?
  canSee, // G5  do we see what ECS does?
  hasWayBack, // G5  is there somewhere to go?
  deployable, // G5  can it be deployed as what it was?
  schemaAllows, // G5  does it know the live schema?
  consent, // G6  by itself, after a word, or only told
];

/** What to do now about the deployment under watch. Pure: the same memory gives the same verdict. */
export function decideGuard(prepared: Prepared, memory: WatchMemory, settings: GuardSettings): GuardVerdict | Wait {
  const on = caseOf(prepared, memory, settings);
  if (on === undefined) return unseen(memory, settings);
  for (const gate of gates) {
    const verdict = gate(on);
    if (verdict !== undefined) return on.memory.looks >= maxLooks(settings) && verdict.kind === "wait" ? exhausted(verdict) : verdict;
  }
  return consent(on);
}

/** Nothing was seen at the last look: no conclusion, and at the end of all looks an honest one. */
function unseen(memory: WatchMemory, settings: GuardSettings): GuardVerdict | Wait {
  const says = memory.looks === 0 ? "nothing was looked at yet" : `AWS did not answer, ${memory.blindLooks} looks in a row`;
  const waiting: Wait = { kind: "wait", because: [says], suspicious: false };
  return memory.looks >= maxLooks(settings) ? exhausted(waiting) : waiting;
}

const exhausted = ({ because, suspicious }: Wait): GuardVerdict => ({
  kind: "leave",
  reason: "nothing-to-judge",
  because: [...because, "all looks are spent"],
  breaches: [],
  blame: undefined,
  severity: suspicious ? "P3" : "P4",
  otherwise: undefined,
});
