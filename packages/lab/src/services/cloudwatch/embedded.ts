import { type EpochMs, epochMs } from "@nightshift/model";
import { type Fields, fields, list, maybeNumber, maybeText } from "../input.ts";
import { type MetricStore, single } from "./metricStore.ts";

const MINUTE = 60_000;

/**
 * Takes one log line as CloudWatch Logs takes it: metrics of the embedded metric format are published, any other line is not. Each
 * set of dimensions is a metric of its own; a target that is missing makes no point.
 * Source: "Specification: Embedded metric format",
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html (2026-11-21).
 * @returns how many points were published.
 */
export function publishEmbedded(store: MetricStore, line: string, now: EpochMs): number {
  const root = fields(parsed(line));
  const metadata = fields(root["_aws"]);
  const timestamp = maybeNumber(metadata, "Timestamp");
  if (timestamp === undefined) return 0;
  const minute = epochMs(Math.floor(timestamp / MINUTE) * MINUTE);
  let published = 0;
  for (const directive of list(metadata, "CloudWatchMetrics").map(fields)) {
    for (const dimensions of list(directive, "Dimensions")) {
      for (const metric of list(directive, "Metrics").map(fields)) {
        const name = maybeText(metric, "Name") ?? "";
        const value = maybeNumber(root, name);
        if (value === undefined) continue;
        store.publish({ namespace: maybeText(directive, "Namespace") ?? "", name, dimensions: targets(root, dimensions) }, minute, single(value), now);
        published += 1;
      }
    }
  }
  return published;
}

const targets = (root: Fields, names: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries((Array.isArray(names) ? names : []).map((name) => [String(name), String(root[String(name)])]));

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A line that is no JSON is a log line like any other.
    return undefined;
  }
}
