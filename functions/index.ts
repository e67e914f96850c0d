import { manifest as commands } from "./commands/manifest.ts";
import { manifest as dispatcher } from "./dispatcher/manifest.ts";
import { manifest as guard } from "./guard/manifest.ts";
import { manifest as ingress } from "./ingress/manifest.ts";
import { manifest as notifier } from "./notifier/manifest.ts";
import { manifest as relay } from "./relay/manifest.ts";
import { manifest as scaler } from "./scaler/manifest.ts";
import { manifest as sweep } from "./sweep/manifest.ts";
import { manifest as warRoom } from "./war-room/manifest.ts";

/** Every function that is deployed. A folder that is not listed here fails test/architecture. */
export const manifests = [commands, dispatcher, guard, ingress, notifier, relay, scaler, sweep, warRoom] as const;
