import type { Carry } from "../verb.ts";
import { wordOn } from "../word.ts";

/** Says yes to a plan: single use, bound to this very plan. */
export const approve: Carry<"approve"> = ({ plan }, on) => wordOn(on, plan ?? on.plan?.plan, "approved");
