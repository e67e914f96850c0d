import { resolveEntry } from "@nightshift/decide/incidents/transitions";
import { changeOf } from "../change.ts";
import type { Carry } from "../verb.ts";

/** Says that it is over. */
export const resolve: Carry<"resolve"> = async (_, on) => changeOf(on, (incident, doing) => resolveEntry(incident, { ...doing, how: "person" }));
