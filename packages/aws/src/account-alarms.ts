import { DescribeAlarmsCommand, type MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { type AlarmFacts, before, type EpochMs, hours, type MetricQuery, minutes, seconds } from "@nightshift/model";
import { metricsFrom } from "./cloudwatch-metrics.ts";
import { moment } from "./ecs-tasks.ts";
import { allPages, inGroups } from "./pages.ts";
import { need } from "./partial.ts";
import type { Reach } from "./reach.ts";

const call = { operation: "cloudwatch:DescribeAlarms", on: "alarms" };
type Described = Omit<AlarmFacts, "lastDatapoint">;

/** Alarms with their settings and the newest datapoint of their metric. @throws {PortError} */
export async function readAlarms(reach: Reach, names: readonly string[]): Promise<readonly AlarmFacts[]> {
  const alarms: Described[] = [];
  for (const group of inGroups(names, 100)) alarms.push(...(await describe(reach, group)));
  const watched = alarms.flatMap(({ name, metric, period }) =>
    metric?.statistic === undefined
      ? []
      : [
          {
            name,
            query: {
              id: "x",
              namespace: metric.namespace,
              metric: metric.name,
              dimensions: metric.dimensions,
              statistic: metric.statistic,
              period: period ?? minutes(5),
            },
          },
        ],
  );
  const newest = await readDatapoints(
    reach,
    watched.map(({ query }) => query),
  );
  return alarms.map((alarm) => {
    const at = watched.findIndex(({ name }) => name === alarm.name);
    return { ...alarm, lastDatapoint: at === -1 ? undefined : (newest[at] ?? "none") };
  });
}

async function describe({ connections, calls }: Reach, names: readonly string[]): Promise<readonly Described[]> {
  return allPages(call, 3, async (NextToken) => {
    const answer = await calls.read(call, async () =>
      (await connections.cloudwatch()).send(
        new DescribeAlarmsCommand({
          AlarmNames: [...names],
          AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
          MaxRecords: 100,
          ...(NextToken === undefined ? {} : { NextToken }),
        }),
      ),
    );
    return { items: [...(answer.MetricAlarms ?? []).map(alarmFacts), ...(answer.CompositeAlarms ?? []).map(alarmFacts)], next: answer.NextToken };
  });
}

/** Composite and metric-math alarms have no metric of their own. */
function alarmFacts(alarm: MetricAlarm): Described {
  const { Namespace, MetricName, TreatMissingData: missing } = alarm;
  return {
    name: need(call, "AlarmName", alarm.AlarmName),
    value: need(call, "StateValue", alarm.StateValue),
    since: need(call, "StateTransitionedTimestamp", moment(alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)),
    metric:
      Namespace === undefined || MetricName === undefined
        ? undefined
        : {
            namespace: Namespace,
            name: MetricName,
            statistic: alarm.Statistic ?? alarm.ExtendedStatistic,
            dimensions: Object.fromEntries((alarm.Dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value])),
          },
    threshold: alarm.Threshold,
    comparison: alarm.ComparisonOperator,
    evaluationPeriods: alarm.EvaluationPeriods,
    period: alarm.Period === undefined ? undefined : seconds(alarm.Period),
    treatMissingData: missing === "breaching" || missing === "notBreaching" || missing === "ignore" ? missing : "missing",
  };
}

/** The newest datapoint of each series in the last 24 hours, in the order asked; undefined where there is none. @throws {PortError} */
export async function readDatapoints(reach: Reach, queries: readonly MetricQuery[]): Promise<readonly (EpochMs | undefined)[]> {
  if (queries.length === 0) return [];
  const now = reach.clock.now();
  const numbered = queries.map((query, i) => ({ ...query, id: `q${i}` }));
  const series = await metricsFrom(reach).read(numbered, before(now, hours(24)), now);
  return series.map((one) => one.points.at(-1)?.at);
}
