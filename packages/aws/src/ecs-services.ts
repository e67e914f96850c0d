import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  ListServiceDeploymentsCommand,
  type Service,
  type ServiceRevision as EcsServiceRevision,
} from "@aws-sdk/client-ecs";
import {
  type ServiceDeployment,
  type ServiceDeploymentArn,
  type ServiceRef,
  type ServiceRevision,
  serviceRevisionArn,
  type ServiceRevisionArn,
  type ServiceState,
  type TaskFacts,
} from "@nightshift/model";
import { PortError, type Services } from "@nightshift/ports";
import { rememberedDefinitions } from "./definitions.ts";
import { lastPart } from "./ecs-names.ts";
import { serviceDeployment, serviceState } from "./ecs-states.ts";
import { describeTasks, listTasks } from "./ecs-task-lists.ts";
import { moment, taskFacts } from "./ecs-tasks.ts";
import { identify } from "./identity.ts";
import { readLabels } from "./labels.ts";
import { allPages, inGroups } from "./pages.ts";
import { need, refuseFailures } from "./partial.ts";
import type { Reach } from "./reach.ts";

// AWS keeps 90 days of service deployments; 1,000 in that time is more than ten a day. Its order is not documented, so all are read.
const deploymentPages = 10;
const recent = 20;
const servicesPerCall = 10;

/** ECS, read. Sources: the pages of each call under https://docs.aws.amazon.com/AmazonECS/latest/APIReference/, 2026-11-21. */
export function servicesFrom(reach: Reach): Services {
  const definition = rememberedDefinitions(reach);
  return {
    describe: (refs) => describeServices(reach, refs),
    async deployment(arn) {
      const [found] = await describeDeployments(reach, [arn]);
      return need({ operation: "ecs:DescribeServiceDeployments", on: arn }, "serviceDeployments[0]", found);
    },
    recentDeployments: (ref) => recentDeployments(reach, ref),
    async revisions(arns) {
      const found = await describeRevisions(reach, arns);
      const revisions: ServiceRevision[] = [];
      for (const revision of found) {
        const call = { operation: "ecs:DescribeServiceRevisions", on: revision.serviceRevisionArn ?? "a service revision" };
        const { definition: content, tags } = await definition(need(call, "taskDefinition", revision.taskDefinition));
        revisions.push({
          arn: serviceRevisionArn(need(call, "serviceRevisionArn", revision.serviceRevisionArn)),
          identity: identify({ revision, definition: content }),
          createdAt: need(call, "createdAt", moment(revision.createdAt)),
          labels: readLabels(content, tags),
        });
      }
      return revisions;
    },
    async tasks(ref, startedBy) {
      const facts: TaskFacts[] = [];
      const arns = [...(await listTasks(reach, ref, "RUNNING")), ...(await listTasks(reach, ref, "STOPPED"))];
      const tasks = await describeTasks(reach, ref, { arns });
      // ListTasks takes `startedBy` only alone, so tasks are listed by service and told apart here.
      for (const task of tasks.filter((one) => startedBy === undefined || one.startedBy === startedBy))
        facts.push(taskFacts(task, (await definition(task.taskDefinitionArn ?? "")).definition));
      return facts;
    },
  };
}

/** Ten services a call. Source: "DescribeServices", https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html, 2026-11-21. */
export async function describeServices({ connections, calls, clock }: Reach, refs: readonly ServiceRef[]): Promise<readonly ServiceState[]> {
  const found = new Map<string, Service>();
  const key = (ref: ServiceRef) => `${lastPart(ref.cluster)}/${ref.service}`;
  const clusters = Map.groupBy(refs, (ref) => ref.cluster);
  const observedAt = clock.now();
  for (const [cluster, members] of clusters) {
    for (const services of inGroups([...new Set(members.map((ref): string => ref.service))], servicesPerCall)) {
      const call = { operation: "ecs:DescribeServices", on: services.map((service) => `${lastPart(cluster)}/${service}`).join(", ") };
      const answer = await calls.read(call, async () => (await connections.ecs()).send(new DescribeServicesCommand({ cluster, services: [...services] })));
      refuseFailures(call, answer.failures);
      for (const service of answer.services ?? []) found.set(`${lastPart(cluster)}/${service.serviceName ?? ""}`, service);
    }
  }
  return refs.map((ref) => {
    const call = { operation: "ecs:DescribeServices", on: key(ref) };
    const service = need(call, "service, nor a failure for it", found.get(key(ref)));
    // A deleted service stays describable as INACTIVE for a while; it is not there to be looked after.
    if (service.status === "INACTIVE") throw new PortError("not-found", call.operation, call.on, "the service is INACTIVE: it was deleted");
    return serviceState(ref, service, observedAt);
  });
}

async function describeDeployments({ connections, calls }: Reach, arns: readonly ServiceDeploymentArn[]): Promise<readonly ServiceDeployment[]> {
  if (arns.length === 0) return [];
  const call = { operation: "ecs:DescribeServiceDeployments", on: arns.join(", ") };
  const answer = await calls.read(call, async () =>
    (await connections.ecs()).send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [...arns] })),
  );
  refuseFailures(call, answer.failures);
  return (answer.serviceDeployments ?? []).map(serviceDeployment);
}

async function recentDeployments(reach: Reach, ref: ServiceRef): Promise<readonly ServiceDeployment[]> {
  const { connections, calls } = reach;
  const call = { operation: "ecs:ListServiceDeployments", on: `${lastPart(ref.cluster)}/${ref.service}` };
  const briefs = await allPages(call, deploymentPages, async (nextToken) => {
    const answer = await calls.read(call, async () =>
      (await connections.ecs()).send(
        new ListServiceDeploymentsCommand({ cluster: ref.cluster, service: ref.service, maxResults: 100, ...(nextToken === undefined ? {} : { nextToken }) }),
      ),
    );
    return { items: answer.serviceDeployments ?? [], next: answer.nextToken };
  });
  const newest = [...briefs].sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0)).slice(0, recent);
  // The cast is the SDK's word for what AWS calls this field.
  const arns = newest.map((brief) => need(call, "serviceDeploymentArn", brief.serviceDeploymentArn) as ServiceDeploymentArn);
  const described = await describeDeployments(reach, arns);
  return [...described].sort((a, b) => b.createdAt - a.createdAt);
}

async function describeRevisions({ connections, calls }: Reach, arns: readonly ServiceRevisionArn[]): Promise<readonly EcsServiceRevision[]> {
  if (arns.length === 0) return [];
  const call = { operation: "ecs:DescribeServiceRevisions", on: arns.join(", ") };
  const answer = await calls.read(call, async () =>
    (await connections.ecs()).send(new DescribeServiceRevisionsCommand({ serviceRevisionArns: [...new Set(arns)] })),
  );
  refuseFailures(call, answer.failures);
  const found = new Map((answer.serviceRevisions ?? []).map((revision) => [revision.serviceRevisionArn, revision]));
  return arns.map((arn) => need(call, `revision ${arn}, nor a failure for it`, found.get(arn)));
}
