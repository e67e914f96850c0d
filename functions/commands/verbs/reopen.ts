import { reopenEntry } from "@nightshift/decide/incidents/transitions";
import { changeOf } from "../change.ts";
import type { Carry } from "../verb.ts";

/** Takes it up again, in its old thread. */
export const reopen: Carry<"reopen"> = async (_, on) => changeOf(on, (incident, doing) => reopenEntry(incident, doing));
