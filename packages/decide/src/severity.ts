import type { Breach, Severity } from "@nightshift/model";

/** An outage begins where half of the requests fail; P2 above 5 %; P3 from 1 % on, both ends included (decision 5). */
const OUTAGE = 50;
const PARTIAL = 5;
const NOTABLE = 1;

/** How bad it is, by the worst breach. A breach without an error share (crashes, alarms, slowness) is a partial outage when hard, else P3. */
export function severityOf(breaches: readonly Breach[]): Severity {
  const all = breaches.map(one);
  return all.includes("P1") ? "P1" : all.includes("P2") ? "P2" : all.includes("P3") ? "P3" : "P4";
}

function one({ errorShare, strength }: Breach): Severity {
  if (errorShare !== undefined && errorShare >= OUTAGE) return "P1";
  if (strength === "hard" || (errorShare !== undefined && errorShare > PARTIAL)) return "P2";
  if (errorShare === undefined || errorShare >= NOTABLE) return "P3";
  return "P4";
}
