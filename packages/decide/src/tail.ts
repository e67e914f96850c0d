import type { AlarmState, Candidate, EpochMs, TaskDefinitionArn, WatchRecord } from "@nightshift/model";
import { sayLength, shortRevision, since } from "@nightshift/model";

/** What is known when an alarm rings after a watch has ended. */
export interface TailFacts {
  readonly watch: WatchRecord;
  readonly alarm: AlarmState;
  readonly service: string;
  readonly running: TaskDefinitionArn | undefined;
  readonly candidate: Candidate | undefined;
  readonly now: EpochMs;
}

/** In the tail nothing is ever done by itself (decision 8): a suggestion, or silence with its reason. */
export type TailVerdict = { readonly kind: "suggest"; readonly says: string } | { readonly kind: "quiet"; readonly because: string };

/** What to say about an alarm between the end of a watch and 24 h after the deployment. */
export function suggestInTail({ watch, alarm, service, running, candidate, now }: TailFacts): TailVerdict {
  if (watch.state !== "closed") return quiet("the watch is still open and sees the alarm itself");
  if (now >= watch.tailUntil) return quiet(`the last deployment of ${watch.group} is more than a day old`);
  if (alarm.value !== "ALARM") return quiet(`${alarm.name} is ${alarm.value}`);
  if (alarm.since <= watch.openedAt) return quiet(`${alarm.name} rang before the deployment`);
  const age = sayLength(since(watch.openedAt, alarm.since));
  const what = running === undefined ? `the last deployment of ${service}` : shortRevision(running);
  const back = candidate === undefined ? "no earlier revision is known to be good" : `the way back would be ${shortRevision(candidate.record.identity.taskDefinition)}`;
  return { kind: "suggest", says: `alarm ${alarm.name} rings ${age} after ${what} was deployed: ${alarm.reason}. If it is the deployment, ${back}; so late nothing is rolled back by itself.` };
}

const quiet = (because: string): TailVerdict => ({ kind: "quiet", because });
