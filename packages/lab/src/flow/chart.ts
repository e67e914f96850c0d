import { type EChartsOption, init } from "echarts";
import { type EpochMs, sayClock } from "@nightshift/model";
import { FONT } from "../charts/draw.ts";

/** Told apart by people who do not see red or green (the palette of Okabe and Ito, jfly.uni-koeln.de/color, recalled). */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#5f6368", "#000000", "#f0e442"];
const GREY = "#5f6368";
const WIDTH = 960;
const words = { fontFamily: FONT, fontSize: 13, color: GREY };

/** Two pictures under one another over the same time: what came, and the workers under each policy. Points are moments and values. */
export interface FlowPicture {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly arrivals: readonly (readonly [number, number])[];
  readonly policies: readonly { readonly name: string; readonly workers: readonly (readonly [number, number])[] }[];
}

/** Draws arrivals above and workers below, as SVG. */
export function drawFlow({ title, from, to, arrivals, policies }: FlowPicture): string {
  const time = (gridIndex: number, shown: boolean) => ({
    type: "value" as const,
    gridIndex,
    min: from,
    max: to,
    interval: (to - from) / 6,
    splitLine: { show: false },
    axisLabel: { ...words, show: shown, formatter: (at: number) => sayClock(at as EpochMs).slice(0, 5) }, // The axis hands back moments.
  });
  const upright = (gridIndex: number, name: string) => ({
    type: "value" as const,
    gridIndex,
    name,
    nameTextStyle: { ...words, align: "left" as const },
    min: 0,
    splitNumber: 3,
    axisLabel: words,
  });
  return svgOf(460, {
    title: heading(title),
    legend: { top: 34, left: 12, textStyle: words, itemWidth: 14, itemHeight: 8, itemGap: 26, data: policies.map(({ name }) => name) },
    grid: [
      { left: 60, right: 30, top: 110, height: 80 },
      { left: 60, right: 30, top: 240, height: 180 },
    ],
    xAxis: [time(0, false), time(1, true)],
    yAxis: [upright(0, "tasks a minute"), upright(1, "workers")],
    series: [
      line({ name: "tasks a minute", points: arrivals, place: 0, colour: GREY }),
      ...policies.map(({ name, workers }, i) => line({ name, points: workers, place: 1, colour: COLOURS[i % COLOURS.length] ?? GREY })),
    ],
  });
}

interface Line {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
  readonly place: number;
  readonly colour: string;
}

const line = ({ name, points, place, colour }: Line) => ({
  type: "line" as const,
  name,
  xAxisIndex: place,
  yAxisIndex: place,
  step: place === 1 ? ("end" as const) : (false as const),
  showSymbol: false,
  lineStyle: { width: place === 1 ? 2 : 1, color: colour },
  itemStyle: { color: colour },
  data: points.map(([at, value]) => [at, value]),
});

/** Bars side by side: one group a category, one bar a series; undefined leaves a gap. */
export interface BarPicture {
  readonly title: string;
  readonly unit: string;
  readonly categories: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly (number | undefined)[] }[];
}

/** Draws groups of bars, as SVG. */
export function drawBars({ title, unit, categories, series }: BarPicture): string {
  return svgOf(460, {
    title: heading(title),
    legend: { top: 34, left: 12, textStyle: words, itemWidth: 14, itemHeight: 8, itemGap: 26, data: series.map(({ name }) => name) },
    grid: [{ left: 60, right: 20, top: 130, bottom: 90 }],
    xAxis: [{ type: "category", data: [...categories], axisLabel: { ...words, rotate: 35, interval: 0 } }],
    yAxis: [{ type: "value", name: unit, nameTextStyle: { ...words, align: "left" }, min: 0, axisLabel: words }],
    series: series.map(({ name, values }, i) => ({
      type: "bar" as const,
      name,
      itemStyle: { color: COLOURS[i % COLOURS.length] ?? GREY },
      data: values.map((value) => (value === undefined ? "-" : Math.round(value * 100) / 100)),
    })),
  });
}

const heading = (text: string) => ({ text, left: 12, top: 8, textStyle: { fontFamily: FONT, fontSize: 16, color: "#202124" } });

function svgOf(height: number, option: EChartsOption): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  chart.setOption({ animation: false, backgroundColor: "#ffffff", textStyle: { fontFamily: FONT }, ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
