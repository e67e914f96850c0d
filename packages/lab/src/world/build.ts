import { days, type EpochMs, type Ms } from "@nightshift/model";
import type { EcsAccount } from "../services/ecs/account.ts";
import { createService, rememberDeployment } from "../services/ecs/deploy.ts";
import type { ServiceRecord, TaskDefinitionRecord } from "../services/ecs/records.ts";
import type { Scheduler } from "../services/ecs/scheduler.ts";
import { registerTaskDefinition } from "../services/ecs/taskDefinitions.ts";
import type { TargetGroup } from "../services/elbv2/loadBalancing.ts";
import { healthy } from "./behaviours/healthy.ts";
import type { CodeBook } from "./code.ts";
import { releaseDigest, targetGroupName } from "./names.ts";
import { servingShares } from "./serving.ts";
import type { ProductSpec, ReleaseSpec, ServiceHandle, ServiceSpec } from "./spec.ts";
import { definitionRequest, familyOf } from "./taskDefinition.ts";

/** A service that the world has built, and how far its releases have come. */
export interface Known {
  readonly product: string;
  readonly spec: ServiceSpec;
  readonly handle: ServiceHandle;
  readonly record: ServiceRecord;
  releases: number;
  /** What served when last told, to tell only changes. */
  shares: string;
}

/** Builds services that have been running for days, and pushes their images. */
export class Builder {
  private readonly account: EcsAccount;
  private readonly scheduler: Scheduler;
  private readonly code: CodeBook;

  constructor({ account, scheduler, code }: { readonly account: EcsAccount; readonly scheduler: Scheduler; readonly code: CodeBook }) {
    this.account = account;
    this.scheduler = scheduler;
    this.code = code;
  }

  /** A service with its past and present releases; it runs when this returns, and nothing sends it work yet. */
  build(product: ProductSpec, spec: ServiceSpec): Known {
    const repository = spec.image ?? `${product.name}/${spec.name}`;
    const url = spec.url ?? `https://${spec.name}.${product.name}.example.com`;
    const group =
      spec.traffic === undefined
        ? undefined
        : this.account.balancing.create(product.name, { name: targetGroupName(product.name, spec.name), ...spec.targetGroup });
    const record = this.record(product, spec, group);
    const logGroup = `/ecs/${product.name}/${spec.name}`;
    this.account.logs.createGroup(logGroup);
    const blank: ServiceHandle = {
      name: spec.name,
      cluster: product.cluster,
      arn: record.arn,
      repository,
      url,
      logGroup,
      digest: "",
      taskDefinition: "",
      pastDigests: [],
      traffic: group === undefined ? undefined : { targetGroupArn: group.arn, targetGroup: group.dimension, loadBalancer: group.loadBalancerDimension },
    };
    const draft: Known = { product: product.name, spec, handle: blank, record, releases: 0, shares: "" };
    this.account.revisionsBefore.set(familyOf(product.name, spec.name), (spec.firstRevision ?? 1) - 1);
    const pastDigests = (spec.past ?? []).map((past) => {
      const made = this.release(draft, past, { ago: past.ago, running: false });
      if (past.inactive === true) Object.assign(made.definition, { deregisteredAt: made.at, refusedFrom: made.at });
      if (past.purged === true) this.account.registry.purge(repository, made.digest);
      return made.digest;
    });
    const now = this.release(draft, spec.release ?? {}, { ago: spec.release?.ago ?? days(3), running: true });
    const handle = { ...blank, digest: now.digest, taskDefinition: now.definition.arn, pastDigests };
    return { ...draft, handle, shares: JSON.stringify([...servingShares(this.account, record)]) };
  }

  private record(product: ProductSpec, spec: ServiceSpec, group: TargetGroup | undefined): ServiceRecord {
    return createService(this.account, {
      name: spec.name,
      cluster: product.cluster,
      desired: spec.desired ?? 2,
      spot: spec.spot,
      graceSeconds: spec.graceSeconds ?? (group === undefined ? 0 : 60),
      configuration: {
        ...(spec.strategy === undefined ? {} : { strategy: spec.strategy }),
        maximumPercent: spec.maximumPercent ?? 200,
        minimumHealthyPercent: spec.minimumHealthyPercent ?? 100,
        deploymentCircuitBreaker: spec.circuitBreaker ?? { enable: false, rollback: false },
        ...(spec.deploymentAlarms === undefined
          ? {}
          : { alarms: { alarmNames: [...spec.deploymentAlarms.names], rollback: spec.deploymentAlarms.rollback, enable: true } }),
      },
      network: { awsvpcConfiguration: { subnets: ["subnet-a", "subnet-b"], securityGroups: ["sg-0lab"], assignPublicIp: "DISABLED" } },
      loadBalancers: group === undefined ? [] : [{ targetGroupArn: group.arn, containerName: spec.name, containerPort: 8080 }],
    });
  }

  /** A release of before the world began. */
  private release(
    known: Known,
    spec: ReleaseSpec,
    when: { readonly ago: Ms; readonly running: boolean },
  ): { readonly digest: string; readonly definition: TaskDefinitionRecord; readonly at: EpochMs } {
    const image = this.push(known, spec);
    const definition = registerTaskDefinition(
      this.account,
      definitionRequest({ kernel: this.account.kernel, service: known.spec, product: known.product, image: image.name, release: spec }),
      "ci",
    );
    const at = (this.account.kernel.clock.now() - when.ago) as EpochMs; // A moment minus a length.
    Object.assign(definition, { registeredAt: at });
    this.code.write(definition, [image.digest], spec.behaviour ?? healthy());
    rememberDeployment(this.account, this.scheduler, { service: known.record, definition, at, digests: [image.digest], running: when.running });
    return { digest: image.digest, definition, at };
  }

  /** Puts a release's image into the service's repository. */
  push(known: Known, spec: ReleaseSpec): { readonly name: string; readonly digest: string; readonly fresh: boolean } {
    known.releases += 1;
    const { repository } = known.handle;
    const tag = spec.tag ?? `v${known.releases}`;
    const digest = spec.digest ?? releaseDigest(repository, known.releases);
    this.account.registry.push(repository, digest, tag);
    const name = `${this.account.registry.host()}/${repository}`;
    return { name: spec.pinned === true ? `${name}@${digest}` : `${name}:${tag}`, digest, fresh: spec.digest === undefined };
  }
}
