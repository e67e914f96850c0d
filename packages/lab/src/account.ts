import { days, type EpochMs, epochMs, type Ms } from "@nightshift/model";
import { EffectBoundary } from "./boundary/effects.ts";
import { type FaultPlan, noFaults } from "./boundary/fault.ts";
import { CallMeter, type Prices } from "./boundary/meter.ts";
import { type Rate, RateLimits } from "./boundary/rate.ts";
import { type Tap, tapped } from "./boundary/tap.ts";
import { Bus, type DeliveryPlan } from "./bus/bus.ts";
import { DurableEngine } from "./engine/engine.ts";
import type { EngineLimits } from "./engine/limits.ts";
import { Runner } from "./engine/runner.ts";
import type { AwsService, Kernel, Recorded, ServiceModule } from "./kernel.ts";
import { Autoscaling } from "./services/autoscaling/module.ts";
import { AwsBackup } from "./services/backup/module.ts";
import { Dynamo } from "./services/dynamodb/module.ts";
import { ElastiCache } from "./services/elasticache/module.ts";
import { type ColdStartSettings, ColdStarts } from "./services/lambda/cold-starts.ts";
import { Lambda } from "./services/lambda/module.ts";
import { Rds } from "./services/rds/module.ts";
import { S3 } from "./services/s3/module.ts";
import { Sns } from "./services/sns/module.ts";
import { Sqs } from "./services/sqs/module.ts";
import { Ssm } from "./services/ssm/module.ts";
import { labSlackFetch, type SlackFetch } from "./slack/transport.ts";
import { SlackWorkspace, type WorkspaceSettings } from "./slack/workspace.ts";
import { seededStreams } from "./time/chance.ts";
import { VirtualClock } from "./time/clock.ts";
import { installLabTime } from "./time/patch.ts";
import { Sandboxes } from "./time/sandbox.ts";
import { inScope } from "./time/scope.ts";

/** What a lab account may be told at its making; everything has a calm default. */
export interface AccountSettings {
  readonly seed: number;
  readonly startAt?: EpochMs;
  readonly region?: string;
  readonly accountId?: string;
  /** Gets the seeded numbers of the stream "faults", so that a random plan repeats with the seed. */
  readonly faults?: (random: () => number) => FaultPlan;
  readonly delivery?: DeliveryPlan;
  /** Calls a second by `ecs:DescribeServices`. */
  readonly rates?: Readonly<Record<string, Rate>>;
  readonly prices?: Prices;
  readonly staleBy?: (operation: string, random: () => number) => Ms;
  readonly slack?: WorkspaceSettings;
  readonly limits?: Partial<EngineLimits>;
  /** Functions take time to start where no sandbox is warm; absent: none ever does. */
  readonly coldStarts?: ColdStartSettings;
  /** Further services: ECS and what belongs to it. */
  readonly modules?: readonly ((kernel: Kernel) => ServiceModule)[];
  /** Told of every call of a `client()` and of every durable checkpoint once it has ended; it changes nothing. */
  readonly tap?: Tap;
}

/** An SDK client's part that adapters use. */
export interface LabClient {
  // An SDK client's answer type depends on the command; the adapters name it where they hold the client.
  send<Answer = unknown>(command: object): Promise<Answer>;
}

/** A simulated AWS account with a Slack workspace, under one virtual clock. */
export interface LabAccount {
  readonly kernel: Kernel;
  readonly clock: VirtualClock;
  readonly boundary: EffectBoundary;
  readonly meter: CallMeter;
  readonly bus: Bus;
  readonly engine: DurableEngine;
  readonly sandboxes: Sandboxes;
  readonly autoscaling: Autoscaling;
  readonly backup: AwsBackup;
  readonly elasticache: ElastiCache;
  readonly rds: Rds;
  readonly dynamodb: Dynamo;
  readonly lambda: Lambda;
  readonly s3: S3;
  readonly sns: Sns;
  readonly sqs: Sqs;
  readonly ssm: Ssm;
  readonly slack: SlackWorkspace;
  /** Everything that happened so far, in order. */
  readonly history: readonly Recorded[];
  /** The history as one line of JSON each: equal for equal seeds. */
  historyText(): string;
  register(module: ServiceModule): void;
  /** What an adapter is given instead of an SDK client, of the account's own region unless another is named. Commands go by their class names. */
  client(service: AwsService, caller: string, region?: string): LabClient;
  /** What `WebClient` is given as `fetch`. */
  slackFetch(caller?: string): SlackFetch;
  /** Runs `work` inside the lab and lets time pass until it is done. @throws when nothing is left to happen before that, or after `atMost` (7 days) of virtual time. */
  run<T>(work: () => Promise<T>, atMost?: Ms): Promise<T>;
  /** Lets things happen up to and including this moment; the clock then stands there. */
  runUntil(moment: EpochMs): Promise<void>;
  /** Lets things happen until `done()` holds, at most up to `moment`; says whether it came to hold. */
  runUntilTrue(done: () => boolean, moment?: EpochMs): Promise<boolean>;
  /** Lets this much time pass. */
  pass(length: Ms): Promise<void>;
}

