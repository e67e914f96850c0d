import type { DeploymentCircuitBreaker } from "@aws-sdk/client-ecs";
import type { Ms } from "@nightshift/model";
import type { TargetGroupSettings } from "../services/elbv2/loadBalancing.ts";
import type { FleetSpec } from "../celery/fleet.ts";
import type { TaskLength } from "../traffic/celery-stream.ts";
import type { DependencySpec } from "../traffic/dependencies.ts";
import type { Behaviour, Serving } from "./behaviour.ts";

/** What makes one release: everything but its bytes has a default. */
export interface ReleaseSpec {
  /** The image's tag; an existing tag moves to the new bytes. Default `vN`. */
  readonly tag?: string;
  /** Deploy these bytes instead of new ones. */
  readonly digest?: string;
  /** Default: good code. */
  readonly behaviour?: Behaviour;
  readonly environment?: Readonly<Record<string, string>>;
  /** Docker labels of the container. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Tags of the task definition. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Name the image by digest instead of by tag. */
  readonly pinned?: boolean;
}

/** A release that served before the world began. */
export interface PastRelease extends ReleaseSpec {
  /** How long ago it was deployed. */
  readonly ago: Ms;
  /** Its task definition was deregistered since. */
  readonly inactive?: boolean;
  /** Its bytes were deleted from the registry since. */
  readonly purged?: boolean;
}

/** A deployment made now. */
export interface DeploySpec extends ReleaseSpec {
  /** The same image as now; only environment, labels or tags differ. */
  readonly sameImage?: boolean;
  /** No new task definition: `forceNewDeployment` alone. */
  readonly forceOnly?: boolean;
  /** Who deploys; default `ci`. */
  readonly by?: string;
}

/** What a worker service takes its jobs from. */
export interface WorkerSpec {
  readonly queue: string;
  readonly jobsPerMinute: number;
  readonly jobsPerTask?: number;
  readonly base?: Partial<Serving>;
  /** Its tasks run Celery against a simulated Redis, job by job; absent: jobs are only counted. */
  readonly celery?: FleetSpec;
  /** Every queue that its Celery workers take from; `queue` when absent. */
  readonly queues?: readonly string[];
  /** How long a Celery task takes; default 2 s each. */
  readonly takes?: TaskLength;
  /** How far arrivals swing over the day; default 0.3. */
  readonly swing?: number;
}

/** One service as a scenario describes it. */
export interface ServiceSpec {
  readonly name: string;
  /** Repository name; default `PRODUCT/SERVICE`. */
  readonly image?: string;
  readonly desired?: number;
  /** Tasks beyond so many run on Fargate Spot; default: none is Spot. */
  readonly spot?: { readonly onDemandBase: number };
  /** What serves when the world begins; deployed three days ago unless `ago` says otherwise. */
  readonly release?: ReleaseSpec & { readonly ago?: Ms };
  /** The number of its first task definition revision here; default 1. Teams that have deployed for a while are in the forties. */
  readonly firstRevision?: number;
  /** Earlier releases, oldest first. */
  readonly past?: readonly PastRelease[];
  /** Behind a load balancer: requests a minute, and how the service does on an ordinary day. */
  readonly traffic?: { readonly rpm: number; readonly swing?: number; readonly base?: Partial<Serving>; readonly capacityPerTask?: number };
  /** A worker: jobs a minute from a queue. */
  readonly worker?: WorkerSpec;
  /** `stopTimeout` of its container: SIGKILL so long after SIGTERM. Default: ECS's own 30 s. */
  readonly stopTimeout?: Ms;
  readonly targetGroup?: Partial<TargetGroupSettings>;
  /** Where `world.probe` finds it; default `https://SERVICE.PRODUCT.example.com`. */
  readonly url?: string;
  /** Names of the product's dependencies it needs. */
  readonly dependsOn?: readonly string[];
  /** Its health endpoint asks its dependencies too, so that their outage makes targets unhealthy; default no. */
  readonly deepHealth?: boolean;
  /** What DescribeServices says of it; the lab replaces tasks as for ROLLING whatever it says. Default ROLLING. */
  readonly strategy?: "ROLLING" | "BLUE_GREEN";
  readonly circuitBreaker?: DeploymentCircuitBreaker;
  /** ECS's own deployment alarms. */
  readonly deploymentAlarms?: { readonly names: readonly string[]; readonly rollback: boolean };
  readonly minimumHealthyPercent?: number;
  readonly maximumPercent?: number;
  readonly graceSeconds?: number;
  readonly containerHealthCheck?: { readonly interval?: number; readonly retries?: number; readonly startPeriod?: number };
}

/** A product: one cluster, one load balancer, its services and what they share. */
export interface ProductSpec {
  readonly name: string;
  readonly cluster: string;
  readonly services: readonly ServiceSpec[];
  readonly dependencies?: Readonly<Record<string, DependencySpec>>;
}

/** What scenarios and configs need to know of a service. */
export interface ServiceHandle {
  readonly name: string;
  readonly cluster: string;
  readonly arn: string;
  readonly repository: string;
  readonly url: string;
  readonly logGroup: string;
  /** What serves at the first moment. */
  readonly digest: string;
  readonly taskDefinition: string;
  /** Digests of `past`, oldest first. */
  readonly pastDigests: readonly string[];
  /** Undefined for workers. */
  readonly traffic: { readonly targetGroupArn: string; readonly targetGroup: string; readonly loadBalancer: string } | undefined;
}

/** What a deployment began. */
export interface Deployed {
  readonly service: string;
  readonly digest: string;
  readonly taskDefinition: string;
  /** `ecs-svc/…` */
  readonly deployment: string;
  readonly serviceDeployment: string;
  readonly revision: string;
}
