import { type EpochMs, ms, type Ms, seconds } from "@nightshift/model";
import type { Kernel, ServiceModule } from "../kernel.ts";
import { type Alarm, AlarmBook, type AlarmSpec } from "../services/cloudwatch/alarms.ts";
import { type MetricName, MetricStore } from "../services/cloudwatch/metricStore.ts";
import { CloudWatchModule } from "../services/cloudwatch/module.ts";
import { Registry } from "../services/ecr/registry.ts";
import { type EcsAccount, isUp } from "../services/ecs/account.ts";
import { writeLog } from "../services/ecs/taskLog.ts";
import { EcsModule } from "../services/ecs/module.ts";
import type { EcsOptions, ServiceRecord, TaskRecord } from "../services/ecs/records.ts";
import { Scheduler } from "../services/ecs/scheduler.ts";
import { findTaskDefinition } from "../services/ecs/taskDefinitions.ts";
import { type Trouble, Weather } from "../services/ecs/weather.ts";
import { LoadBalancing } from "../services/elbv2/loadBalancing.ts";
import { LoadBalancingModule } from "../services/elbv2/module.ts";
import { LogStreams } from "../services/logs/streams.ts";
import { Dependencies, type OutageSpec } from "../traffic/dependencies.ts";
import { LatencyShapes } from "../traffic/latency.ts";
import type { Engine } from "../traffic/requests.ts";
import { Streams } from "../traffic/streams.ts";
import { Truth } from "../traffic/truth.ts";
import { LabDatabases } from "../runner/databases.ts";
import { healthy } from "./behaviours/healthy.ts";
import { Builder, type Known } from "./build.ts";
import { CeleryWorld } from "./celery.ts";
import { CodeBook } from "./code.ts";
import { Prober, type ProbeAnswer } from "./probe.ts";
import { servingShares } from "./serving.ts";
import type { Deployed, DeploySpec, ProductSpec, ServiceHandle, ServiceSpec, WorkerSpec } from "./spec.ts";
import { definitionRequest } from "./taskDefinition.ts";

/** What may differ between two worlds of one seed. */
export interface WorldOptions {
  readonly ecs?: Partial<EcsOptions>;
}

/** The simulated account's world: build it with `product`, then let things happen to it. All of it is driven by the kernel's clock and seed. */
export class LabWorld {
  /** To be registered with the kernel's boundary. */
  readonly modules: readonly ServiceModule[];
  readonly truth = new Truth();
  readonly registry: Registry;
  readonly alarms: AlarmBook;
  readonly store: MetricStore;
  readonly celery: CeleryWorld;
  private readonly kernel: Kernel;
  private readonly account: EcsAccount;
  private readonly scheduler: Scheduler;
  readonly ecs: EcsModule;
  /** Databases that the simulated runner backs up. */
  readonly databases = new LabDatabases();
  private readonly dependencies: Dependencies;
  private readonly engine: Engine;
  private readonly code = new CodeBook();
  private readonly streams: Streams;
  private readonly known = new Map<string, Known>();
  private readonly prober: Prober;
  private readonly builder: Builder;
  private building = false;

  constructor(kernel: Kernel, options: WorldOptions = {}) {
    this.kernel = kernel;
    this.celery = new CeleryWorld(kernel);
    this.registry = new Registry(kernel);
    this.store = new MetricStore(kernel);
    this.alarms = new AlarmBook(kernel, this.store);
    const balancing = new LoadBalancing(kernel);
    const logs = new LogStreams(kernel);
    this.dependencies = new Dependencies(kernel, this.store);
    this.account = {
      kernel,
      random: kernel.random("ecs"),
      registry: this.registry,
      balancing,
      alarms: this.alarms,
      logs,
      behaviourOf: this.code.read,
      // Fargate starts in 20 to 60 s (facts/rollback.md 2.2, an estimate); a container that behaves leaves two seconds after SIGTERM (assumed).
      options: { staleFor: seconds(10), start: { least: seconds(20), most: seconds(60) }, leaves: seconds(2), keepsCurrentDeployment: false, ...options.ecs },
      clusters: new Set(["default"]),
      families: new Map(),
      revisionsBefore: new Map(),
      services: new Map(),
      deploymentOwners: new Map(),
      counters: { ip: 0 },
      weather: new Weather(kernel),
      healthSuffers: (service) => this.healthSuffers(service),
      onServingChange: (service) => this.servingChanged(service),
    };
    this.scheduler = new Scheduler(this.account);
    this.ecs = new EcsModule(this.account, this.scheduler);
    this.engine = {
      kernel,
      store: this.store,
      balancing,
      log: (task, lines) => writeLog(this.account, task, lines),
      dependencies: this.dependencies,
      shapes: new LatencyShapes(),
      truth: this.truth,
    };
    this.modules = [this.ecs, new LoadBalancingModule(balancing), new CloudWatchModule(kernel, this.store, this.alarms), logs, this.registry];
    this.streams = new Streams(this.engine);
    this.prober = new Prober(kernel, this.streams.origins);
    this.builder = new Builder({ account: this.account, scheduler: this.scheduler, code: this.code });
  }

