import { LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, TitleComponent } from "echarts/components";
import { type ECharts, type EChartsCoreOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { type ReactNode, useEffect, useRef } from "react";
import type { ChartPart, MarkPart } from "../../../src/serve/picture.ts";
import { sayTime } from "../say.ts";

use([LineChart, GridComponent, MarkLineComponent, TitleComponent, SVGRenderer]);

interface ChartProps {
  readonly chart: ChartPart;
  readonly marks: readonly MarkPart[];
  readonly now: number;
  readonly dark: boolean;
}

const HOUR = 3_600_000;
/** Height of one band with its title. */
const BAND = 62;

/** Requests, 5xx and latency of one service over the last hour, one band each, with what happened across all of them. */
export function ServiceChart({ chart, marks, now, dark }: ChartProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<ECharts>(null);
  const bands = bandsOf(chart);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const made = init(element, null, { renderer: "svg" });
    drawn.current = made;
    const resized = new ResizeObserver(() => made.resize());
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.dispose();
    };
  }, []);
  useEffect(() => {
    drawn.current?.setOption(optionOf(bandsOf(chart), { chart, marks, now, dark }), { notMerge: true });
  }, [chart, marks, now, dark]);
  const words = bands.map(({ title, values, unit }) => `${title} ${values.at(-1) ?? "none"}${unit}`).join(", ");
  return (
    <div className="chart" role="img" aria-label={`The last hour of ${chart.service}; now ${words}`}>
      <div ref={place} aria-hidden="true" style={{ height: bands.length * BAND + 20 }} />
    </div>
  );
}

interface Band {
  readonly title: string;
  readonly unit: string;
  readonly values: readonly (number | null)[];
}

const bandsOf = ({ requests, errors, p95 }: ChartPart): readonly Band[] => [
  { title: p95.length === 0 ? "jobs a minute" : "requests a minute", unit: "", values: requests },
  { title: p95.length === 0 ? "failed" : "5xx", unit: " %", values: errors },
  ...(p95.length === 0 ? [] : [{ title: "p95", unit: " ms", values: p95 }]),
];

function optionOf(bands: readonly Band[], { chart, marks, now, dark }: ChartProps): EChartsCoreOption {
  const ink = dark ? "#c9cdd3" : "#4a4f57";
  const line = dark ? "#3a3f47" : "#e3e5e8";
  const colours = dark ? ["#7ab8ff", "#ff9d80", "#d6b3ff"] : ["#0b5cad", "#b3391f", "#6f42a8"];
  const colourOf = { deployment: dark ? "#7ab8ff" : "#0b5cad", rollback: dark ? "#7fd6a4" : "#17703c", alarm: dark ? "#ff9d80" : "#b3391f" };
  const shown = marks.filter(({ at }) => at >= now - HOUR);
  return {
    animation: false,
    useUTC: true,
    title: bands.map(({ title, unit, values }, i) => ({
      text: `${title}  ${values.at(-1) ?? "–"}${values.length === 0 || values.at(-1) === null ? "" : unit}`,
      top: i * BAND,
      left: 0,
      textStyle: { fontSize: 11, fontWeight: "normal", color: ink },
    })),
    grid: bands.map((_, i) => ({ left: 40, right: 8, top: i * BAND + 18, height: BAND - 26 })),
    xAxis: bands.map((_, i) => ({
      type: "time",
      gridIndex: i,
      min: now - HOUR,
      max: now,
      splitNumber: 4,
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
      axisLabel: i === bands.length - 1 ? { color: ink, fontSize: 10, hideOverlap: true, formatter: (at: number) => sayTime(at).slice(0, 5) } : { show: false },
    })),
    yAxis: bands.map((_, i) => ({
      gridIndex: i,
      min: 0,
      minInterval: i === 0 ? 1 : 0,
      splitNumber: 2,
      axisLabel: { color: ink, fontSize: 10, hideOverlap: true },
      splitLine: { lineStyle: { color: line } },
    })),
    series: bands.map(({ title, values }, i) => ({
      type: "line",
      name: title,
      xAxisIndex: i,
      yAxisIndex: i,
      showSymbol: false,
      lineStyle: { width: 1.5, color: colours[i] },
      data: chart.at.map((at, n) => [at, values[n] ?? null]),
      markLine: {
        silent: true,
        symbol: "none",
        data: shown.map(({ at, what, text }) => ({
          xAxis: at,
          lineStyle: { color: colourOf[what], type: what === "alarm" ? "dotted" : "solid" },
          // A rollback soon after a deployment: their words stand on either side.
          label: { show: i === 0, formatter: what === "alarm" ? "alarm" : text, fontSize: 10, color: ink, align: what === "deployment" ? "right" : "left" },
        })),
      },
    })),
  };
}
