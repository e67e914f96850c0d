import { neededDimensions } from "../metric-names.ts";
import type { RunbookCheck } from "./check.ts";
import { option } from "./text.ts";

/** Options without which PutMetricAlarm fails or the alarm sees nothing (Amazon CloudWatch API Reference, PutMetricAlarm, read 2026-11-21). */
function absent(text: string): readonly string[] {
  if (/--metrics\b|--cli-input/.test(text)) return [];
  const needed = ["comparison-operator", "evaluation-periods", "threshold"].filter(
    (name) => option(text, name) === undefined && !(name === "threshold" && /--threshold-metric-id/.test(text)),
  );
  const namespace = option(text, "namespace") ?? "";
  return neededDimensions(namespace).length > 0 && option(text, "dimensions") === undefined ? [...needed, "dimensions"] : needed;
}

export const incompleteAlarm: RunbookCheck = {
  id: "D41",
  title: "Alarms are made whole",
  read: ({ lines }) =>
    lines
      .filter(({ text }) => /\bput-metric-alarm\b.*--/.test(text))
      .flatMap(({ text, line }) => {
        const gaps = absent(text);
        if (gaps.length === 0) return [];
        const only = gaps.length === 1 && gaps[0] === "dimensions";
        return [
          {
            severity: "danger" as const,
            line,
            says: only
              ? "the alarm names no resource: it stays INSUFFICIENT_DATA"
              : `the alarm lacks ${gaps.map((name) => `--${name}`).join(", ")}${gaps.includes("dimensions") ? ": the call fails, and without dimensions it would see nothing" : ": the call fails"}`,
            remedy: `add ${gaps.map((name) => `--${name} …`).join(" ")}`,
          },
        ];
      }),
};
