import { after, type EpochMs, type Incident, type IncidentPolicy, type Rich, sayLength, type Span, type Tier } from "@nightshift/model";
import { lasted, moment } from "./words.ts";

/** Where it stands, since when, who has it, and what happens next if nobody does anything. */
export function stateText(incident: Incident, policy: IncidentPolicy, now: EpochMs): Rich {
  const { state, openedAt, acked, needsPerson } = incident;
  const by = acked === undefined ? "" : ` ${acked.by} has it.`;
  const needed: readonly Span[] = needsPerson ? [" ", { bold: "A person is needed." }] : [];
  switch (state) {
    case "open":
      return [{ bold: "Open" }, " since ", moment(openedAt), ". ", ...nobodyYet(incident, policy, now), ...needed];
    case "acked":
      return [
        { bold: "Acknowledged" },
        ...(acked === undefined ? [] : [` by ${acked.by}, `, moment(acked.at)]),
        ". Open since ",
        moment(openedAt),
        ".",
        ...needed,
      ];
    case "mitigating":
      return [{ bold: "Being fixed" }, ", open since ", moment(openedAt), `.${by}`, ...needed];
    case "monitoring":
      return [{ bold: "The fix is in" }, ", the figures are watched. Open since ", moment(openedAt), `.${by}`, ...needed];
    case "resolved":
      return [{ bold: "Resolved" }, " ", moment(incident.resolvedAt ?? openedAt), `, after ${sayLength(lasted(incident))}${resolvedHow(incident)}.`];
    case "closed":
      return [{ bold: "Closed" }, `. It lasted ${sayLength(lasted(incident))}${resolvedHow(incident)}.`];
    case "merged":
      return ["Part of ", { bold: incident.mergedInto ?? "another incident" }, " now: its thread goes on there."];
  }
}

function resolvedHow({ resolvedBy }: Incident): string {
  switch (resolvedBy) {
    case "alarms":
      return ": every alarm stayed quiet";
    case "automation":
      return ", by Nightshift";
    case "person":
      return ", by a person";
    case undefined:
      return "";
  }
}

/** The deadline and the next rung of the ladder: both counted from the opening, so only for an incident that nobody ever had. */
function nobodyYet({ severity, openedAt, turns }: Incident, { severities, tiers }: IncidentPolicy, now: EpochMs): readonly Span[] {
  const { ackWithin, tiers: ladder, businessHours } = severities[severity];
  if (businessHours) return ["It waits for the next business day."];
  if (ackWithin === undefined || turns.unacked + turns.reopened > 0) return ["Nobody has it."];
  const deadline = after(openedAt, ackWithin);
  const next = ladder.find((rung) => rung.tier > 1 && after(openedAt, rung.after) > now);
  const then: readonly Span[] = next === undefined ? ["."] : [`; ${tierName(next.tier, tiers)} is called `, moment(after(openedAt, next.after)), "."];
  if (now < deadline) return ["Nobody has it yet: acknowledge it by ", moment(deadline), ...then];
  return [`Nobody acknowledged it within ${sayLength(ackWithin)}`, ...then];
}

const tierName = (tier: number, tiers: readonly Tier[]): string => {
  const name = tiers.find((one) => one.tier === tier)?.name;
  return name === undefined ? `tier ${tier}` : `${name} (tier ${tier})`;
};
