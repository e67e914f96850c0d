import { mistakenMetrics, realMetric } from "../metric-names.ts";
import type { RunbookCheck } from "./check.ts";
import { option } from "./text.ts";

export const metricNameInText: RunbookCheck = {
  id: "D36",
  title: "Alarms are made on metrics that exist",
  read: ({ lines }) =>
    lines.flatMap(({ text, line }) => {
      const name =
        option(text, "metric-name") ?? mistakenMetrics.find((it) => text.includes("AWS/ApplicationELB") && new RegExp(`["'\\s]${it}["',\\s]`).test(text));
      const namespace = option(text, "namespace") ?? (text.includes("AWS/ApplicationELB") ? "AWS/ApplicationELB" : "");
      const real = name === undefined ? undefined : realMetric(namespace, name);
      if (real === undefined) return [];
      return [
        {
          severity: "danger" as const,
          line,
          says: `${namespace} has no metric ${name}: the alarm would never fire`,
          remedy: `--metric-name ${real} --dimensions Name=LoadBalancer,Value=app/… Name=TargetGroup,Value=targetgroup/…`,
        },
      ];
    }),
};
