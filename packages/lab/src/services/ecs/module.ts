import type {
  DeregisterTaskDefinitionRequest,
  DescribeServiceDeploymentsRequest,
  DescribeServiceDeploymentsResponse,
  DescribeServiceRevisionsRequest,
  DescribeServiceRevisionsResponse,
  DescribeServicesRequest,
  DescribeServicesResponse,
  DescribeTaskDefinitionRequest,
  DescribeTasksRequest,
  DescribeTasksResponse,
  Failure,
  GetTaskProtectionRequest,
  ListClustersRequest,
  ListServiceDeploymentsRequest,
  ListServiceDeploymentsResponse,
  ListServicesRequest,
  ListTaskDefinitionsRequest,
  ListTasksRequest,
  ListTasksResponse,
  RegisterTaskDefinitionRequest,
  RunTaskRequest,
  Service,
  StopServiceDeploymentRequest,
  StopTaskRequest,
  Task,
  UpdateServiceRequest,
  UpdateTaskProtectionRequest,
} from "@aws-sdk/client-ecs";
import { hours, ms } from "@nightshift/model";
import { AwsFault, type ServiceModule } from "../../kernel.ts";
import { clusterName, type EcsAccount, findService, nowOf } from "./account.ts";
import { beginDeployment, isOver } from "./deploy.ts";
import { say } from "./events.ts";
import { listClusters, listServices, paged } from "./lists.ts";
import { OneOffTasks } from "./oneOff.ts";
import { getTaskProtection, updateTaskProtection } from "./protection.ts";
import type { ServiceRecord, TaskRecord } from "./records.ts";
import type { Scheduler } from "./scheduler.ts";
import { briefDeployment, describeService, describeServiceDeployment, describeServiceRevision } from "./serviceView.ts";
import { deregisterTaskDefinition, describeTaskDefinition, findTaskDefinition, listTaskDefinitions, registerTaskDefinition } from "./taskDefinitions.ts";
import { describeTask } from "./taskView.ts";

/** Stopped tasks are answered for at least an hour, here for exactly one (API_DescribeTasks, docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html, read 2026-11-21). */
const STOPPED_SHOWN_FOR = hours(1);

/** Amazon ECS's operations on services, deployments, revisions, tasks and task definitions. */
export class EcsModule implements ServiceModule {
  readonly service = "ecs" as const;
  readonly mutating: ReadonlySet<string> = new Set([
    "UpdateService",
    "UpdateTaskProtection",
    "StopServiceDeployment",
    "RegisterTaskDefinition",
    "DeregisterTaskDefinition",
    "RunTask",
    "StopTask",
  ]);
  readonly oneOff: OneOffTasks;
  private readonly account: EcsAccount;
  private readonly scheduler: Scheduler;

  constructor(account: EcsAccount, scheduler: Scheduler) {
    this.account = account;
    this.scheduler = scheduler;
    this.oneOff = new OneOffTasks(account);
  }

