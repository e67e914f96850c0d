import { noteEntry } from "@nightshift/decide/incidents/transitions";
import { changeOf } from "../change.ts";
import type { Carry } from "../verb.ts";

/** Adds a line to the timeline, once a request. */
export const note: Carry<"note"> = async ({ text }, on) => changeOf(on, (_, doing) => ({ kind: "entry", entry: noteEntry(on.request.key, text, doing) }));
