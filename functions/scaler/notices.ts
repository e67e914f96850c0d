import { type Attention, type EpochMs, sayStamp, type ScalingUpkeep, type Severity, type WorkerSettings } from "@nightshift/model";
import type { ScalerStory } from "./remember.ts";

/** Something a person would care about, for as long as it lasts. */
export interface Notice {
  readonly name: string;
  readonly since: EpochMs;
  readonly severity: Severity;
  /** Heads the incident, if it opens one. */
  readonly title: string;
  readonly says: string;
}

/** The id comes from the service and the moment, so that every telling of the same trouble reaches the same thread. */
export const incidentId = ({ service }: WorkerSettings, since: EpochMs): string => `INC-${sayStamp(since)}-${service}-scaling`;

/** Everything that a person would care about after this look. */
export function noticesOf(story: ScalerStory): readonly Notice[] {
  const { worker } = story.facts;
  const trouble = story.verdict.verdict.attention.map(({ kind, since, says }) => ({
    name: kind,
    since,
    severity: severities[kind],
    title: `${worker.service}: ${titles[kind]}`,
    says: says.join(" "),
  }));
  const failed = notCarriedOut(story);
  return failed === undefined ? trouble : [...trouble, failed];
}

/** Those that nobody was told of yet. */
export const newNotices = (story: ScalerStory): readonly Notice[] => {
  const told = story.facts.upkeep.told ?? [];
  return noticesOf(story).filter(({ name }) => told.every((one) => one.name !== name));
};

/** The moment of the first new one, which names the thread of this telling; undefined: none is new. */
export const beganBy = (story: ScalerStory): EpochMs | undefined => newNotices(story)[0]?.since;

/** The same, as it is kept until the next look: a notice stands since it was told first. */
export function noticesAfter(story: ScalerStory): NonNullable<ScalingUpkeep["told"]> {
  const told = story.facts.upkeep.told ?? [];
  const names = new Set(noticesOf(story).map((one) => one.name));
  return [...told.filter(({ name }) => names.has(name)), ...newNotices(story).map(({ name, since }) => ({ name, since }))];
}

const NOT_DONE = "not-carried-out";

/** ECS refused, or nobody knows whether it did: that stays until a change gets through, or none is wanted. */
function notCarriedOut(story: ScalerStory): Notice | undefined {
  const { worker, upkeep, observation } = story.facts;
  const count = story.ending === "acted" && story.receipt.kind === "sent" ? story.receipt.count : undefined;
  const failed = count?.kind === "failed" || count?.kind === "unknown" ? count : undefined;
  const standing = upkeep.told?.find(({ name }) => name === NOT_DONE);
  if (failed === undefined && (standing === undefined || story.ending === "left" || (story.ending === "acted" && count?.kind !== "refused"))) return undefined;
  return {
    name: NOT_DONE,
    since: standing?.since ?? observation.at,
    severity: "P3",
    title: `${worker.service}: the number of workers could not be changed`,
    says:
      failed === undefined
        ? ""
        : `The change was not made: ${failed.because}. Every look tries again while it is needed; look at the error, or set the count by hand.`,
  };
}

/** What is told when a notice does not stand any longer: what is so now, for somebody who reads only this line. */
export const endOf = (name: string): string => ends.get(name) ?? `over: ${name.replaceAll("-", " ")}`;

const ends: ReadonlyMap<string, string> = new Map<Attention["kind"] | typeof NOT_DONE, string>([
  ["promise-broken-at-max", "the promised wait can be kept again"],
  ["saturated", "no longer held up by something else than the workers"],
  ["broker-unreachable", "the broker can be read again"],
  ["thrash", "the number of workers is calm again"],
  ["rival", "no other scaler works on it any more"],
  ["wrong-victim", "the scale-in that took the wrong worker is closed"],
  ["drain-stuck", "no worker is stuck in a drain any more"],
  ["start-stuck", "no start is stuck any more"],
  [NOT_DONE, "a change got through, or none is needed any more"],
]);

/** A broken promise is a partial outage of what waits in the queue; the rest is for the day (decision 5). */
const severities: Readonly<Record<Attention["kind"], Severity>> = {
  "promise-broken-at-max": "P3",
  saturated: "P3",
  "broker-unreachable": "P2",
  thrash: "P4",
  rival: "P4",
  "wrong-victim": "P3",
  "drain-stuck": "P4",
  "start-stuck": "P3",
};

const titles: Readonly<Record<Attention["kind"], string>> = {
  "promise-broken-at-max": "all workers that are allowed run, and tasks wait longer than promised",
  saturated: "the bottleneck is not the workers",
  "broker-unreachable": "the broker cannot be read, so nothing is scaled",
  thrash: "the number of workers goes up and down",
  rival: "another scaler works on the same service",
  "wrong-victim": "ECS stopped another worker than the one that was drained",
  "drain-stuck": "a worker that takes no more work does not become empty",
  "start-stuck": "workers that were asked for do not start",
};
