import { hours, type Ms } from "@nightshift/model";

/**
 * US dollars an hour that no PostgreSQL class of this size costs more than, Single-AZ, on demand: an upper bound over the burstable, general and
 * memory families, so that a cap is never passed by surprise. The small ones are db.t4g's list prices rounded up ("AWS RDS pricing explained",
 * https://infratally.com/articles/aws-rds-pricing-explained-2026.html, 2026-11-21: 0.016, 0.032, 0.065); from `large` on each size doubles, from a bound.
 */
const atMostAnHour: Readonly<Record<string, number>> = {
  micro: 0.02,
  small: 0.04,
  medium: 0.08,
  large: 0.3,
  xlarge: 0.6,
  "2xlarge": 1.2,
  "4xlarge": 2.4,
  "8xlarge": 4.8,
  "12xlarge": 7.2,
  "16xlarge": 9.6,
  "24xlarge": 14.4,
};
/** gp3 in US East (N. Virginia), rounded up ("RDS pricing calculator", https://www.usage.ai/blogs/aws/reserved-instances/rds/pricing-calculator/, 2026-11-21: 0.115). */
const GIB_MONTH = 0.12;
const MONTH = hours(730);

/** What a drill costs at most in US dollars, if its instance stands for the whole time it may; undefined: nobody knows what this class costs. */
export function drillCost({ instanceClass, gib, atMost }: { readonly instanceClass: string; readonly gib: number; readonly atMost: Ms }): number | undefined {
  const [, family, size] = /^db\.([a-z]\d\w*)\.([\w]+)$/.exec(instanceClass) ?? [];
  const hourly = size === undefined ? undefined : atMostAnHour[size];
  // Families for more memory than r (x, z) cost more than the bound.
  if (hourly === undefined || family === undefined || !/^[tmr]\d/.test(family)) return undefined;
  return hourly * (atMost / hours(1)) + gib * GIB_MONTH * (atMost / MONTH);
}
