import type { Carry } from "../verb.ts";
import { wordOn } from "../word.ts";

/** Says no to a plan: everything stays as it is. */
export const deny: Carry<"deny"> = ({ plan }, on) => wordOn(on, plan ?? on.plan?.plan, "denied");