  /** Each operation's input is what the typed SDK client was given; nothing here is checked that ECS itself would not check. */
  handle(operation: string, input: unknown, caller: string): unknown {
    const account = this.account;
    switch (operation) {
      case "DescribeServices":
        return this.describeServices(input as DescribeServicesRequest);
      case "ListServiceDeployments":
        return this.listDeployments(input as ListServiceDeploymentsRequest);
      case "DescribeServiceDeployments":
        return this.describeDeployments(input as DescribeServiceDeploymentsRequest);
      case "DescribeServiceRevisions":
        return this.describeRevisions(input as DescribeServiceRevisionsRequest);
      case "StopServiceDeployment":
        return this.stopDeployment(input as StopServiceDeploymentRequest);
      case "UpdateService":
        return this.updateService(input as UpdateServiceRequest);
      case "UpdateTaskProtection":
        return updateTaskProtection(account, input as UpdateTaskProtectionRequest, (service) => this.scheduler.changed(service));
      case "GetTaskProtection":
        return getTaskProtection(account, input as GetTaskProtectionRequest);
      case "ListClusters":
        return listClusters(account, input as ListClustersRequest);
      case "ListServices":
        return listServices(account, input as ListServicesRequest);
      case "ListTasks":
        return this.listTasks(input as ListTasksRequest);
      case "DescribeTasks":
        return this.describeTasks(input as DescribeTasksRequest);
      case "RunTask":
        return this.oneOff.run(input as RunTaskRequest);
      case "StopTask":
        return this.oneOff.stop(input as StopTaskRequest);
      case "RegisterTaskDefinition":
        return describeTaskDefinition(registerTaskDefinition(account, input as RegisterTaskDefinitionRequest, caller), true);
      case "DescribeTaskDefinition": {
        const asked = input as DescribeTaskDefinitionRequest;
        return describeTaskDefinition(findTaskDefinition(account, asked.taskDefinition ?? ""), asked.include?.includes("TAGS") === true);
      }
      case "DeregisterTaskDefinition": {
        const record = findTaskDefinition(account, (input as DeregisterTaskDefinitionRequest).taskDefinition ?? "");
        deregisterTaskDefinition(account, record);
        return describeTaskDefinition(record, false);
      }
      case "ListTaskDefinitions":
        return listTaskDefinitions(account, input as ListTaskDefinitionsRequest);
      default:
        throw new AwsFault("UnknownOperationException", `The lab's ECS does not know ${operation}`);
    }
  }

  /** Missing services are answered in `failures`, not thrown; at most ten a call (API_DescribeServices, docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html, read 2026-11-21). */
  private describeServices(asked: DescribeServicesRequest): DescribeServicesResponse {
    const cluster = clusterName(this.account, asked.cluster);
    const names = asked.services ?? [];
    if (names.length === 0) throw new AwsFault("InvalidParameterException", "Services cannot be empty.");
    if (names.length > 10) throw new AwsFault("InvalidParameterException", "Services cannot be more than 10.");
    const answer: { services: Service[]; failures: NonNullable<DescribeServicesResponse["failures"]> } = { services: [], failures: [] };
    for (const name of names) {
      const service = findService(this.account, cluster, name);
      if (service === undefined)
        answer.failures.push({
          arn: name.startsWith("arn:") ? name : `arn:aws:ecs:${this.account.kernel.region}:${this.account.kernel.accountId}:service/${cluster}/${name}`,
          reason: "MISSING",
        });
      else answer.services.push(this.view(service));
    }
    return answer;
  }

  /** As it is, or as it was before the last write: for as long as the world's own delay says, or the kernel's `staleBy`. */
  private view(service: ServiceRecord): Service {
    const stale = service.stale;
    const now = nowOf(this.account);
    const isOld = stale !== undefined && (now < stale.until || now - stale.wroteAt < (this.account.kernel.staleBy?.("ecs:DescribeServices") ?? 0));
    // The stale view was made by describeService below.
    return isOld ? structuredClone(stale.view as Service) : describeService(this.account, service);
  }

  /** ECS is eventually consistent: reads after a write may be old ("Eventual consistency", docs.aws.amazon.com/AmazonECS/latest/APIReference/Welcome.html; ten seconds by facts/rollback.md 2.8). */
  private remember(service: ServiceRecord): void {
    const wroteAt = nowOf(this.account);
    const delay = Math.floor(this.account.random() * this.account.options.staleFor);
    service.stale = { view: this.view(service), wroteAt, until: (wroteAt + delay) as typeof wroteAt }; // A moment plus a length.
  }

  private serviceOr(fault: string, cluster: string | undefined, name: string | undefined): ServiceRecord {
    const service = findService(this.account, clusterName(this.account, cluster), name ?? "");
    if (service === undefined) throw new AwsFault(fault, "Service not found.");
    return service;
  }

