import type {
  AccountFacts,
  ContainerFacts,
  Finding,
  GuardedService,
  GuardSettings,
  ServiceFacts,
  TargetGroupFacts,
  TaskDefinitionArn,
  TaskDefinitionFacts,
} from "@nightshift/model";

/** What a check over an account sees: facts, and what the config wants guarded. */
export interface Patient {
  readonly facts: AccountFacts;
  readonly groups: readonly GuardSettings[];
}

/** A finding before its check's id is put on it. */
export type Complaint = Omit<Finding, "id">;

/** One check: an id that never changes meaning, a title, and a pure look. */
export interface AccountCheck {
  readonly id: `D${number}`;
  readonly title: string;
  readonly look: (patient: Patient) => readonly Complaint[];
}

/** One guarded service beside what the account says of it. */
export interface Pair {
  readonly settings: GuardedService;
  readonly service: ServiceFacts;
}

/** Every service of the config. */
export const wanted = ({ groups }: Patient): readonly GuardedService[] => groups.flatMap((group) => group.services);

/** Every service of the config that the account has. */
export const pairs = (patient: Patient): readonly Pair[] =>
  wanted(patient).flatMap((settings) => {
    const service = patient.facts.services.find((it) => it.name === settings.name && it.cluster === settings.cluster);
    return service === undefined ? [] : [{ settings, service }];
  });

/** Services that Nightshift may act on: rolling deployments by ECS itself (decision 7). */
export const rolling = (patient: Patient): readonly Pair[] =>
  pairs(patient).filter(({ service }) => service.controller === "ECS" && service.strategy === "ROLLING");

/** True where facts are absent because they could not be read: absence then proves nothing. */
export const couldNotRead = ({ facts }: Patient, what: string): boolean => facts.unread.some((it) => it.what === what);

/** The task definition as it was read, if it was. */
export const definition = ({ facts }: Patient, arn: TaskDefinitionArn | undefined): TaskDefinitionFacts | undefined =>
  facts.taskDefinitions.find((it) => it.arn === arn);

/** Containers of the running task definition; none when it could not be read. */
export const containersOf = (patient: Patient, service: ServiceFacts): readonly ContainerFacts[] =>
  definition(patient, service.taskDefinition)?.containers ?? [];

/** The target groups of a service, as they were read. */
export const targetGroupsOf = ({ facts }: Patient, service: ServiceFacts): readonly TargetGroupFacts[] =>
  facts.targetGroups.filter((it) => service.targetGroupArns.includes(it.arn));

/** `aws ecs update-service` for one service, as a remedy begins. */
export const updateService = ({ cluster, name }: ServiceFacts, rest: string): string => `aws ecs update-service --cluster ${cluster} --service ${name} ${rest}`;
