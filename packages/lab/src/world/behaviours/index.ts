export { crashOnBoot } from "./crashOnBoot.ts";
export { fiveHundreds } from "./fiveHundreds.ts";
export { healthy } from "./healthy.ts";
export { latencyCreep } from "./latencyCreep.ts";
export { memoryLeak } from "./memoryLeak.ts";
export { oneEndpoint } from "./oneEndpoint.ts";
export { selfHealingWarmup } from "./selfHealingWarmup.ts";
export { workerFails } from "./workerFails.ts";
