import type { Severity } from "@nightshift/model";
import { ladderOf } from "../ladder.ts";
import { answered, type Carry, card } from "../verb.ts";

const severities: readonly Severity[] = ["P1", "P2", "P3", "P4"];

/** Says who would be told when, if the service failed now and nobody acknowledged. Tells nobody. */
export const drill: Carry<"drill"> = async ({ service }, on) => {
  const lines: string[] = [];
  for (const severity of severities) lines.push(...(await ladderOf(on, severity)));
  return answered(card(`If ${service} failed now and nobody acknowledged (a drill: nobody was told):`, lines));
};
