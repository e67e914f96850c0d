import type { Command } from "../frame/command.ts";
import { machine } from "../place/machine.ts";
import type { Place } from "../place/place.ts";
import { approve, deny } from "./approve.ts";
import { configCheck } from "./config-check.ts";
import { hold } from "./hold.ts";
import { labList, labRun } from "./lab.ts";
import { incidentsList, incidentsShow } from "./incidents.ts";
import { release } from "./release.ts";
import { replay } from "./replay.ts";

/** Every command, in the order the overview lists them. */
export const commandsIn = (place: Place): readonly Command[] => [
  labList,
  labRun,
  replay(place),
  configCheck(place),
  hold(place),
  release(place),
  approve(place),
  deny(place),
  incidentsList(place),
  incidentsShow(place),
];

/** The same on this machine. */
export const commands: readonly Command[] = commandsIn(machine());
