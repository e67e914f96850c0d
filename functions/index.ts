import { manifest as backupSweep } from "./backup-sweep/manifest.ts";
import { manifest as commands } from "./commands/manifest.ts";
import { manifest as dispatcher } from "./dispatcher/manifest.ts";
import { manifest as drill } from "./drill/manifest.ts";
import { manifest as guard } from "./guard/manifest.ts";
import { manifest as ingress } from "./ingress/manifest.ts";
import { manifest as night } from "./night/manifest.ts";
import { manifest as notifier } from "./notifier/manifest.ts";
import { manifest as prune } from "./prune/manifest.ts";
import { manifest as relay } from "./relay/manifest.ts";
import { manifest as restore } from "./restore/manifest.ts";
import { manifest as sampler } from "./sampler/manifest.ts";
import { manifest as scaler } from "./scaler/manifest.ts";
import { manifest as snapshot } from "./snapshot/manifest.ts";
import { manifest as sweep } from "./sweep/manifest.ts";
import { manifest as warRoom } from "./war-room/manifest.ts";

/** Every function that is deployed. A folder that is not listed here fails test/architecture. */
export const manifests = [
  backupSweep,
  commands,
  dispatcher,
  drill,
  guard,
  ingress,
  night,
  notifier,
  prune,
  relay,
  restore,
  sampler,
  scaler,
  snapshot,
  sweep,
  warRoom,
] as const;
