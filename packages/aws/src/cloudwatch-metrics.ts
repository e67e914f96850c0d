import { GetMetricDataCommand, type MetricDataQuery, type MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { type Datapoint, type EpochMs, epochMs, type MetricQuery, type MetricSeries } from "@nightshift/model";
import { type Metrics, PortError } from "@nightshift/ports";
import type { Call } from "./calls.ts";
import { allPages, inGroups } from "./pages.ts";
import type { Reach } from "./reach.ts";

// Source: "GetMetricData", https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html, 2026-11-21.
const queriesPerCall = 500;
// 100,800 datapoints a page; ten pages are more than a week of a hundred series by the minute.
const pages = 10;

/** CloudWatch metrics, by GetMetricData alone. */
export const metricsFrom = (reach: Reach): Metrics => ({
  async read(queries, from, to) {
    const series = new Map<string, MetricSeries>();
    for (const group of inGroups(queries, queriesPerCall)) {
      for (const [id, one] of await readGroup(reach, group, { from, to })) series.set(id, one);
    }
    // A series that CloudWatch did not mention is not known to be empty.
    return queries.map((query) => series.get(query.id) ?? { id: query.id, points: [], complete: false });
  },
});

interface Range {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

async function readGroup({ connections, calls }: Reach, queries: readonly MetricQuery[], { from, to }: Range): Promise<ReadonlyMap<string, MetricSeries>> {
  const call = { operation: "cloudwatch:GetMetricData", on: `${queries.length} series` };
  const input = { MetricDataQueries: queries.map(asked), StartTime: new Date(from), EndTime: new Date(to), ScanBy: "TimestampAscending" as const };
  const results = await allPages(call, pages, async (NextToken) => {
    const answer = await calls.read(call, async () =>
      (await connections.cloudwatch()).send(new GetMetricDataCommand({ ...input, ...(NextToken === undefined ? {} : { NextToken }) })),
    );
    return { items: answer.MetricDataResults ?? [], next: answer.NextToken };
  });
  return merged(call, results);
}

const asked = (query: MetricQuery): MetricDataQuery => ({
  Id: query.id,
  ReturnData: true,
  MetricStat: {
    Metric: { Namespace: query.namespace, MetricName: query.metric, Dimensions: Object.entries(query.dimensions).map(([Name, Value]) => ({ Name, Value })) },
    Period: query.period / 1_000,
    Stat: query.statistic,
  },
});

/** Joins the pages of each series. Earlier pages say PartialData because more follow: the last page's word counts. */
function merged(call: Call, results: readonly MetricDataResult[]): ReadonlyMap<string, MetricSeries> {
  const series = new Map<string, MetricSeries>();
  for (const result of results) {
    if (result.Id === undefined) continue;
    if (result.StatusCode === "Forbidden")
      throw new PortError("denied", call.operation, result.Id, "CloudWatch answered Forbidden: the role may not read this series");
    const points = [...(series.get(result.Id)?.points ?? []), ...pointsOf(result)].sort((a, b) => a.at - b.at);
    series.set(result.Id, { id: result.Id, points, complete: result.StatusCode === "Complete" });
  }
  return series;
}

const pointsOf = (result: MetricDataResult): readonly Datapoint[] =>
  (result.Timestamps ?? []).flatMap((at, index) => {
    const value = result.Values?.[index];
    return value === undefined ? [] : [{ at: epochMs(at.getTime()), value }];
  });
