import { type EChartsOption, init } from "echarts";
import { type EpochMs, sayDate } from "@nightshift/model";

/** A line over days: loss, restore time, size. Points are moments and values. */
export interface RecoveryChart {
  readonly title: string;
  readonly unit: string;
  readonly from: number;
  readonly to: number;
  readonly lines: readonly { readonly name: string; readonly points: readonly (readonly [number, number])[]; readonly dots?: boolean }[];
  /** What was promised, in the same unit. */
  readonly target?: { readonly value: number; readonly text: string };
}

const [WIDTH, HEIGHT] = [720, 260];
/** Stand-ins that ECharts understands; the page's own variables take their place, so that one picture fits light and dark. */
const STAND_INS = {
  "#010203": "var(--ink)",
  "#040506": "var(--grey)",
  "#070809": "var(--grid)",
  "#0a0b0c": "var(--bad)",
  "#0d0e0f": "var(--a)",
  "#111213": "var(--b)",
};
const [INK, GREY, GRID, BAD, ...COLOURS] = Object.keys(STAND_INS);

/** Draws it as SVG whose colours are the variables `--ink --grey --grid --bad --a --b` of the page around it. */
export function drawRecovery({ title, unit, from, to, lines, target }: RecoveryChart): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height: HEIGHT });
  const text = { fontFamily: "system-ui, sans-serif", fontSize: 12, color: GREY ?? "" };
  const highest = Math.max(target?.value ?? 0, ...lines.flatMap(({ points }) => points.map(([, value]) => value)));
  const option: EChartsOption = {
    animation: false,
    useUTC: true,
    backgroundColor: "transparent",
    title: { text: title, left: 8, top: 6, textStyle: { ...text, fontSize: 14, color: INK ?? "" } },
    ...(lines.length < 2 ? {} : { legend: { right: 8, top: 8, textStyle: text, itemWidth: 14, itemHeight: 8, data: lines.map(({ name }) => name) } }),
    grid: { left: 56, right: 24, top: 56, bottom: 32 },
    xAxis: {
      type: "value",
      min: from,
      max: to,
      interval: Math.max(1, (to - from) / 5),
      splitLine: { show: false },
      axisLine: { show: true, lineStyle: { color: GREY ?? "" } },
      axisLabel: { ...text, hideOverlap: true, formatter: (at: number) => sayDate(at as EpochMs).slice(5) }, // The axis hands back moments.
    },
    yAxis: {
      type: "value",
      name: unit,
      nameTextStyle: { ...text, align: "left" },
      min: 0,
      ...(highest > 0 ? { max: niceAbove(highest), interval: niceAbove(highest) / 5 } : {}),
      splitNumber: 4,
      splitLine: { lineStyle: { color: GRID ?? "" } },
      axisLabel: text,
    },
    series: lines.map(({ name, points, dots }, i) => ({
      type: "line" as const,
      name,
      showSymbol: dots === true || points.length < 3,
      symbol: "circle",
      symbolSize: 6,
      lineStyle: { width: 2, color: COLOURS[i % COLOURS.length] ?? "" },
      itemStyle: { color: COLOURS[i % COLOURS.length] ?? "" },
      data: points.map(([at, value]) => [at, value]),
      ...(i > 0 || target === undefined
        ? {}
        : {
            markLine: {
              symbol: "none",
              silent: true,
              lineStyle: { type: "dashed" as const, width: 2, color: BAD ?? "" },
              label: { ...text, color: BAD ?? "", formatter: target.text, position: "insideEndTop" as const },
              data: [{ yAxis: target.value }],
            },
          }),
    })),
  };
  chart.setOption(option);
  // What ECharts styles is what is under a pointer alone, in colours of its own.
  const svg = chart.renderToSVGString().replaceAll(/<style[^>]*>[\s\S]*?<\/style>/g, "");
  chart.dispose();
  return Object.entries(STAND_INS).reduce((drawn, [stand, variable]) => drawn.replaceAll(stand, variable), svg);
}

/** The next round number above: 1, 2, 2.5, 5 times a power of ten. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value * 1.05));
  return ([1, 2, 2.5, 5, 10].find((step) => step * power >= value * 1.05) ?? 10) * power;
}