/** Makes an account. The same settings and the same use give the same history, to the byte. */
export function createAccount(settings: AccountSettings): LabAccount {
  installLabTime();
  const random = seededStreams(settings.seed);
  const clock = new VirtualClock(settings.startAt ?? epochMs(Date.UTC(2026, 10, 2, 10, 0, 0)), random("Math.random"));
  const history: Recorded[] = [];
  const kernel: Kernel = {
    clock,
    random,
    region: settings.region ?? "eu-central-1",
    accountId: settings.accountId ?? "111122223333",
    staleBy: (operation) => settings.staleBy?.(operation, random("stale reads")) ?? (0 as Ms), // Zero has no unit to lose.
    record: (happening) => {
      history.push({ ...happening, at: clock.now(), n: history.length });
    },
    emit: (event) => {
      bus.publish(event);
    },
  };
  const bus = new Bus(kernel, settings.delivery);
  const meter = new CallMeter(settings.prices);
  const boundary = new EffectBoundary({
    clock,
    chance: random("latency"),
    plan: settings.faults?.(random("faults")) ?? noFaults,
    rates: new RateLimits(settings.rates ?? {}),
    meter,
    record: kernel.record,
  });
  const starts = settings.coldStarts && new ColdStarts(settings.coldStarts, { random: random("cold starts"), now: () => clock.now() });
  const sandboxes = new Sandboxes(clock, starts);
  const limits = settings.limits ?? {};
  const engine = new DurableEngine({ kernel, boundary, runner: new Runner(kernel, clock, sandboxes, limits), limits, tap: settings.tap });
  const sqs = new Sqs(kernel);
  const lambda = new Lambda({ kernel, sandboxes, engine, sqs });
  const own = { ...simple(kernel), sqs, lambda };
  const slack = new SlackWorkspace(() => clock.now(), settings.slack);
  const modules = new Map<AwsService, ServiceModule>();
  const register = (module: ServiceModule): void => {
    modules.set(module.service, module);
  };
  Object.values(own).forEach(register);
  settings.modules?.forEach((make) => register(make(kernel)));
  return {
    kernel,
    clock,
    boundary,
    meter,
    bus,
    engine,
    sandboxes,
    ...own,
    slack,
    history,
    register,
    historyText: () => `${history.map((line) => JSON.stringify(line)).join("\n")}\n`,
    client: (service, caller, region) => clientOf({ modules, boundary, tap: settings.tap }, { service, caller, region }),
    slackFetch: (caller) => labSlackFetch(slack, boundary, caller),
    ...passing(clock),
  };
}

/** Services that need nothing of one another. */
const simple = (kernel: Kernel) => ({
  autoscaling: new Autoscaling(kernel),
  backup: new AwsBackup(kernel),
  dynamodb: new Dynamo(kernel),
  elasticache: new ElastiCache(kernel),
  rds: new Rds(kernel),
  s3: new S3(kernel),
  sns: new Sns(kernel),
  ssm: new Ssm(kernel),
});

function clientOf(
  { modules, boundary, tap }: { readonly modules: ReadonlyMap<AwsService, ServiceModule>; readonly boundary: EffectBoundary; readonly tap: Tap | undefined },
  { region, ...of }: { readonly service: AwsService; readonly caller: string; readonly region: string | undefined },
): LabClient {
  return {
    send: <Answer>(command: object) => {
      const module = modules.get(of.service);
      if (!module) throw new Error(`The lab has no ${of.service}: register its module first.`);
      const operation = command.constructor.name.replace(/Command$/, "");
      const input = "input" in command ? command.input : {};
      // The module answers what AWS's API reference says; the caller's SDK types name that answer.
      const answer = boundary.effect(
        { ...of, operation, input, mutating: module.mutating.has(operation) },
        () => module.handle(operation, input, of.caller, region) as Answer | Promise<Answer>,
      );
      return tapped(tap, { service: of.service, operation, input }, answer);
    },
  };
}

function passing(clock: VirtualClock): Pick<LabAccount, "run" | "runUntil" | "runUntilTrue" | "pass"> {
  const runUntil = async (moment: EpochMs): Promise<void> => {
    await clock.run(() => false, moment);
  };
  return {
    async run<T>(work: () => Promise<T>, atMost: Ms = days(7)): Promise<T> {
      let settled = false;
      const promise = inScope(clock.world, work);
      const over = (): void => {
        settled = true;
      };
      promise.then(over, over);
      if (!(await clock.run(() => settled, epochMs(clock.now() + atMost))))
        throw new Error("The lab came to rest, or its time ran out, before the work was done: it waits for something that nobody will do.");
      return promise;
    },
    runUntil,
    runUntilTrue: (done, moment) => clock.run(done, moment),
    pass: (length) => runUntil(epochMs(clock.now() + length)),
  };
}