  /**
   * What starts a deployment and what does not (API_UpdateService, same reference, read 2026-11-21): a desired count, deployment configuration
   * or grace period alone does not. An INACTIVE task definition is refused.
   */
  private updateService(asked: UpdateServiceRequest): { service: Service } {
    const service = this.serviceOr("ServiceNotFoundException", asked.cluster, asked.service);
    const current = service.rollouts[0]?.revision.taskDefinition;
    const definition = asked.taskDefinition === undefined ? current : findTaskDefinition(this.account, asked.taskDefinition);
    if (definition?.refusedFrom !== undefined && definition !== current && nowOf(this.account) >= definition.refusedFrom)
      throw new AwsFault("ClientException", "TaskDefinition is inactive");
    this.remember(service);
    if (asked.deploymentConfiguration !== undefined) service.configuration = { ...service.configuration, ...asked.deploymentConfiguration };
    if (asked.healthCheckGracePeriodSeconds !== undefined) service.graceSeconds = asked.healthCheckGracePeriodSeconds;
    if (asked.desiredCount !== undefined && asked.desiredCount !== service.desired) {
      service.desired = asked.desiredCount;
      say(this.account, service, `has set its desired count to ${asked.desiredCount}.`);
      this.scheduler.changed(service);
    }
    const moved =
      (asked.networkConfiguration !== undefined && JSON.stringify(asked.networkConfiguration) !== JSON.stringify(service.network)) ||
      (asked.loadBalancers !== undefined && JSON.stringify(asked.loadBalancers) !== JSON.stringify(service.loadBalancers));
    if (asked.networkConfiguration !== undefined) service.network = asked.networkConfiguration;
    if (asked.loadBalancers !== undefined) service.loadBalancers = asked.loadBalancers;
    if (definition !== undefined && (asked.forceNewDeployment === true || definition !== current || moved))
      beginDeployment(this.account, this.scheduler, service, definition);
    return { service: describeService(this.account, service) };
  }

  /**
   * Accepted before the end and while stopping or rolling back, which then simply continues
   * ("Stopping Amazon ECS service deployments", docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html, read 2026-11-21);
   * a deployment that is over gives ConflictException.
   */
  private stopDeployment(asked: StopServiceDeploymentRequest): { serviceDeploymentArn: string } {
    const arn = asked.serviceDeploymentArn ?? "";
    if (asked.stopType === "ABORT") throw new AwsFault("InvalidParameterException", "The stop type ABORT is not supported. Use ROLLBACK.");
    const service = this.account.deploymentOwners.get(arn);
    const deployment = service?.deployments.find((one) => one.arn === arn);
    if (service === undefined || deployment === undefined) throw new AwsFault("ServiceDeploymentNotFoundException", "Service deployment not found.");
    if (isOver(deployment)) throw new AwsFault("ConflictException", `The service deployment is in the ${deployment.status} state and can't be stopped.`);
    if (deployment.status === "PENDING" || deployment.status === "IN_PROGRESS") {
      this.remember(service);
      this.scheduler.requestRollback(service, deployment);
    }
    return { serviceDeploymentArn: arn };
  }

  /** Newest first, 20 a page unless asked, at most 100 (API_ListServiceDeployments, same reference, read 2026-11-21). */
  private listDeployments(asked: ListServiceDeploymentsRequest): ListServiceDeploymentsResponse {
    const service = this.serviceOr("ServiceNotFoundException", asked.cluster, asked.service);
    const all = service.deployments.filter(
      (one) =>
        (asked.status === undefined || asked.status.length === 0 || asked.status.includes(one.status)) &&
        one.createdAt >= (asked.createdAt?.after?.getTime() ?? 0) &&
        one.createdAt <= (asked.createdAt?.before?.getTime() ?? Number.POSITIVE_INFINITY),
    );
    const start = Number(asked.nextToken ?? 0);
    const size = Math.min(asked.maxResults ?? 20, 100);
    return {
      serviceDeployments: all.slice(start, start + size).map((one) => briefDeployment(service, one)),
      ...(start + size < all.length ? { nextToken: String(start + size) } : {}),
    };
  }

