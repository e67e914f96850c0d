import { init } from "echarts";
import { minutes, sayClock, type EpochMs } from "@nightshift/model";

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
  // A thread shows a picture at less than half its width: the words are large enough for that.
  const size = Math.max(11, Math.round(width / 45));
  const text = { fontFamily: FONT, fontSize: size, color: GREY };
  const axes = axesOf(series);
  const ownAxes = Math.max(...axes.map((axis) => axis.place)) + 1;
  // Words near an edge stand on the inner side of their line.
  const sideOf = (at: number): "left" | "center" | "right" =>
    (at - from) / (to - from) > 0.75 ? "right" : (at - from) / (to - from) < 0.25 ? "left" : "center";
  const across = [
    ...lines.map(({ value, text: said }) => ({ yAxis: value, lineStyle: { color: RED }, label: { formatter: said, position: "insideEndTop" as const } })),
    ...marks.map(({ at, text: said }, i) => ({
      xAxis: at,
      lineStyle: { color: GREY },
      label: { formatter: short(said), position: "end" as const, align: sideOf(at), distance: 4 + (i % 2) * size * 1.2 },
    })),
  ];
  // Thresholds belong into the picture even where no point comes near them, as CloudWatch draws them.
  const peak = peakOf(series.filter((_, i) => axes[i]?.place === 0));
  const highest = Math.max(0, ...lines.map(({ value }) => value));
  chart.setOption({
    animation: false,
    useUTC: true,
    backgroundColor: "#ffffff",
    color: COLOURS,
    textStyle: { fontFamily: FONT },
    title: { text: title, left: 12, top: 8, textStyle: { fontFamily: FONT, fontSize: Math.round(size * 1.1), color: "#202124" } },
    legend: { bottom: 4, textStyle: text, itemWidth: size, itemGap: size * 2, itemHeight: Math.round(size * 0.6), data: series.map(({ label }) => label) },
    grid: {
      left: size * 3.2,
      right: size * (axes.some(({ side }) => side === "right") ? 3.2 * Math.max(1, ownAxes - 1) : 1.6),
      top: size * 4.8,
      bottom: size * 3.6,
    },
    xAxis: {
      type: "value",
      min: from,
      max: to,
      interval: stepOf(to - from),
      splitLine: { show: false },
      axisLine: { show: true, lineStyle: { color: GREY } },
      axisTick: { show: true },
      axisLabel: { ...text, hideOverlap: true, formatter: (at: number) => sayClock(at as EpochMs).slice(0, 5) }, // The axis hands back moments.
    },
    yAxis: scalesOf({ axes, ownAxes, text, size, highest: highest > peak ? highest : undefined }),
    series: series.map(({ label, points }, i) => ({
      type: "line" as const,
      name: label,
      yAxisIndex: axes[i]?.place ?? 0,
      showSymbol: points.length < 3,
      lineStyle: { width: 3 },
      data: points.map(([at, value]) => [at, value]),
      ...(i > 0 || across.length === 0
        ? {}
        : { markLine: { symbol: "none", silent: true, lineStyle: { type: "dashed" as const, width: 2 }, label: { ...text, color: "#202124" }, data: across } }),
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

interface Scales {
  readonly axes: ReturnType<typeof axesOf>;
  readonly ownAxes: number;
  readonly text: { readonly fontFamily: string; readonly fontSize: number; readonly color: string };
  readonly size: number;
  /** A threshold above every point. */
  readonly highest: number | undefined;
}

/** The upright axes: where there are several, each has the colour of what it measures. */
const scalesOf = ({ axes, ownAxes, text, size, highest }: Scales) =>
  Array.from({ length: ownAxes }, (_, place) => ({
    type: "value" as const,
    min: 0,
    splitNumber: 3,
    position: place === 0 ? ("left" as const) : ("right" as const),
    offset: place < 2 ? 0 : size * 3.2 * (place - 1),
    splitLine: { show: place === 0 },
    axisLabel: ownAxes === 1 ? text : { ...text, color: COLOURS[axes.findIndex((axis) => axis.place === place) % COLOURS.length] ?? GREY },
    ...(place === 0 && highest !== undefined ? { max: Math.ceil(highest * 1.25) } : {}),
  }));

/** From one time to the next under a chart of this length: four or five of them have room. */
const stepOf = (length: number): number => minutes([1, 2, 5, 10, 15, 30, 60, 120, 240].find((step) => minutes(step) * 5 >= length) ?? 1_440);

/** Figures that are smaller than this share of those beside them would lie on the ground. */
const DWARFED = 0.2;

const peakOf = (series: readonly { readonly points: readonly (readonly [number, number])[] }[]): number =>
  Math.max(0, ...series.flatMap(({ points }) => points.map(([, value]) => value)));

/**
 * Which axis each line is measured by. The first line's is the left one, where thresholds are drawn. CloudWatch knows two axes; the lab gives a line
 * of quite another size than all before it on its side one of its own, so that a few errors are seen beside a thousand requests.
 */
function axesOf(series: Drawing["series"]): readonly { readonly place: number; readonly side: "left" | "right" }[] {
  const scales: { readonly right: boolean; readonly peak: number }[] = [];
  return series.map((line) => {
    const peak = peakOf([line]);
    const fitting = scales.findIndex((one) => one.right === line.right && (peak === 0 || Math.min(peak, one.peak) >= DWARFED * Math.max(peak, one.peak)));
    const place = fitting < 0 ? scales.push({ right: line.right, peak }) - 1 : fitting;
    return { place, side: place === 0 ? "left" : "right" };
  });
}

/** More than this does not fit between two marks. */
const WORDS = 28;
const short = (text: string): string => (text.length <= WORDS ? text : `${text.slice(0, WORDS - 1)}…`);
