import { after, type EpochMs, minutes } from "@nightshift/model";
import type { Reach } from "./reach.ts";

/** Secrets by the name of their SecureString parameter (decision 18). Never logged, never in an error. */
export interface Secrets {
  read(parameter: string): Promise<string>;
}

// A rotated token is in use everywhere after this long; SSM is asked twelve times an hour at most.
const keptFor = minutes(5);

/** Secrets from Parameter Store, kept in memory for five minutes. Source: "GetParameter", https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html, 2026-11-21. */
export function secretsFrom(reach: Reach): Secrets {
  const kept = new Map<string, { readonly value: string; readonly until: EpochMs }>();
  return {
    async read(parameter) {
      const now = reach.clock.now();
      const known = kept.get(parameter);
      if (known !== undefined && now < known.until) return known.value;
      const value = await (await import("./ssm-parameter.ts")).readParameter(reach, parameter);
      kept.set(parameter, { value, until: after(now, keptFor) });
      return value;
    },
  };
}
