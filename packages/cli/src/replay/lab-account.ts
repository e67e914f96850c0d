import { awsWorld } from "@nightshift/aws/world";
import type { Resolved } from "@nightshift/config";
import { createAccount, type LabAccount } from "@nightshift/lab/account";
import { labConnections, labProbes, loadAdapters } from "@nightshift/lab/connections";
import {
  crashOnBoot,
  errorRateAlarm,
  fiveHundreds,
  healthy,
  LabWorld,
  latencyCreep,
  type Behaviour,
  type ServiceHandle,
  type ServiceSpec,
} from "@nightshift/lab/world/index";
import { before, type EpochMs, type GuardedService, type GuardSettings, minutes, percent } from "@nightshift/model";
import { Refusal } from "../frame/command.ts";
import type { Readable } from "./rehearsal.ts";

/** How the code that is being deployed behaves in the simulated account. */
export const codes = {
  healthy: () => healthy(),
  "five-hundreds": () => fiveHundreds({ share: 0.12 }),
  "crash-on-boot": () => crashOnBoot(),
  "latency-creep": () => latencyCreep({ times: 40, over: minutes(5) }),
} as const satisfies Readonly<Record<string, () => Behaviour>>;
/** A word for `--code`. */
export type Code = keyof typeof codes;

/** The code that a word names. @throws {Refusal} that lists them. */
export function codeNamed(word: string): Code {
  const found = (Object.keys(codes) as readonly Code[]).find((name) => name === word); // Object.keys widens the names it was given
  if (found === undefined) throw new Refusal(`--code "${word}" is not known to the simulated account: choose ${Object.keys(codes).join(", ")}.`);
  return found;
}

/** Minutes of ordinary life before the deployment, so that there is something to compare with. */
const WARM_UP = minutes(35);

/** A simulated account in which the config's services run. */
export interface ConfiguredLab {
  readonly lab: LabAccount;
  readonly world: LabWorld;
  readonly readable: Readable;
  /** The config's groups, with the load balancers that the simulated account has. */
  readonly groups: readonly GuardSettings[];
}

/** Makes an account from a config: its services have been running well for days when `at` comes. */
export async function labFor(config: Resolved, at: EpochMs, region: string): Promise<ConfiguredLab> {
  await loadAdapters();
  const lab = createAccount({ seed: 1, startAt: before(at, WARM_UP), region });
  const world = new LabWorld(lab.kernel);
  for (const module of world.modules) lab.register(module);
  const services = config.groups.flatMap((group) => group.services);
  const handles = new Map<string, ServiceHandle>();
  for (const [cluster, members] of Map.groupBy(services, (service) => service.cluster)) {
    const made = world.product({ name: config.product, cluster, services: members.map(specOf), dependencies: {} });
    for (const handle of Object.values(made)) handles.set(handle.name, handle);
  }
  for (const service of services) addAlarms(world, service, handles.get(service.name));
  await lab.runUntil(at);
  const readable = awsWorld({
    connections: labConnections(lab, "replay"),
    environment: { AWS_REGION: region },
    ledger: {},
    clock: lab.clock,
    probes: labProbes(lab, world),
  });
  return {
    lab,
    world,
    readable,
    groups: config.groups.map((group) => ({ ...group, services: group.services.map((service) => asBuilt(service, handles.get(service.name))) })),
  };
}

function specOf(service: GuardedService): ServiceSpec {
  const [first] = service.smoke;
  const base = { name: service.name, ...(first === undefined ? {} : { url: new URL(first.url).origin }) };
  return service.traffic === undefined ? { ...base, worker: { queue: service.name, jobsPerMinute: 60 } } : { ...base, traffic: { rpm: 600 } };
}

/** Alarms that the config listens to, over the service's 5xx share: what they really watch is not in the config. */
function addAlarms(world: LabWorld, service: GuardedService, handle: ServiceHandle | undefined): void {
  if (handle?.traffic === undefined) return;
  for (const trigger of service.triggers) {
    if (trigger.kind === "alarms") for (const name of trigger.names) world.alarm(errorRateAlarm(handle, { name, threshold: percent(5) }));
  }
}

/** The service with the load balancer's names as the simulated account made them. */
const asBuilt = (service: GuardedService, handle: ServiceHandle | undefined): GuardedService =>
  service.traffic === undefined || handle?.traffic === undefined
    ? service
    : { ...service, traffic: { ...service.traffic, loadBalancer: handle.traffic.loadBalancer, targetGroup: handle.traffic.targetGroup } };
