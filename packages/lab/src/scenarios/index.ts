import type { Scenario } from "../scenario/scenario.ts";
import { alarmStorm, outageUnanswered, slackAwayInAnOutage } from "./alarm-storms.ts";
import { alarmAlreadyFiring, alarmFiringYetBad } from "./alarms.ts";
import {
  blindVerifier,
  goodNight,
  migrationFirst,
  nightWithDifference,
  runnerDies,
  runnerDiesDumping,
  schedulerNeverFires,
  suspectContents,
} from "./backups-night.ts";
import { copyFails, drillForgotten, drillMeasured, eventsLost, quotaFull, snapshotFails } from "./backups-snapshots.ts";
import { badAfterCompletion, lateRegression } from "./bad-after-completion.ts";
import { badConfig, smokeTestsFail } from "./bad-config.ts";
import { circuitBreaker } from "./circuit-breaker.ts";
import { crashOnBootScenario } from "./crash-on-boot.ts";
import { configOnly, goodWithNoise, pullsThrottled, selfHealing, spotReclaim } from "./good.ts";
import { healthyBut5xx } from "./healthy-but-5xx.ts";
import { knownBadBlocked, knownBadRedeployed } from "./known-bad-redeployed.ts";
import { knownGoodInBetween } from "./known-good-in-between.ts";
import { latencyCreepScenario } from "./latency-creep.ts";
import { memoryLeakAt20Min } from "./memory-leak.ts";
import { cloudwatchThrottled, metricsMissing } from "./metrics.ts";
import { mutableLatest, mutableLatestAfterCompletion } from "./mutable-latest.ts";
import { newerDeployment, newerIsBadToo } from "./newer-deployment.ts";
import { identicalRedeploy, imagePurged, incompatibleMigration, noLastKnownGood } from "./no-way-back.ts";
import { databaseOutage, databaseOutageAtExposure, thirdPartyOutage } from "./outages.ts";
import { askApproved, askDenied, askUnanswered, held, shadowMode } from "./people-decide.ts";
import { ecsThrottled, roughEvents, slackDown, staleReads } from "./rough-weather.ts";
import { backlogBurst, longTasksSurvive, longTaskSurvives, spotWorkers, toZero } from "./scaling.ts";
import { brokerLies, brokerStale, brokerUnreachable, workersUnheard } from "./scaling-blind.ts";
import { deployWhileIdle, rollbackPreempts } from "./scaling-deployments.ts";
import { atMaxBroken, rival, saturated, thrash } from "./scaling-limits.ts";
import { scaleOrdered, workersAsk, workersAskUnanswered, workersHeld, workersShadow } from "./scaling-people.ts";
import { blueGreen, stampede, trafficSpike } from "./special.ts";
import { onlyTheWorkerMoved, workerOnlyFailure } from "./worker-only-failure.ts";

/** Every scenario, in the order `lab list` shows them: bad deployments, not the deployment, no safe way back, people, the platform; then workers that follow their queue; then backups. */
export const scenarios: readonly Scenario[] = [
  healthyBut5xx,
  crashOnBootScenario,
  latencyCreepScenario,
  memoryLeakAt20Min,
  workerOnlyFailure,
  onlyTheWorkerMoved,
  badAfterCompletion,
  badConfig,
  smokeTestsFail,
  mutableLatest,
  mutableLatestAfterCompletion,
  knownBadRedeployed,
  knownBadBlocked,
  knownGoodInBetween,
  newerIsBadToo,
  goodWithNoise,
  configOnly,
  selfHealing,
  spotReclaim,
  pullsThrottled,
  databaseOutage,
  databaseOutageAtExposure,
  thirdPartyOutage,
  trafficSpike,
  alarmAlreadyFiring,
  alarmFiringYetBad,
  metricsMissing,
  cloudwatchThrottled,
  noLastKnownGood,
  imagePurged,
  incompatibleMigration,
  identicalRedeploy,
  lateRegression,
  circuitBreaker,
  newerDeployment,
  blueGreen,
  held,
  shadowMode,
  askApproved,
  askDenied,
  askUnanswered,
  stampede,
  roughEvents,
  staleReads,
  ecsThrottled,
  slackDown,
  alarmStorm,
  outageUnanswered,
  slackAwayInAnOutage,
  backlogBurst,
  longTaskSurvives,
  longTasksSurvive,
  toZero,
  spotWorkers,
  brokerUnreachable,
  brokerStale,
  brokerLies,
  workersUnheard,
  saturated,
  atMaxBroken,
  thrash,
  rival,
  workersHeld,
  workersShadow,
  workersAsk,
  workersAskUnanswered,
  scaleOrdered,
  deployWhileIdle,
  rollbackPreempts,
  goodNight,
  nightWithDifference,
  runnerDies,
  runnerDiesDumping,
  blindVerifier,
  suspectContents,
  migrationFirst,
  schedulerNeverFires,
  snapshotFails,
  quotaFull,
  copyFails,
  eventsLost,
  drillMeasured,
  drillForgotten,
];
