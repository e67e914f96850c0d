import { sayLength, type Severity } from "@nightshift/model";
import { onDuty, overridesAround } from "./people.ts";
import type { On } from "./verb.ts";

/** Who is called when at this severity, by name, while nobody acknowledges; and whether a channel is made. */
export async function consequencesOf(on: On, severity: Severity): Promise<readonly string[]> {
  const room = on.policy.severities[severity].room && on.policy.slack !== undefined;
  return [...(await ladderOf(on, severity)), `${severity}: ${room ? "a channel of its own is made" : "no channel of its own is made"}`];
}

/** The rungs of a severity's ladder, each with who stands on it now. */
export async function ladderOf(on: On, severity: Severity): Promise<readonly string[]> {
  const { tiers, businessHours } = on.policy.severities[severity];
  if (tiers.length === 0) return [`${severity}: nobody is paged${businessHours ? "; the next business day's digest tells" : ""}`];
  const overrides = await overridesAround(on, on.now);
  const people = async (number: number): Promise<string> => {
    const tier = on.policy.tiers.find((one) => one.tier === number);
    if (tier === undefined) return "no such tier";
    const duty = await onDuty(on, tier, overrides);
    return duty.people.length === 0 ? "nobody" : duty.people.join(", ");
  };
  return Promise.all(
    tiers.map(async ({ tier, after, by }) => {
      const means = by.map((one) => (one === "sns" ? `sns (the topic of ${severity})` : one));
      return `${severity} after ${sayLength(after)}: tier ${tier} (${await people(tier)}) by ${means.join(", ")}`;
    }),
  );
}
