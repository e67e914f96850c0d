import { bucketEdges } from "../services/cloudwatch/metricStore.ts";

/** Share of answers in each latency bucket, with their mean, for a log-normal distribution through its median and 99th percentile. */
export interface LatencyShape {
  readonly shares: Float64Array;
  readonly meanSeconds: number;
}

/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.326;
/** Shapes are made once per 2 % of median and of spread. */
const STEP = 0.02;
const SPREAD_STEP = 0.05;

/** Makes shapes, and keeps the ones made. */
export class LatencyShapes {
  private readonly made = new Map<string, LatencyShape>();

  /** `p50` and `p99` in milliseconds. */
  of(p50: number, p99: number): LatencyShape {
    const median = Math.round(Math.log(Math.max(1, p50) / 1_000) / STEP) * STEP;
    const spread = Math.max(SPREAD_STEP, Math.round(Math.log(Math.max(1.01, p99 / Math.max(1, p50))) / Z99 / SPREAD_STEP) * SPREAD_STEP);
    const key = `${median.toFixed(2)} ${spread.toFixed(2)}`;
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const shares = new Float64Array(bucketEdges.length);
    let below = 0;
    bucketEdges.forEach((edge, i) => {
      const upTo = i === bucketEdges.length - 1 ? 1 : normalBelow((Math.log(edge) - median) / spread);
      shares[i] = upTo - below;
      below = upTo;
    });
    const shape = { shares, meanSeconds: Math.exp(median + (spread * spread) / 2) };
    this.made.set(key, shape);
    return shape;
  }
}

/** The normal distribution function, by the logistic approximation x·(1.5976 + 0.070566·x²), which is right within 0.0002. */
const normalBelow = (x: number): number => 1 / (1 + Math.exp(-(1.5976 * x + 0.070566 * x ** 3)));
