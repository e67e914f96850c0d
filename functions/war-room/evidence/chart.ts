import { type Evidenced, type GuardedService, minutes } from "@nightshift/model";
import { before, sayClock } from "@nightshift/model";
import type { Chart } from "@nightshift/ports";
import type { Gathering, Occasion } from "./gather.ts";

/** How much before the first sign a chart begins: enough to see what was usual. */
const LEAD = minutes(45);

/** A picture of what rang: errors, requests and latency of the service (CPU and memory where it has no traffic), with the deployment and our own acts marked. */
export async function chartOf({ world, incident, service }: Gathering, occasion: Occasion): Promise<Evidenced> {
  const to = world.clock.now();
  const chart: Chart = {
    title: `${service.name}: ${service.traffic === undefined ? "CPU and memory" : "errors, requests, p95"} (UTC)`,
    from: before(incident.openedAt, LEAD),
    to,
    series: service.traffic === undefined ? workerSeries(service) : trafficSeries(service),
    marks: [
      ...(incident.suspect === undefined ? [] : [{ at: incident.suspect.at, text: incident.suspect.what }]),
      ...incident.entries.filter((entry) => entry.kind === "acted").map((entry) => ({ at: entry.at, text: entry.text.slice(0, 60) })),
    ],
  };
  const png = await world.charts.draw(chart);
  const stored = await world.evidence.savePicture(`incidents/${incident.id}/${occasion}.png`, png);
  const what = occasion === "resolved" ? "before and after" : "what rang";
  return { kind: "chart", lines: [`Chart of ${what}, ${sayClock(chart.from)} to ${sayClock(to)} UTC`], stored: { ...stored, type: "image/png" } };
}

/** As "CloudWatch metrics for your Application Load Balancer" names them (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html, 2026-11-21). */
function trafficSeries({ traffic }: GuardedService): Chart["series"] {
  const dimensions = { LoadBalancer: traffic?.loadBalancer ?? "", TargetGroup: traffic?.targetGroup ?? "" };
  const series = (metric: string, statistic: string, label: string, right = false) => ({
    label,
    namespace: "AWS/ApplicationELB",
    metric,
    dimensions,
    statistic,
    periodSeconds: 60,
    right,
  });
  return [
    series("HTTPCode_Target_5XX_Count", "Sum", "5xx a minute"),
    series("RequestCount", "Sum", "requests a minute"),
    series("TargetResponseTime", "p95", "p95 (s)", true),
  ];
}

function workerSeries({ cluster, name }: GuardedService): Chart["series"] {
  const dimensions = { ClusterName: cluster, ServiceName: name };
  return [
    { label: "CPU %", namespace: "AWS/ECS", metric: "CPUUtilization", dimensions, statistic: "Average", periodSeconds: 60 },
    { label: "memory %", namespace: "AWS/ECS", metric: "MemoryUtilization", dimensions, statistic: "Average", periodSeconds: 60 },
  ];
}
