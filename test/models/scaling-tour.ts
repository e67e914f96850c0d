import { sqsProbeFrom } from "@nightshift/aws/sqs-queues";
import { awsWorld, type AwsWorldParts, reachOf } from "@nightshift/aws/world";
import { createAccount, LabWorld } from "@nightshift/lab";
import type { Tap } from "@nightshift/lab/boundary/tap";
import { labConnections, loadAdapters } from "@nightshift/lab/connections";
import { epochMs, minutes, ms, seconds, serviceName } from "@nightshift/model";

/** Calls every method that the scaler has of AWS once in the lab. */
export async function scalingTour(tap: Tap): Promise<void> {
  await loadAdapters();
  const account = createAccount({ seed: 7, tap });
  const world = new LabWorld(account.kernel, { ecs: { staleFor: ms(0) } });
  for (const module of world.modules) account.register(module);
  world.product({
    name: "shop",
    cluster: "shop",
    services: [{ name: "worker", desired: 4, spot: { onDemandBase: 1 }, worker: { queue: "jobs", jobsPerMinute: 60 } }],
  });
  account.autoscaling.register({ cluster: "shop", service: "worker", min: 1, max: 4 });
  account.sqs.create({ name: "jobs" }).send("a job");
  account.lambda.register({ name: "scaler", kind: "plain", timeout: seconds(60), handler: () => async () => undefined });
  const { region, accountId, clock } = account.kernel;
  const parts: Omit<AwsWorldParts<object>, "environment" | "ledger"> = {
    connections: labConnections(account, "tour"),
    clock: { now: () => clock.now() },
    patience: { pause: async () => {}, random: () => 0 },
  };
  const { fleets, scaling, ticks } = awsWorld({
    ...parts,
    environment: {
      AWS_REGION: region,
      EVENTS_QUEUE_URL: account.sqs.create({ name: "events" }).url,
      SCALER_FUNCTION_ARN: `arn:aws:lambda:${region}:${accountId}:function:scaler`,
    },
    ledger: {},
  });
  const ref = { cluster: "shop", service: serviceName("worker") };
  const tick = { service: "worker", due: epochMs(0) };
  await account.run(async () => {
    await fleets.describe([ref]);
    await fleets.rival(ref);
    const { live } = await fleets.tasks(ref);
    const [first = "", ...others] = live.map((task) => task.arn);
    await scaling.protect(ref, others, minutes(5));
    await scaling.setDesired(ref, 3);
    await account.clock.sleep(minutes(1));
    await fleets.tasks(ref);
    await scaling.unprotect(ref, [first, ...others]);
    await ticks.later(tick, seconds(15));
    await ticks.now(tick);
    const broker = { kind: "sqs", queueNamePrefix: "", visibilityTimeout: minutes(30) } as const;
    await sqsProbeFrom(reachOf(parts))({ broker, queues: ["jobs", "none"], heartbeats: false, acksLate: true });
  });
}
