import type { AccountFacts, MetricQuery, RevisionRecord, SeriesFacts, ServiceFacts, ServiceRef } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { readAlarms, readDatapoints } from "./account-alarms.ts";
import { readServiceFacts, readTargetGroups, readTaskDefinition } from "./account-ecs.ts";
import { readKnownGood, readRepositories } from "./account-images.ts";
import type { Reach } from "./reach.ts";

/** What the doctor is to look at, from config and ledger. */
export interface DoctorQuestion {
  readonly services: readonly ServiceRef[];
  /** Alarms that triggers name; those that ECS itself watches are added. */
  readonly alarms: readonly string[];
  /** The series that triggers and dependencies read. */
  readonly series: readonly (Pick<SeriesFacts, "service" | "trigger"> & { readonly query: MetricQuery })[];
  /** Revisions that somebody may want back. */
  readonly known: readonly RevisionRecord[];
  readonly passableRoles: readonly string[] | undefined;
}

/**
 * Reads what `guard doctor` judges. Only reads; what cannot be read is listed in `unread` and the rest goes on, so that
 * one missing permission does not hide every other finding.
 */
export async function gatherAccountFacts(reach: Reach, region: string, question: DoctorQuestion): Promise<AccountFacts> {
  const observedAt = reach.clock.now();
  const unread: { what: string; because: string }[] = [];
  const tried = async <T>(what: string, read: () => Promise<readonly T[]>): Promise<readonly T[]> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      unread.push({ what, because: error.message });
      return [];
    }
  };
  const services = await eachTried(question.services, (ref) => tried(`${ref.cluster}/${ref.service}`, async () => [await readServiceFacts(reach, ref)]));
  const taskDefinitions = await eachTried(definitionsOf(services), (arn) => tried(arn, async () => [await readTaskDefinition(reach, arn)]));
  const targetGroups = await eachTried([...new Set(services.flatMap((service) => service.targetGroupArns))], (arn) =>
    tried(arn, async () => [await readTargetGroups(reach, arn)]),
  );
  const names = [...new Set([...question.alarms, ...services.flatMap((service) => service.deploymentAlarms.names)])];
  const images = taskDefinitions.flatMap((definition) => definition.containers.map((container) => container.image));
  return {
    observedAt,
    services,
    taskDefinitions,
    targetGroups,
    unread,
    alarms: await tried("alarms", () => readAlarms(reach, names)),
    repositories: await tried("image repositories", () => readRepositories(reach, region, images)),
    knownGood: await tried("known good images", () => readKnownGood(reach, region, question.known)),
    series: await tried("metrics", () => seriesOf(reach, question)),
    passableRoles: question.passableRoles,
  };
}

async function eachTried<A, B>(items: readonly A[], read: (item: A) => Promise<readonly B[]>): Promise<readonly B[]> {
  const found: B[] = [];
  for (const item of items) found.push(...(await read(item)));
  return found;
}

const definitionsOf = (services: readonly ServiceFacts[]) => [
  ...new Set(services.flatMap((service) => [service.taskDefinition, ...(service.previous === undefined ? [] : [service.previous])])),
];

async function seriesOf(reach: Reach, { series }: DoctorQuestion): Promise<readonly SeriesFacts[]> {
  const newest = await readDatapoints(
    reach,
    series.map(({ query }) => query),
  );
  return series.map(({ service, trigger, query }, i) => ({
    service,
    trigger,
    namespace: query.namespace,
    metric: query.metric,
    dimensions: query.dimensions,
    lastDatapoint: newest[i] ?? "none",
  }));
}
