import { findingsOf, questionsOf, sayDiagnosis } from "@nightshift/decide/diagnosis/diagnose";
import { chooseRunbooks } from "@nightshift/decide/diagnosis/runbooks";
import type { Evidenced } from "@nightshift/model";
import type { Gathering } from "./gather.ts";

/** The seeds' runbooks for what rang, asked by themselves: one read of CloudWatch, answered in the thread. */
export async function runDiagnosis({ world, incident, service }: Gathering): Promise<Evidenced> {
  const asked = questionsOf(incident, service, world.clock.now());
  const series = await world.metrics.read(asked.queries, asked.from, asked.to);
  return { kind: "diagnosis", lines: sayDiagnosis(chooseRunbooks(incident, service), findingsOf(asked, series)) };
}
