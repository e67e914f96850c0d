import type { Severity } from "@nightshift/model";
import { type Clock, PortError, type Probes, type World } from "@nightshift/ports";
import type { BackupPortName } from "./backup-ports.ts";
import { callsWith } from "./calls.ts";
import { systemClock, systemPatience } from "./clock.ts";
import { alarmsFrom } from "./cloudwatch-alarms.ts";
import { metricsFrom } from "./cloudwatch-metrics.ts";
import { type Connections, once } from "./connect.ts";
import { rollbacksFrom } from "./ecs-rollbacks.ts";
import { servicesFrom } from "./ecs-services.ts";
import { targetsFrom } from "./elbv2-targets.ts";
import type { EnvironmentName, Given } from "./environment.ts";
import { probesFrom } from "./http-probes.ts";
import type { LedgerPorts } from "./ledger/index.ts";
import type { Reach } from "./reach.ts";
import type { Patience } from "./retry.ts";
import { taskDefinitionsFrom } from "./task-definitions.ts";

/** Ports that Slack serves. */
export type SlackPortName = "chat" | "rooms" | "files" | "directory" | "replies";

/** Ports that the users' own brokers serve. */
export type BrokerPortName = "queues" | "workers";

/** Ports that the store of dumps serves (`packages/vault`): a bucket, or a directory. */
export type VaultPortName = "shelf" | "backupPruning";

/** The World without what is Slack's, the brokers', the store's of dumps, and backups'; the ledger's ports are those that were given. */
export type AwsWorldWithoutBackups<Ledger extends Partial<LedgerPorts> = LedgerPorts> = Omit<
  World,
  keyof LedgerPorts | SlackPortName | BrokerPortName | VaultPortName | BackupPortName
> &
  Ledger;

export type { BackupPortName } from "./backup-ports.ts";

/** What the world is built from. */
export interface AwsWorldParts<Ledger> {
  readonly connections: Connections;
  /** What this function was given; a port whose variable is missing says so when it is used. */
  readonly environment: Given<"AWS_REGION">;
  readonly ledger: Ledger;
  /** Absent: the machine's clock, waiting, chance and network. The lab gives its own. */
  readonly clock?: Clock;
  readonly patience?: Patience;
  readonly probes?: Probes;
  /** Absent: standard output, where Lambda takes log lines from. */
  readonly print?: (line: string) => void;
}

/** Builds `Reach` as `awsWorld` does, for what is not a port (secrets, the doctor's reading). */
export const reachOf = ({
  connections,
  clock = systemClock,
  patience = systemPatience,
}: Pick<AwsWorldParts<unknown>, "connections" | "clock" | "patience">): Reach => ({ connections, clock, calls: callsWith(patience) });

/**
 * Every port that AWS serves but those of backups; keep one for the life of the process, its connections stay open. A module of its own,
 * for functions that have no backups: whatever a module imports, even at first use, is part of every bundle that it is in, and what two
 * of its parts share is loaded at the start. What the guard needs at each look is here at once; the other ports load their
 * client at first use, to keep the first chunk small (decision 21).
 */
export function awsWorldWithoutBackups<Ledger extends Partial<LedgerPorts>>(parts: AwsWorldParts<Ledger>): AwsWorldWithoutBackups<Ledger> {
  const reach = reachOf(parts);
  return {
    ...parts.ledger,
    clock: reach.clock,
    services: servicesFrom(reach),
    taskDefinitions: taskDefinitionsFrom(reach),
    targets: targetsFrom(reach),
    metrics: metricsFrom(reach),
    alarms: alarmsFrom(reach),
    probes: parts.probes ?? probesFrom(reach.clock),
    rollbacks: rollbacksFrom(reach),
    ...lazyPorts(reach, parts.environment),
    ...scalingPorts(reach, parts),
  };
}

type LazyPorts = Pick<World, "logs" | "images" | "evidence" | "charts" | "pages" | "outbox" | "starter" | "deadLetters">;

