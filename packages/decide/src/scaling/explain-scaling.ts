import { sayClock, sayDate, sayLength, type ScalingDecision, type ScalingFigures, seconds } from "@nightshift/model";

/** A decision in plain lines, the deciding one first: what was done, why, and what it was decided from. */
export function explainScaling({ at, verdict, observation }: ScalingDecision): readonly string[] {
  const before = observation.fleet.ok ? observation.fleet.value.desired : undefined;
  const lines = [`${sayDate(at)} ${sayClock(at)} UTC: ${sayDone(verdict, before)}`];
  for (const because of verdict.because) if (because !== "") lines.push(`because ${because}`);
  lines.push(...sayFigures(verdict.figures));
  if (verdict.drain.length > 0) lines.push(`takes no more work: ${verdict.drain.map(({ worker }) => worker).join(", ")}`);
  if (verdict.undrain.length > 0) lines.push(`takes work again: ${verdict.undrain.join(", ")}`);
  if (verdict.protect.length > 0) lines.push(`protected while the count is lowered: ${verdict.protect.length} tasks`);
  for (const { kind, says } of verdict.attention) lines.push(`needs attention (${kind}): ${says.join(" ")}`);
  lines.push(`next look in ${sayLength(verdict.next)}`);
  return lines;
}

function sayDone({ kind, desired, drain, undrain }: ScalingDecision["verdict"], before: number | undefined): string {
  const from = before === undefined ? "?" : String(before);
  switch (kind) {
    case "hold":
      return before === undefined ? "nothing is changed" : `${from} workers stay`;
    case "out":
      return `${from} → ${desired} workers`;
    case "in":
      return `${from} → ${desired} workers, all of those that leave were found empty`;
    case "drain":
      return `${drain.length} of ${from} workers take no more work`;
    case "undrain":
      return `${undrain.length} drained ${undrain.length === 1 ? "worker takes" : "workers take"} work again`;
    case "settle":
      return `the last scale-in is closed, ${from} workers stay`;
  }
}

function sayFigures(f: ScalingFigures): readonly string[] {
  const known = (value: number | undefined, unit = ""): string => (value === undefined ? "unknown" : `${Math.round(value * 100) / 100}${unit}`);
  const lines = [
    `queue: ${known(f.waiting)} waiting, ${known(f.reserved)} reserved, ${known(f.running)} running, ${known(f.dueSoon)} due soon`,
    `rates: ${known(f.arrivals)}/s arrive, ${known(f.completions)}/s finish, ${known(f.serviceSeconds, " s")} a task`,
    `workers: ${known(f.workers)} running, ${f.starting} starting, ${f.draining} draining; a start takes ${known(f.startSeconds, " s")}`,
  ];
  if (f.worstNowSeconds !== undefined && f.worstAfterSeconds !== undefined)
    lines.push(`longest wait to come: ${sayLength(seconds(f.worstNowSeconds))} as it was, ${sayLength(seconds(f.worstAfterSeconds))} after this`);
  return lines;
}
