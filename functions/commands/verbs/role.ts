import { roleEntry } from "@nightshift/decide/incidents/transitions";
import { changeOf } from "../change.ts";
import { personNamed } from "../people.ts";
import type { Carry } from "../verb.ts";

/** Gives a part of the incident to somebody. */
export const role: Carry<"role"> = async ({ role: part, person }, on) =>
  changeOf(on, (incident, doing) => roleEntry(incident, { role: part, person: personNamed(person, on) }, doing));
