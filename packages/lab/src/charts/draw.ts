import { init } from "echarts";
import { sayClock, type EpochMs } from "@nightshift/model";

/** What a chart shows, with its points. */
export interface Drawing {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly series: readonly { readonly label: string; readonly right: boolean; readonly points: readonly (readonly [number, number])[] }[];
  readonly lines: readonly { readonly value: number; readonly text: string }[];
  readonly marks: readonly { readonly at: EpochMs; readonly text: string }[];
}

/** The typeface that the lab brings along; every chart is drawn with it alone. */
export const FONT = "DejaVu Sans";

/** Told apart by people who do not see red or green (the palette of Okabe and Ito, jfly.uni-koeln.de/color, recalled). */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"];
const RED = "#b3261e";
const GREY = "#5f6368";

/** Draws lines over time as SVG, with thresholds and marks. The same drawing is the same picture. */
export function drawSvg({ title, width, height, from, to, series, lines, marks }: Drawing): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  const text = { fontFamily: FONT, fontSize: 11, color: GREY };
  // Words near an edge stand on the inner side of their line.
  const sideOf = (at: number): "left" | "center" | "right" =>
    (at - from) / (to - from) > 0.75 ? "right" : (at - from) / (to - from) < 0.25 ? "left" : "center";
  const across = [
    ...lines.map(({ value, text: said }) => ({ yAxis: value, lineStyle: { color: RED }, label: { formatter: said, position: "insideEndTop" as const } })),
    ...marks.map(({ at, text: said }) => ({
      xAxis: at,
      lineStyle: { color: GREY },
      label: { formatter: short(said), position: "end" as const, align: sideOf(at) },
    })),
  ];
  // Thresholds belong into the picture even where no point comes near them, as CloudWatch draws them.
  const peak = Math.max(0, ...series.flatMap(({ right, points }) => (right ? [] : points.map(([, value]) => value))));
  const highest = Math.max(0, ...lines.map(({ value }) => value));
  chart.setOption({
    animation: false,
    useUTC: true,
    backgroundColor: "#ffffff",
    color: COLOURS,
    textStyle: { fontFamily: FONT },
    title: { text: title, left: 12, top: 8, textStyle: { fontFamily: FONT, fontSize: 14, color: "#202124" } },
    legend: { bottom: 4, textStyle: text, data: series.map(({ label }) => label) },
    grid: { left: 56, right: 56, top: 60, bottom: 52 },
    xAxis: { type: "time", min: from, max: to, axisLabel: { ...text, formatter: (at: number) => sayClock(at as EpochMs).slice(0, 5) } }, // The axis hands back moments.
    yAxis: [
      { type: "value", min: 0, axisLabel: text, ...(highest > peak ? { max: Math.ceil(highest * 1.25) } : {}) },
      { type: "value", min: 0, axisLabel: text, splitLine: { show: false }, show: series.some(({ right }) => right) },
    ],
    series: series.map(({ label, right, points }, i) => ({
      type: "line" as const,
      name: label,
      yAxisIndex: right ? 1 : 0,
      showSymbol: points.length < 3,
      lineStyle: { width: 2 },
      data: points.map(([at, value]) => [at, value]),
      ...(i > 0 || across.length === 0
        ? {}
        : { markLine: { symbol: "none", silent: true, lineStyle: { type: "dashed" as const, width: 1 }, label: { ...text, fontSize: 10 }, data: across } }),
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** More than this does not fit between two marks. */
const WORDS = 40;
const short = (text: string): string => (text.length <= WORDS ? text : `${text.slice(0, WORDS - 1)}…`);
