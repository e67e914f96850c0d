/** An OCI image digest, `sha256:` and 64 hex digits: the only name of an image that cannot be moved. */
export type Digest = string & { readonly of: "digest" };
/** The ARN of one task definition revision. */
export type TaskDefinitionArn = string & { readonly of: "task-definition" };
/** The ARN of one ECS service deployment (`arn:…:service-deployment/CLUSTER/SERVICE/ID`). */
export type ServiceDeploymentArn = string & { readonly of: "service-deployment" };
/** The ARN of one immutable ECS service revision (`arn:…:service-revision/CLUSTER/SERVICE/ID`). */
export type ServiceRevisionArn = string & { readonly of: "service-revision" };
/** The short id in `DescribeServices.deployments[].id`, in events and in a task's `startedBy`: `ecs-svc/123`. */
export type EcsDeploymentId = string & { readonly of: "ecs-deployment" };
/** The name of a service in our config, equal to its ECS service name. */
export type ServiceName = string & { readonly of: "service" };
/** What an identity is filed under: same bytes, same task definition content and same service config give the same key. */
export type IdentityKey = string & { readonly of: "identity" };

/** Each marks a text as that name; nothing is checked: texts come from AWS or from a parser. */
export const digest = (s: string): Digest => s as Digest;
export const taskDefinitionArn = (s: string): TaskDefinitionArn => s as TaskDefinitionArn;
export const serviceDeploymentArn = (s: string): ServiceDeploymentArn => s as ServiceDeploymentArn;
export const serviceRevisionArn = (s: string): ServiceRevisionArn => s as ServiceRevisionArn;
export const ecsDeploymentId = (s: string): EcsDeploymentId => s as EcsDeploymentId;
export const serviceName = (s: string): ServiceName => s as ServiceName;
export const identityKey = (s: string): IdentityKey => s as IdentityKey;

/** `api:42` from a task definition ARN: how people name a revision. */
export const shortRevision = (arn: TaskDefinitionArn): string => arn.slice(arn.lastIndexOf("/") + 1);
/** The first 12 hex digits of a digest, enough for a person to compare. */
export const shortDigest = (d: Digest): string => `${d.slice(0, 19)}…`;
