import { ackEntry } from "@nightshift/decide/incidents/transitions";
import { changeOf } from "../change.ts";
import type { Carry } from "../verb.ts";

/** Takes the incident; of two who do it at once one has it. */
export const ack: Carry<"ack"> = async (_, on) => changeOf(on, (incident, doing) => ackEntry(incident, doing));
