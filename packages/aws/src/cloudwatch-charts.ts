import { GetMetricWidgetImageCommand } from "@aws-sdk/client-cloudwatch";
import { type Chart, type Charts, PortError } from "@nightshift/ports";
import { need } from "./partial.ts";
import type { Reach } from "./reach.ts";

const mostMetrics = 100;
/** Wide enough to be read in a thread on a phone turned sideways. */
const size = { width: 900, height: 400 } as const;

/**
 * Pictures of metrics, drawn by CloudWatch. Metrics are not checked to exist: a series without datapoints is an empty line.
 * Sources: "GetMetricWidgetImage" (at most 100 metrics, 20 calls a second) and "Metric Widget Structure and Syntax",
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Metric-Widget-Structure.html, 2026-11-21.
 * @throws {PortError} `invalid` for no series or more than 100.
 */
export const chartsFrom = ({ connections, calls }: Reach): Charts => ({
  async draw(chart) {
    const call = { operation: "cloudwatch:GetMetricWidgetImage", on: chart.title };
    const count = chart.series.length;
    if (count < 1 || count > mostMetrics) throw new PortError("invalid", call.operation, call.on, `a chart shows 1 to ${mostMetrics} series, not ${count}`);
    const MetricWidget = JSON.stringify(widgetOf(chart));
    const answer = await calls.read(call, async () =>
      (await connections.cloudwatch()).send(new GetMetricWidgetImageCommand({ MetricWidget, OutputFormat: "png" })),
    );
    return need(call, "MetricWidgetImage", answer.MetricWidgetImage);
  },
});

const widgetOf = ({ title, from, to, series, above, marks }: Chart) => ({
  title,
  view: "timeSeries",
  ...size,
  start: new Date(from).toISOString(),
  end: new Date(to).toISOString(),
  timezone: "+0000",
  metrics: series.map(({ namespace, metric, dimensions, label, statistic, periodSeconds, right }) => [
    namespace,
    metric,
    ...Object.entries(dimensions).flat(),
    { label, stat: statistic, period: periodSeconds, yAxis: right === true ? "right" : "left" },
  ]),
  annotations: {
    horizontal: above === undefined ? [] : [{ value: above, label: "threshold" }],
    vertical: marks.map(({ at, text }) => ({ value: new Date(at).toISOString(), label: text })),
  },
});