  private describeDeployments(asked: DescribeServiceDeploymentsRequest): DescribeServiceDeploymentsResponse {
    const arns = twentyAtMost(asked.serviceDeploymentArns);
    const answer: {
      serviceDeployments: NonNullable<DescribeServiceDeploymentsResponse["serviceDeployments"]>;
      failures: NonNullable<DescribeServiceDeploymentsResponse["failures"]>;
    } = { serviceDeployments: [], failures: [] };
    for (const arn of arns) {
      const service = this.account.deploymentOwners.get(arn);
      const one = service?.deployments.find((deployment) => deployment.arn === arn);
      if (service === undefined || one === undefined) answer.failures.push({ arn, reason: "MISSING" });
      else answer.serviceDeployments.push(describeServiceDeployment(service, one));
    }
    return answer;
  }

  private describeRevisions(asked: DescribeServiceRevisionsRequest): DescribeServiceRevisionsResponse {
    const arns = twentyAtMost(asked.serviceRevisionArns);
    const answer: {
      serviceRevisions: NonNullable<DescribeServiceRevisionsResponse["serviceRevisions"]>;
      failures: NonNullable<DescribeServiceRevisionsResponse["failures"]>;
    } = { serviceRevisions: [], failures: [] };
    for (const arn of arns) {
      const service = [...this.account.services.values()].find((one) => one.revisions.some((revision) => revision.arn === arn));
      const revision = service?.revisions.find((one) => one.arn === arn);
      if (service === undefined || revision === undefined) answer.failures.push({ arn, reason: "MISSING" });
      else answer.serviceRevisions.push(describeServiceRevision(this.account, service, revision));
    }
    return answer;
  }

  private shown(task: TaskRecord): boolean {
    return task.stoppedAt === undefined || nowOf(this.account) - task.stoppedAt <= ms(STOPPED_SHOWN_FOR);
  }

  /** RUNNING unless another desired status is asked for; 100 a page (API_ListTasks, same reference, read 2026-11-21). */
  private listTasks(asked: ListTasksRequest): ListTasksResponse {
    const cluster = clusterName(this.account, asked.cluster);
    const services =
      asked.serviceName === undefined
        ? [...this.account.services.values()].filter((one) => one.cluster === cluster)
        : [this.serviceOr("ServiceNotFoundException", asked.cluster, asked.serviceName)];
    const arns = services
      .flatMap((service) => service.tasks)
      .filter(
        (task) =>
          this.shown(task) &&
          task.desired === (asked.desiredStatus ?? "RUNNING") &&
          (asked.startedBy ?? task.rollout.id) === task.rollout.id &&
          (asked.family ?? task.revision.taskDefinition.family) === task.revision.taskDefinition.family,
      )
      .map((task) => task.arn);
    const { items, more } = paged(arns, { ...asked, atMost: asked.maxResults ?? 100 });
    return { taskArns: items, ...more };
  }

  /** Unknown tasks are answered in `failures`; at most 100 a call (API_DescribeTasks, same reference, read 2026-11-21). */
  private describeTasks(asked: DescribeTasksRequest): DescribeTasksResponse {
    const cluster = clusterName(this.account, asked.cluster);
    const wanted = asked.tasks ?? [];
    if (wanted.length > 100) throw new AwsFault("InvalidParameterException", "Tasks cannot be more than 100.");
    const all = [...this.account.services.values()].filter((one) => one.cluster === cluster).flatMap((service) => service.tasks);
    const answer: { tasks: Task[]; failures: Failure[] } = { tasks: [], failures: [] };
    for (const given of wanted) {
      const task = all.find((one) => (one.arn === given || one.id === given) && this.shown(one));
      const view = task === undefined ? this.oneOff.describe(given) : describeTask(this.account, task);
      if (view === undefined) answer.failures.push({ arn: given, reason: "MISSING" });
      else answer.tasks.push(view);
    }
    return answer;
  }
}

function twentyAtMost(arns: readonly string[] | undefined): readonly string[] {
  if (arns === undefined || arns.length === 0) throw new AwsFault("InvalidParameterException", "At least one ARN is required.");
  if (arns.length > 20) throw new AwsFault("InvalidParameterException", "At most 20 ARNs can be described at once.");
  return arns;
}
