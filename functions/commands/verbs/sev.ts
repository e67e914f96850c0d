import { severityEntry } from "@nightshift/decide/incidents/transitions";
import { changeOf } from "../change.ts";
import type { Carry } from "../verb.ts";

/** Raises or lowers the severity; a person may do both. */
export const sev: Carry<"sev"> = async ({ severity }, on) => changeOf(on, (incident, doing) => severityEntry(incident, severity, doing));
