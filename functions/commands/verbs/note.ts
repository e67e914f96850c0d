import { noteEntry } from "@nightshift/decide/incidents/transitions";
import { changeOf } from "../change.ts";
import type { Carry } from "../verb.ts";

/** Adds a line to the timeline, once a request. */
export const note: Carry<"note"> = async ({ text }, on) =>
  changeOf(on, (incident, doing) => {
    const entry = noteEntry(on.request.key, text, doing);
    return incident.entries.some((one) => one.key === entry.key) ? { kind: "refused", because: "it stands there already" } : { kind: "entry", entry };
  });
