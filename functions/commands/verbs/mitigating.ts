import { mitigatingEntry } from "@nightshift/decide/incidents/transitions";
import { changeOf } from "../change.ts";
import type { Carry } from "../verb.ts";

/** Says that a fix is under way. */
export const mitigating: Carry<"mitigating"> = async (_, on) => changeOf(on, (incident, doing) => mitigatingEntry(incident, doing));
