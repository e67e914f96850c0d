import type { Connections } from "@nightshift/aws/connect";
import { judge } from "@nightshift/aws/http-probes";
import { seconds } from "@nightshift/model";
import { loadSlack } from "@nightshift/slack";
import type { Probes } from "@nightshift/ports";
import type { LabAccount } from "./account.ts";
import { loadCharts } from "./charts/png.ts";
import type { AwsService } from "./kernel.ts";
import type { LabWorld } from "./world/index.ts";

/** The adapters' connections, into the simulated account; every call passes the boundary under this caller's name. */
export function labConnections(lab: LabAccount, caller: string): Connections {
  // A lab client answers any command of its service; the SDK's overloads cannot be written out for it.
  const client =
    <C>(service: AwsService): (() => Promise<C>) =>
    async () =>
      lab.client(service, caller) as C;
  return {
    ecs: client("ecs"),
    autoscaling: client("application-autoscaling"),
    elbv2: client("elbv2"),
    cloudwatch: client("cloudwatch"),
    logs: client("logs"),
    ecr: client("ecr"),
    s3: client("s3"),
    sns: client("sns"),
    sqs: client("sqs"),
    lambda: client("lambda"),
    ssm: client("ssm"),
    dynamodb: client("dynamodb"),
    tables: client("dynamodb"),
    // As above, for a client of another region.
    rds: async (region) => lab.client("rds", caller, region) as Awaited<ReturnType<Connections["rds"]>>,
    elasticache: client("elasticache"),
    backup: client("backup"),
  };
}

/** Smoke tests against what serves in the world; judged by the same rule as over the network. */
export const labProbes = (lab: LabAccount, world: LabWorld): Probes => ({
  async run(test) {
    const answer = world.probe(test.url);
    const took = Math.min(answer.latencyMs, test.within);
    await lab.clock.sleep(took);
    const late = answer.latencyMs > test.within ? `no answer within ${test.within} ms` : undefined;
    const failed = late ?? (answer.status === 0 ? "no connection" : judge(test, { status: answer.status, body: answer.body }));
    return { name: test.name, ok: failed === undefined, because: failed ?? `${test.status} in ${Math.round(took)} ms`, took: Math.round(took) };
  },
});

/** Slack answers the lab's notifier within this. */
export const SLACK_PATIENCE = seconds(4);

/**
 * Loads every module that the adapters import at first use. Loading takes real time, which the virtual clock does not wait
 * for: it would come to rest while a file is being read.
 */
export async function loadAdapters(): Promise<void> {
  await Promise.all([
    import("@aws-sdk/client-ecs"),
    import("@aws-sdk/client-application-auto-scaling"),
    import("@aws-sdk/client-elastic-load-balancing-v2"),
    import("@aws-sdk/client-cloudwatch"),
    import("@aws-sdk/client-cloudwatch-logs"),
    import("@aws-sdk/client-ecr"),
    import("@aws-sdk/client-s3"),
    import("@aws-sdk/client-sns"),
    import("@aws-sdk/client-sqs"),
    import("@aws-sdk/client-lambda"),
    import("@aws-sdk/client-ssm"),
    import("@aws-sdk/client-rds"),
    import("@aws-sdk/client-elasticache"),
    import("@aws-sdk/client-backup"),
    import("@aws-sdk/lib-dynamodb"),
    loadSlack(),
    loadCharts(),
    import("@nightshift/aws/rds-databases"),
    import("@nightshift/aws/rds-snapshots"),
    import("@nightshift/aws/rds-restores"),
    import("@nightshift/aws/dynamodb-backups"),
    import("@nightshift/aws/elasticache-backups"),
    import("@nightshift/aws/s3-media"),
    import("@nightshift/aws/configuration-copies"),
    import("@nightshift/aws/restore-tests"),
    import("@nightshift/aws/recovery-gauges"),
    import("@nightshift/aws/ecs-runners"),
    import("@nightshift/aws/logs"),
    import("@nightshift/aws/ecr-images"),
    import("@nightshift/aws/s3-evidence"),
    import("@nightshift/aws/sns-pages"),
    import("@nightshift/aws/lambda-starter"),
    import("@nightshift/aws/sqs-dead-letters"),
    import("@nightshift/aws/sqs-outbox"),
    import("@nightshift/aws/cloudwatch-charts"),
    import("@nightshift/aws/ecs-fleets"),
    import("@nightshift/aws/ecs-scaling"),
    import("@nightshift/aws/gauges"),
    import("@nightshift/aws/sqs-queues"),
    import("@nightshift/aws/ticks"),
    import("@nightshift/aws/ssm-parameter"),
  ]);
}
