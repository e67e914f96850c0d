import { manifest as dispatcher } from "./dispatcher/manifest.ts";
import { manifest as guard } from "./guard/manifest.ts";
import { manifest as notifier } from "./notifier/manifest.ts";
import { manifest as sweep } from "./sweep/manifest.ts";

/** Every function that is deployed. A folder that is not listed here fails test/architecture. */
export const manifests = [dispatcher, guard, notifier, sweep] as const;
