import type { LedgerPorts } from "@nightshift/aws/ledger/index";
import { epochMs } from "@nightshift/model";

/** 2026-11-21T03:00:00Z, and moments after it. */
export const at = (secondsLater: number) => epochMs(1_795_230_000_000 + secondsLater * 1_000);
/** For whatever is done ten times, or from ten sides at once. */
export const ten = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** One behaviour of a store: two processes that opened it, and a name that no other behaviour uses. */
export interface Stage {
  readonly one: LedgerPorts;
  readonly other: LedgerPorts;
  readonly mine: string;
  /** One of the two, by turns. */
  readonly both: (index: number) => LedgerPorts;
}

/** Vitest's `it` with a stage of its own for each behaviour. */
export type Behaviour = (sentence: string, work: (stage: Stage) => Promise<void>) => void;
