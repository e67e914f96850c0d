export { channelOf, channelsOf, HEARTBEAT, queueGroupOf } from "./channel.ts";
export { answered, awayFor, failed, freshBudget, recovered, spend, UPDATES, updatesOf } from "./budget.ts";
export { nextStep } from "./next-step.ts";
export { pageText } from "./page-step.ts";
export { plainLines } from "./lines.ts";
export { headersIn, isNoticed, messagesIn, type PlaceName, stateKey } from "./rows.ts";
export type { Situation, Step, Telling } from "./step.ts";
export { shownAs } from "./update-step.ts";
export { isTold } from "./told.ts";
