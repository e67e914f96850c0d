import type { Resolved } from "@nightshift/config";
import { incidentCards } from "@nightshift/decide/incidents/cards/index";
import { type Manifest, minutes, mirroredIn, ms, type Ms, seconds } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import { backupCard } from "@nightshift/runtime/backup-card";
import { carryOutBatch, type CommandBatch } from "../../../../functions/commands/entry.ts";
import { manifest as commands } from "../../../../functions/commands/manifest.ts";
import * as backupVerbs from "../../../../functions/commands/verbs/of-backups.ts";
import { rememberingDirectory } from "../../../../functions/commands/who.ts";
import { dispatch, type QueueBatch } from "../../../../functions/dispatcher/entry.ts";
import { manifest as dispatcher } from "../../../../functions/dispatcher/manifest.ts";
import type { guard as automation } from "../../../../functions/guard/automation.ts";
import { guardHandler } from "../../../../functions/guard/entry.ts";
import { manifest as guard } from "../../../../functions/guard/manifest.ts";
import type { UrlRequest } from "../../../../functions/ingress/body.ts";
import { ingress as enter } from "../../../../functions/ingress/entry.ts";
import { manifest as ingress } from "../../../../functions/ingress/manifest.ts";
import { type OutboxBatch, tellBatch } from "../../../../functions/notifier/entry.ts";
import { manifest as notifier } from "../../../../functions/notifier/manifest.ts";
import { relayBatch, type StreamBatch } from "../../../../functions/relay/entry.ts";
import { manifest as relay } from "../../../../functions/relay/manifest.ts";
import type { scaler as scalerAutomation } from "../../../../functions/scaler/automation.ts";
import { scale } from "../../../../functions/scaler/entry.ts";
import { manifest as scaler } from "../../../../functions/scaler/manifest.ts";
import { sweep } from "../../../../functions/sweep/entry.ts";
import { manifest as sweeper } from "../../../../functions/sweep/manifest.ts";
import { roomHandler } from "../../../../functions/war-room/entry.ts";
import { manifest as warRoom } from "../../../../functions/war-room/manifest.ts";
import type { LabAccount } from "../account.ts";
import type { HandlerSetting, LambdaHandler } from "../services/lambda/function.ts";
import type { Invocation } from "../time/scope.ts";
import type { LabWorld } from "../world/index.ts";
import { deployBackupFunctions } from "./backup-functions.ts";
import { labDoor } from "./door.ts";

/** What the functions are deployed with. */
export interface Deploying {
  readonly lab: LabAccount;
  readonly world: LabWorld;
  readonly config: Resolved;
  readonly reach: (caller: string) => World;
  readonly plays?: typeof automation | undefined;
  /** A broken scaler in place of the real one. */
  readonly scales?: typeof scalerAutomation | undefined;
}

/** Deploys every function of `functions/index.ts`; what invokes them is wired by the caller. */
export function deployFunctions(deploying: Deploying): void {
  const { lab, config, reach, plays } = deploying;
  const deploy = deployInto(lab);
  const { groups, incidents: policy } = config;
  const own = { account: config.account ?? lab.kernel.accountId, region: config.region ?? lab.kernel.region };
  const log = () => {};
  // Events arrive as Lambda hands them over: the trigger, not a type, says which shape that is.
  deploy(
    dispatcher,
    () => (batch) =>
      dispatch(batch as QueueBatch, {
        world: reach("dispatcher"),
        groups,
        policy,
        workers: config.workers,
        repositories: mirroredIn(config.backups),
        own,
        log,
      }),
  );
  deploy(scaler, scalerCode(deploying));
  deploy(relay, () => (batch) => relayBatch(batch as StreamBatch, { world: reach("relay"), policy }));
  deploy(
    notifier,
    () => (batch, context) =>
      tellBatch(batch as OutboxBatch, {
        world: reach("notifier"),
        policy,
        tellNight: (from, night) => backupCard(from, night, config.backups.databases),
        render: incidentCards(policy),
        remaining: ms(context.getRemainingTimeInMillis()),
        pause: pauseOn(lab),
        ping: async (url) => lab.kernel.record({ kind: "world", what: "heartbeat-ping", about: url, detail: {} }),
        log,
      }),
  );
  deploy(sweeper, () => () => sweep({ world: reach("sweep"), groups, policy }));
  deploy(warRoom, ({ durable }) => roomHandler({ world: () => reach("war-room"), policy, groups, engine: durable }) as LambdaHandler);
  deploy(
    guard,
    ({ durable }) => guardHandler({ world: () => reach("guard"), groups, engine: durable, ...(plays === undefined ? {} : { plays }) }) as LambdaHandler,
  );
  deploy(commands, () => (batch) => {
    const world = reach("commands");
    const people = rememberingDirectory(world.directory, () => world.clock.now());
    return carryOutBatch(batch as CommandBatch, {
      world,
      policy,
      groups,
      workers: config.workers,
      databases: config.backups.databases,
      installed: "the lab",
      // Here already: loading takes real time, for which the lab's does not wait.
      backupVerbs: async () => backupVerbs,
      people,
      log,
    });
  });
  deployBackupFunctions(deploying, deploy);
  deploy(ingress, () => (event) => enter(event as UrlRequest, labDoor(lab, deploying.world, config)));
}

/**
 * The scaler keeps its connections and secrets from one invocation to the next, as a sandbox that is asked every 15 seconds does;
 * one that died takes them with it.
 */
function scalerCode({ config, reach, scales }: Deploying): (setting: HandlerSetting) => LambdaHandler {
  let warm: { readonly world: World; readonly busy: Set<Invocation> } | undefined;
  return ({ invocation }) => {
    const died = [...(warm?.busy ?? [])].some((one) => one.dead);
    const { world, busy } = warm === undefined || died ? { world: reach("scaler"), busy: new Set<Invocation>() } : warm;
    warm = { world, busy };
    const { workers, budgets } = config;
    return async (event) => {
      busy.add(invocation);
      try {
        await scale(event, { world, workers, budgets, log: () => {}, ...(scales === undefined ? {} : { plays: scales }) });
      } finally {
        busy.delete(invocation);
      }
    };
  };
}

/** Registers one function as its manifest says. */
export type DeployOne = (manifest: Manifest, handler: (setting: HandlerSetting) => LambdaHandler) => void;
const deployInto =
  (lab: LabAccount): DeployOne =>
  (manifest, handler) => {
    const { name, kind, timeoutSeconds, executionTimeoutMinutes, memoryMb } = manifest;
    lab.lambda.register({
      name,
      kind,
      handler,
      timeout: seconds(timeoutSeconds),
      memoryMb,
      ...(executionTimeoutMinutes === undefined ? {} : { executionTimeout: minutes(executionTimeoutMinutes) }),
    });
  };

const pauseOn = (lab: LabAccount) => (length: Ms) => lab.clock.sleep(length);