function lazyPorts(reach: Reach, environment: Given<"AWS_REGION">): LazyPorts {
  const given = (name: EnvironmentName): string => requireGiven(environment, name);
  const logs = once(async () => (await import("./logs.ts")).logsFrom(reach));
  const images = once(async () => (await import("./ecr-images.ts")).imagesFrom(reach, environment.AWS_REGION));
  const evidence = once(async () => (await import("./s3-evidence.ts")).evidenceFrom(reach, given("EVIDENCE_BUCKET")));
  const pages = once(async () => (await import("./sns-pages.ts")).pagesFrom(reach, topicOf(environment)));
  const charts = once(async () => (await import("./cloudwatch-charts.ts")).chartsFrom(reach));
  const outbox = once(async () => (await import("./sqs-outbox.ts")).outboxFrom(reach, given("OUTBOX_QUEUE_URL")));
  const starter = once(async () => (await import("./lambda-starter.ts")).starterFrom(reach, functionArns(environment)));
  const deadLetters = once(async () => (await import("./sqs-dead-letters.ts")).deadLettersFrom(reach, given("DEAD_LETTER_QUEUE_URL")));
  return {
    logs: { tail: async (group, stream, lines) => (await logs()).tail(group, stream, lines) },
    images: { exists: async (image, digest) => (await images()).exists(image, digest) },
    evidence: {
      save: async (key, text) => (await evidence()).save(key, text),
      savePicture: async (key, png) => (await evidence()).savePicture(key, png),
      picture: async (key) => (await evidence()).picture(key),
    },
    charts: { draw: async (chart) => (await charts()).draw(chart) },
    pages: { page: async (page) => (await pages()).page(page) },
    outbox: { nudge: async (channel, incident, occasion) => (await outbox()).nudge(channel, incident, occasion) },
    starter: {
      start: async (automation, executionName, input) => (await starter()).start(automation, executionName, input),
      wake: async (callbackId) => (await starter()).wake(callbackId),
    },
    deadLetters: { send: async (body, error) => (await deadLetters()).send(body, error) },
  };
}

/** What the scaler uses; others load none of it, but for the guard, which lifts protection before it acts. */
function scalingPorts(reach: Reach, { environment, print = printLine }: AwsWorldParts<unknown>): Pick<World, "fleets" | "scaling" | "gauges" | "ticks"> {
  const given = (name: EnvironmentName): string => requireGiven(environment, name);
  const fleets = once(async () => (await import("./ecs-fleets.ts")).fleetsFrom(reach));
  const scaling = once(async () => (await import("./ecs-scaling.ts")).scalingFrom(reach));
  const gauges = once(async () => (await import("./gauges.ts")).gaugesFrom(print));
  const ticks = once(async () =>
    (await import("./ticks.ts")).ticksFrom(reach, {
      eventsQueueUrl: () => given("EVENTS_QUEUE_URL"),
      scalerArn: () => given("SCALER_FUNCTION_ARN"),
      region: environment.AWS_REGION,
    }),
  );
  return {
    fleets: {
      describe: async (refs) => (await fleets()).describe(refs),
      tasks: async (ref, only) => (await fleets()).tasks(ref, only),
      list: async (ref) => (await fleets()).list(ref),
      rival: async (ref) => (await fleets()).rival(ref),
    },
    scaling: {
      setDesired: async (ref, desired) => (await scaling()).setDesired(ref, desired),
      protect: async (ref, tasks, length) => (await scaling()).protect(ref, tasks, length),
      unprotect: async (ref, tasks) => (await scaling()).unprotect(ref, tasks),
    },
    gauges: { publish: async (service, at, figures) => (await gauges()).publish(service, at, figures) },
    ticks: {
      later: async (tick, wait) => (await ticks()).later(tick, wait),
      now: async (tick) => (await ticks()).now(tick),
    },
  };
}

/** Standard output, where Lambda takes log lines from. */
export const printLine = (line: string): void => void process.stdout.write(`${line}\n`);

/** A severity's own topic, or the one for all. */
const topicOf =
  (environment: Given<"AWS_REGION">) =>
  (severity: Severity): string =>
    environment[`PAGE_${severity}_TOPIC_ARN`] ?? requireGiven(environment, "PAGE_TOPIC_ARN");

/** `GUARD_FUNCTION_ARN` serves the automation `guard`. */
const functionArns = (environment: Given<"AWS_REGION">): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, arn]) =>
      name.endsWith("_FUNCTION_ARN") ? [[name.slice(0, -"_FUNCTION_ARN".length).toLowerCase().replaceAll("_", "-"), arn]] : [],
    ),
  );

/** The variable's value. @throws {PortError} `invalid` when this function was not given it */
export function requireGiven(environment: Given<"AWS_REGION">, name: EnvironmentName): string {
  const value = environment[name];
  if (value === undefined)
    throw new PortError("invalid", "environment", name, "this function was not given it; its manifest's `uses` must list the port that needs it");
  return value;
}
