import type { Command } from "../frame/command.ts";
import { machine } from "../place/machine.ts";
import type { Place } from "../place/place.ts";
import { approve, deny } from "./approve.ts";
import { backupCommands } from "./backup.ts";
import { configCheck } from "./config-check.ts";
import { deployWait } from "./deploy-wait.ts";
import { demo } from "./demo.ts";
import { doctor } from "./doctor.ts";
import { gateDeploy } from "./gate.ts";
import { hold } from "./hold.ts";
import { incidentsExport, incidentsList, incidentsPostMortem, incidentsShow } from "./incidents.ts";
import { init } from "./init.ts";
import { labServe } from "./lab-serve.ts";
import { labList, labRun } from "./lab.ts";
import { queues } from "./queues.ts";
import { release } from "./release.ts";
import { replay } from "./replay.ts";
import { scaleDoctor } from "./scale-doctor.ts";
import { scaleExplain } from "./scale-explain.ts";
import { scaleReplay } from "./scale-replay.ts";
import { scaleSimulate } from "./scale-simulate.ts";
import { slackManifest } from "./slack-manifest.ts";

/** Every command, in the order the overview lists them. */
export const commandsIn = (place: Place): readonly Command[] => [
  demo,
  labList,
  labRun,
  labServe,
  replay(place),
  scaleSimulate(place),
  scaleReplay(place),
  ...backupCommands(place),
  init(place),
  configCheck(place),
  doctor(place),
  scaleDoctor(place),
  slackManifest,
  hold(place),
  release(place),
  approve(place),
  deny(place),
  deployWait(place),
  gateDeploy(place),
  queues(place),
  scaleExplain(place),
  incidentsList(place),
  incidentsShow(place),
  incidentsPostMortem(place),
  incidentsExport(place),
];

/** The same on this machine. */
export const commands: readonly Command[] = commandsIn(machine());
