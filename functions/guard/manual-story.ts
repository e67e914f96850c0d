import { type EpochMs, type Identity, sayLength, sayStamp, shortRevision, since } from "@nightshift/model";
import type { Header, Line, Told } from "@nightshift/runtime";
import type { ManualStory } from "./manual-remember.ts";
import type { Recovered } from "./recovery.ts";
import { targetName } from "./story.ts";

/** Tells a manual rollback in the incident that it was asked for in, or in one of its own. */
export function tellManual(story: ManualStory): Told {
  const { verdict } = story;
  return { verdict: verdict.kind === "leave" ? "not-carried-out" : "roll-back", because: verdict.because, incident: headerOf(story), lines: linesOf(story) };
}

/** The incident that a plan without one is told in: named by the plan, so that every telling reaches the same thread. */
const manualIncident = (plan: string, service: string, madeAt: EpochMs): string => `INC-${sayStamp(madeAt)}-${service}-${plan.slice(-6)}`;

function headerOf(story: ManualStory): Header {
  const { event, facts } = story;
  const { stored, settings, at } = facts;
  const service = stored?.service ?? settings.services[0]?.name ?? settings.group;
  const outcome = outcomeTitle(story, service);
  return {
    id: stored?.incident ?? manualIncident(event.plan, service, stored?.madeAt ?? at),
    group: settings.group,
    service,
    severity: "P3",
    title: outcome ?? `${service}: rollback asked for by ${stored?.requester ?? "a person"}`,
    openedAt: stored?.madeAt ?? at,
    by: "nightshift/guard",
    standing: standingOf(story),
    // An incident that stands keeps its own title until something came of the rollback.
    ...(outcome === undefined ? { titled: false as const } : {}),
  };
}

/** What came of the rollback, in one line; undefined while it is asked for or under way, and where nothing was sent. */
function outcomeTitle(story: ManualStory, service: string): string | undefined {
  if (story.ending !== "acted" || story.outcome.kind === "not-sent") return undefined;
  const members = story.receipt.plan.members;
  const { from, to } = members.find((member) => member.service === service) ?? members[0] ?? {};
  if (from === undefined || to === undefined) return undefined;
  const name = shortRevision(from.taskDefinition);
  const target = targetName(to, name);
  const by = `by ${story.facts.approval?.by ?? "a person"}`;
  switch (story.outcome.kind) {
    case "restored":
      return `${name} was rolled back to ${target} ${by}, and it helped`;
    case "ineffective":
      return `${name} was rolled back to ${target} ${by}, but it did not help`;
    case "failed":
      return `rolling ${name} back to ${target} ${by} failed`;
    case "overtaken":
      return `a newer deployment overtook the rollback of ${name} ${by}`;
    case "wait":
      return `${name} was rolled back to ${target} ${by}; whether it helped is not clear yet`;
  }
}

/** A rollback that a person asked for and that did not come off is for people again. */
function standingOf(story: ManualStory): Header["standing"] {
  switch (story.ending) {
    case "left":
    case "told":
    case "asking":
    case "not-approved":
      return "needs-person";
    case "acting":
      return story.receipt.refused === undefined ? "working" : "needs-person";
    case "acted":
      return story.outcome.kind === "restored" ? "resolved" : "needs-person";
  }
}

function linesOf(story: ManualStory): readonly Line[] {
  const { facts, event } = story;
  const by = facts.approval?.by ?? "somebody";
  const line = (key: string, at: EpochMs, text: string, kind: Line["kind"] = "acted"): Line => ({
    key: `manual/${event.plan}/${key}`,
    at,
    kind,
    text,
    announce: true,
    actor: "nightshift/guard",
  });
  switch (story.ending) {
    case "left":
      return [line("left", facts.at, `Plan ${event.plan} was not carried out: ${story.verdict.because.join("; ")}. Nothing was changed.`)];
    case "told":
    case "asking":
    case "not-approved":
      return [];
    case "acting":
    case "acted": {
      const { receipt } = story;
      const begun = [
        ...(facts.frozenBecause === undefined ? [] : [line("freeze", facts.at, `A rollback passes the freeze: ${facts.frozenBecause}.`)]),
        ...(receipt.refused === undefined ? [] : [line("refused", receipt.startedAt, `Nothing was sent: ${receipt.refused}.`)]),
        ...receipt.moved.map(({ service, to, outcome }) => line(`sent/${service}`, outcome.at, sent(service, to, { outcome, by }))),
      ];
      if (story.ending === "acting" || receipt.refused !== undefined) return begun;
      return [...begun, line("outcome", outcomeAt(story.outcome) ?? receipt.startedAt, outcomeText(story.outcome, receipt.startedAt), "verified")];
    }
  }
}

type Sent = Extract<ManualStory, { ending: "acted" }>["receipt"]["moved"][number]["outcome"];

const sent = (service: string, to: Identity, { outcome, by }: { outcome: Sent; by: string }): string => {
  const what = `rollback of ${service} to ${shortRevision(to.taskDefinition)}, approved by ${by}`;
  return outcome.kind === "done"
    ? `${what}: accepted by ECS`
    : `${what}: ${outcome.kind === "unknown" ? "no answer, and looking again did not settle it" : outcome.kind}: ${outcome.because}`;
};

const outcomeAt = (outcome: Recovered): EpochMs | undefined => (outcome.kind === "not-sent" ? undefined : outcome.memory.lastAt);

function outcomeText(outcome: Recovered, startedAt: EpochMs): string {
  if (outcome.kind === "not-sent") return "Nothing was sent, so there is nothing to verify. A person is needed.";
  const { trafficRestoredAt, steadyAt, members } = outcome.memory;
  const why = members.map((member) => member.overtakenBy ?? member.failedBecause ?? member.says).filter((says) => says !== undefined);
  const clocks = [
    ...(trafficRestoredAt === undefined ? [] : [`traffic clock ${sayLength(since(startedAt, trafficRestoredAt))}`]),
    ...(steadyAt === undefined ? [] : [`steady clock ${sayLength(since(startedAt, steadyAt))}`]),
  ];
  return [...why, OUTCOME[outcome.kind]].join(": ") + (clocks.length === 0 ? "" : ` (${clocks.join(", ")})`);
}

const OUTCOME = {
  restored: "verified: the good revision serves alone, digests checked, nothing breaches.",
  ineffective: "The good revision serves, and it did not help. A person is needed.",
  failed: "the rollback did not succeed. A person is needed now.",
  overtaken: "A newer deployment took over; it is left alone.",
  wait: "The looks ran out before it was clear whether this helped. A person should look.",
} as const;