  /** Adds a cluster with services that have been running for days. */
  product(spec: ProductSpec): Readonly<Record<string, ServiceHandle>> {
    this.building = true;
    this.account.clusters.add(spec.cluster);
    for (const [name, dependency] of Object.entries(spec.dependencies ?? {})) this.dependencies.add(name, dependency);
    const handles = Object.fromEntries(spec.services.map((service) => [service.name, this.add(spec, service)]));
    this.building = false;
    return handles;
  }

  /** Adds an alarm; its metric's dimensions come from the handles `product` gave. */
  alarm(spec: AlarmSpec): Alarm {
    return this.alarms.put(spec);
  }

  /** Lets something happen later: scenarios' plots are made of these. */
  in(after: Ms, happening: () => void): void {
    this.kernel.clock.in(after, happening);
  }

  /** Deploys now, as CI would: push, register, UpdateService. */
  deploy(name: string, spec: DeploySpec = {}): Deployed {
    const known = this.of(name);
    const current = known.record.rollouts[0]?.revision;
    if (current === undefined) throw new Error(`The lab's service ${name} has nothing running`);
    const caller = spec.by ?? "ci";
    const call = (operation: string, input: unknown): void => {
      this.ecs.handle(operation, input, caller);
      this.kernel.record({ kind: "call", caller, service: "ecs", operation, input, result: "ok", mutating: true });
    };
    const image = spec.sameImage === true || spec.forceOnly === true ? undefined : this.builder.push(known, spec);
    let definition = current.taskDefinition;
    if (spec.forceOnly !== true) {
      const request = definitionRequest({
        kernel: this.kernel,
        service: known.spec,
        product: known.product,
        image: image?.name ?? current.images[0]?.image ?? "",
        release: spec,
      });
      call("RegisterTaskDefinition", request);
      definition = findTaskDefinition(this.account, definition.family);
    }
    const digest = image?.digest ?? this.registry.pull(definition.containers[0]?.image ?? "") ?? "";
    if (spec.behaviour !== undefined || image?.fresh === true) this.code.write(definition, [digest], spec.behaviour ?? healthy());
    const target = spec.forceOnly === true ? { forceNewDeployment: true } : { taskDefinition: definition.arn };
    call("UpdateService", { cluster: known.handle.cluster, service: name, ...target });
    const rollout = known.record.rollouts[0];
    if (rollout?.serviceDeployment === undefined) throw new Error(`The lab's service ${name} did not begin a deployment`);
    return {
      service: name,
      digest,
      taskDefinition: definition.arn,
      deployment: rollout.id,
      serviceDeployment: rollout.serviceDeployment.arn,
      revision: rollout.revision.arn,
    };
  }

  /** Lets a dependency fail for all services that need it. */
  outage(dependency: string, outage: OutageSpec): void {
    this.dependencies.fail(dependency, outage);
  }

  /** More (or less) work for a while. */
  spike(service: string, spike: { readonly from: Ms; readonly for: Ms; readonly times: number }): void {
    this.streams.spike(service, spike);
  }

  /** Ends running tasks for a reason outside the code: Spot reclaim, a lost host. */
  interrupt(
    service: string,
    what: { readonly count: number; readonly code: "SpotInterruption" | "TerminationNotice" | "InfrastructureHealth"; readonly reason?: string },
  ): void {
    const record = this.of(service).record;
    // Only Spot is reclaimed, where the service has it.
    const takes = (task: TaskRecord): boolean => what.code !== "SpotInterruption" || record.spot === undefined || task.capacityProvider === "FARGATE_SPOT";
    const running = record.tasks.filter((task) => task.desired === "RUNNING" && task.status === "RUNNING" && takes(task)).slice(0, what.count);
    for (const task of running) this.scheduler.tasks.stop(task, { code: what.code, reason: what.reason ?? "Your Spot Task was interrupted." });
  }

