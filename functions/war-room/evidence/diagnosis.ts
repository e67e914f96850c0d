import { findingsOf, questionsOf, sayDiagnosis } from "@nightshift/decide/diagnosis/diagnose";
import { chooseRunbooks } from "@nightshift/decide/diagnosis/runbooks";
import { explainScaling } from "@nightshift/decide/scaling/explain-scaling";
import { type Evidenced, sayLength, since } from "@nightshift/model";
import type { Gathering } from "./gather.ts";

/** The seeds' runbooks for what rang, asked by themselves: one read of CloudWatch, answered in the thread; of a queue that stands, what the scaler saw last. */
export async function runDiagnosis(gathering: Gathering): Promise<Evidenced> {
  const { world, incident, service } = gathering;
  const asked = questionsOf(incident, service, world.clock.now());
  const runbooks = chooseRunbooks(incident, service);
  const series = await world.metrics.read(asked.queries, asked.from, asked.to);
  const queue = runbooks.includes("worker-backlog") ? await lastDecision(gathering) : [];
  return { kind: "diagnosis", lines: [...sayDiagnosis(runbooks, findingsOf(asked, series)), ...queue] };
}

/** What the scaler saw in the queue and did about it; nothing where the service is not scaled. It is put on record when it changes, and every quarter of an hour. */
async function lastDecision({ world, service }: Gathering): Promise<readonly string[]> {
  const [last] = await world.scalingBook.decisions(service.name);
  if (last === undefined) return [];
  const [did, ...why] = explainScaling(last).filter((line) => !line.startsWith("next look"));
  return [`the scaler, ${sayLength(since(last.at, world.clock.now()))} ago: ${did ?? ""}`, ...why.map((line) => `  ${line}`)];
}
