import { type AccountCheck, pairs } from "../check.ts";
import { isBlind } from "../age.ts";

/** A trigger or dependency whose series had no datapoint in a day is reported as blind (facts/rollback.md 5). */
export const blindTrigger: AccountCheck = {
  id: "D26",
  title: "Triggers see something",
  look: (patient) =>
    pairs(patient).flatMap(({ service }) =>
      patient.facts.series
        .filter(
          (series) => series.service === service.name && isBlind(series.lastDatapoint, patient.facts.observedAt) && !series.metric.startsWith("HTTPCode_"),
        )
        .map((series) => ({
          severity: series.trigger === "dependency" ? ("warning" as const) : ("danger" as const),
          about: service.name,
          says: `the ${series.trigger === "dependency" ? "dependency" : `trigger ${series.trigger}`} reads ${series.namespace} ${series.metric} (${Object.entries(
            series.dimensions,
          )
            .map(([name, value]) => `${name} ${value}`)
            .join(", ")}), which had no datapoint in 24 h: it is blind`,
          remedy: `aws cloudwatch list-metrics --namespace ${series.namespace} --metric-name ${series.metric}   # then mend ${series.trigger === "dependency" ? "dependencies" : "traffic"} of "${service.name}" in nightshift.config.ts`,
        })),
    ),
};
