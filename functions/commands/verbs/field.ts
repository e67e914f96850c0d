import { fieldEntry } from "@nightshift/decide/incidents/transitions";
import { changeOf } from "../change.ts";
import type { Carry } from "../verb.ts";

/** Fills in a field of the war room. */
export const field: Carry<"field"> = async ({ field: name, text }, on) => changeOf(on, (incident, doing) => fieldEntry(incident, { field: name, text }, doing));