  /** The platform's own trouble for a while: no Fargate capacity, or a registry that limits pulls. */
  platform(trouble: Trouble, window: { readonly from: Ms; readonly for: Ms }): void {
    this.account.weather.expect(trouble, window);
  }

  /** Points of matching metrics are not published for a while. */
  metricGap(gap: { readonly from: Ms; readonly for: Ms; readonly namespace?: string; readonly metric?: string }): void {
    const from = this.soon(gap.from);
    this.store.gap(
      from,
      (from + gap.for) as EpochMs,
      (metric: MetricName) => (gap.namespace ?? metric.namespace) === metric.namespace && (gap.metric ?? metric.name) === metric.name,
    ); // A moment plus a length.
  }

  /** GetMetricData answers `PartialData`, without its newest points, for a while. */
  partialMetrics(window: { readonly from: Ms; readonly for: Ms }): void {
    const from = this.soon(window.from);
    this.store.answerPartially(from, (from + window.for) as EpochMs); // A moment plus a length.
  }

  /** Deletes an image's bytes from the service's repository. */
  purge(service: string, digest: string): void {
    this.registry.purge(this.of(service).handle.repository, digest);
  }

  /** Makes a task definition INACTIVE, as cleanups do. */
  deregister(taskDefinition: string): void {
    this.ecs.handle("DeregisterTaskDefinition", { taskDefinition }, "cleanup");
  }

  /** One request from outside, answered by what serves now; status 0 for an address the world does not know. */
  probe(url: string): ProbeAnswer {
    return this.prober.ask(url);
  }

  /** Share of traffic (or of running workers) by image digest now; empty when nothing serves. */
  serving(service: string): ReadonlyMap<string, number> {
    return servingShares(this.account, this.of(service).record);
  }

  /** The task definition of the service's newest deployment. */
  revisionOf(service: string): string {
    return this.of(service).record.rollouts[0]?.revision.taskDefinition.arn ?? "none";
  }

  /** How many tasks ECS is to keep running. */
  desired(service: string): number {
    return this.of(service).record.desired;
  }

  /** Tasks that scale-in leaves alone now. */
  protectedTasks(service: string): number {
    const now = this.kernel.clock.now();
    return this.of(service).record.tasks.filter((task) => isUp(task) && (task.protectedUntil ?? 0) > now).length;
  }

  handle(service: string): ServiceHandle {
    return this.of(service).handle;
  }

  private of(name: string): Known {
    const known = this.known.get(name);
    if (known === undefined) throw new Error(`The lab's world has no service named ${name}`);
    return known;
  }

  private soon(from: Ms): EpochMs {
    return (this.kernel.clock.now() + from) as EpochMs; // A moment plus a length.
  }

  private add(product: ProductSpec, spec: ServiceSpec): ServiceHandle {
    const known = this.builder.build(product, spec);
    this.known.set(spec.name, known);
    if (spec.worker?.celery === undefined) this.streams.add(spec, known.record, known.handle.url);
    else this.addCelery(spec.worker, known.record);
    return known.handle;
  }

  private addCelery(worker: WorkerSpec, record: ServiceRecord): void {
    const task = (arn: string) => record.tasks.find((one) => one.arn === arn);
    const fleet = this.celery.make(record.name, worker, {
      finished: (arn) => this.streams.celery.get(record.name)?.finished(task(arn)),
      stopping: (arn) => ({ code: task(arn)?.stopCode, reason: task(arn)?.stoppedReason }),
    });
    if (fleet === undefined) return;
    this.streams.addCelery(worker, record, fleet);
    this.scheduler.tasks.programs.run(record, fleet);
    fleet.open();
  }

  private healthSuffers(service: ServiceRecord): boolean {
    const spec = this.known.get(service.name)?.spec;
    return spec?.deepHealth === true && this.dependencies.suffering(spec.dependsOn ?? []).errorShare >= 0.5;
  }

  private servingChanged(service: ServiceRecord): void {
    if (this.building) return;
    this.kernel.clock.in(ms(0), () => {
      const known = this.known.get(service.name);
      const shares = servingShares(this.account, service);
      const told = JSON.stringify([...shares]);
      if (known === undefined || known.shares === told) return;
      known.shares = told;
      this.kernel.record({ kind: "world", what: "serving", about: service.name, detail: { shares: Object.fromEntries(shares) } });
    });
  }
}
