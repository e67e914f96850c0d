import type { Kernel } from "../kernel.ts";

/**
 * An alarm that is not among the simulated account's own changes its state: what CloudWatch would tell EventBridge.
 * Source: "Alarm events and EventBridge", https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html (2026-11-21).
 */
export function tellAlarm(kernel: Kernel, name: string, value: "ALARM" | "OK"): void {
  const { region, accountId, clock } = kernel;
  const stamp = (at: number) => new Date(at).toISOString().replace("Z", "+0000");
  const now = clock.now();
  kernel.emit({
    source: "aws.cloudwatch",
    detailType: "CloudWatch Alarm State Change",
    resources: [`arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`],
    detail: {
      alarmName: name,
      configuration: {
        metrics: [{ id: "m1", returnData: true, metricStat: { metric: { namespace: "Lab", name: "Trouble", dimensions: {} }, period: 60, stat: "Sum" } }],
      },
      previousState: { value: value === "ALARM" ? "OK" : "ALARM", reason: "as before", timestamp: stamp(now - 60_000) },
      state: { value, reason: `Threshold Crossed: 1 datapoint [${value === "ALARM" ? "61.0" : "0.0"}] against the threshold (20.0)`, timestamp: stamp(now) },
    },
  });
}
