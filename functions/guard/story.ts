import {
  type Ask,
  type Breach,
  type DeploymentStarted,
  type EpochMs,
  type Identity,
  type LeaveAlone,
  type PreparedMember,
  type RollBack,
  sayLength,
  sayStamp,
  shortDigest,
  shortRevision,
  since,
} from "@nightshift/model";
import { isJudged } from "@nightshift/decide/plan";
import type { Consent, Header, Line, Story, Told } from "@nightshift/runtime";
import type { GuardFacts } from "./automation.ts";
import type { Receipt } from "./put-back.ts";
import type { Recovered } from "./recovery.ts";

/** Everything the guard can tell, at each of its stations. */
export type GuardStory = Story<DeploymentStarted, GuardFacts, RollBack | Ask, LeaveAlone, Receipt, Recovered>;

/** Tells the guard's story at each of its stations; lines said before have the same keys and are not said twice. */
export function tellGuard(story: GuardStory): Told {
  const { verdict } = story;
  const known = { verdict: verdict.kind === "leave" ? verdict.reason : verdict.kind, because: verdict.because };
  // A leave goes to the ledger always, to chat only if something breached (decision 4).
  if (verdict.kind === "leave" && verdict.breaches.length === 0) return { ...known, incident: undefined, lines: [] };
  return { ...known, incident: headerOf(story), lines: [...seen(story), ...said(story)] };
}

/** Sorts by time; the end of the deployment's id tells two deployments of one minute apart. */
export const incidentId = (event: DeploymentStarted): string => `INC-${sayStamp(event.at)}-${event.service}-${event.deployment.slice(-4)}`;

/** The incident's id comes from the event, so that every telling of the same work reaches the same thread. */
function headerOf(story: GuardStory): Header {
  const { event, verdict } = story;
  const first = verdict.breaches[0];
  return {
    id: incidentId(event),
    group: event.group,
    service: subjectOf(story),
    severity: verdict.severity,
    title: titleOf(story),
    openedAt: first?.since ?? lookedAt(story),
    standing: standingOf(story),
    by: "nightshift/guard",
  };
}

function standingOf(story: GuardStory): Header["standing"] {
  switch (story.ending) {
    case "left":
      return story.verdict.reason === "yield" || story.verdict.reason === "passed" ? "resolved" : "needs-person";
    case "told":
      return story.verdict.kind === "ask" ? "needs-person" : "done";
    case "asking":
    case "not-approved":
      return "needs-person";
    case "acting":
      return story.receipt.refused === undefined ? "working" : "needs-person";
    case "acted":
      return story.outcome.kind === "restored" ? "resolved" : "needs-person";
  }
}

const lookedAt = (story: GuardStory): EpochMs => story.facts.memory.latest?.at ?? story.event.at;

function titleOf(story: GuardStory): string {
  const { verdict } = story;
  const subject = subjectOf(story);
  const judged = story.facts.prepared.members.find((member) => member.ref.service === subject);
  const name = judged === undefined ? subject : shortRevision(judged.judged.identity.taskDefinition);
  const seenFirst = verdict.breaches[0]?.says ?? verdict.because[0] ?? "";
  switch (story.ending) {
    case "left":
      return `${name}: I am not rolling back: ${verdict.because[0] ?? verdict.kind}`;
    case "told":
      return verdict.kind === "ask" ? `${name}: a person must decide: ${seenFirst}` : `${name} would have been rolled back: ${seenFirst}`;
    case "asking":
      return `${name}: may I roll back? ${seenFirst}`;
    case "not-approved":
      return `${name} was kept, ${story.consent.kind === "denied" ? `${story.consent.by} said no` : "nobody answered"}: ${seenFirst}`;
    case "acting":
      return story.receipt.refused === undefined ? `${name} is being rolled back: ${seenFirst}` : `${name}: not rolled back: ${story.receipt.refused}`;
    case "acted":
      return acted(story, name);
  }
}

/** The service a thread is headed by: the one that showed the trouble. */
const subjectOf = ({ verdict, event }: GuardStory): string => verdict.breaches[0]?.service ?? event.service;

function acted(story: Extract<GuardStory, { ending: "acted" }>, name: string): string {
  const own = story.receipt.moved.find(({ service }) => service === subjectOf(story));
  const others = story.receipt.moved.filter((one) => one !== own).map(({ to }) => shortRevision(to.taskDefinition));
  const group = others.length === 0 ? "" : `, its group to ${others.join(", ")}`;
  const target = `${own === undefined ? "the last known good" : targetName(own.to, name)}${group}`;
  switch (story.outcome.kind) {
    case "restored":
      return `${name} was rolled back to ${target}, and it helped`;
    case "ineffective":
      return `${name} was rolled back to ${target}, but it did not help`;
    case "failed":
      return `rolling ${name} back to ${target} failed`;
    case "overtaken":
      return `a newer deployment overtook the rollback of ${name}`;
    case "wait":
      return `${name} was rolled back to ${target}; whether it helped is not clear yet`;
    case "not-sent":
      return `${name} was not rolled back`;
  }
}

/** The revision's name; where a moving tag gave two revisions the same one, the digest tells them apart. */
export function targetName(to: Identity, from: string): string {
  const name = shortRevision(to.taskDefinition);
  const digest = to.images[0]?.digest;
  return name === from && digest !== undefined ? `${name} as it was (${shortDigest(digest)})` : name;
}

/** What of the databases was saved right before the deployment; where something could have been and was not, that is said, too. */
function savedLine({ ref: { service }, judged, saved }: PreparedMember, saves: readonly string[]): readonly Line[] {
  const say = (at: EpochMs, text: string): readonly Line[] => [line(`05-saved-${service}`, at, "note", `[${service}] ${text}`)];
  if (saved !== undefined) return say(saved.at, `saved before this deployment: ${saved.snapshots}`);
  if (saves.length === 0) return [];
  return say(
    judged.startedAt,
    `nothing is known to have been saved before this deployment: npx nightshift gate deploy ${service} --snapshot takes a snapshot of ${saves.join(", ")} first`,
  );
}

/** What was seen, blamed and planned: the same lines at every station. */
function seen({ facts, verdict, event }: GuardStory): readonly Line[] {
  const at = facts.memory.latest?.at ?? event.at;
  const exposed = facts.memory.members.flatMap((member) => {
    const prepared = facts.prepared.members.find((one) => one.ref.service === member.service);
    // A member that was not deployed is along for its group: it began to serve long ago.
    if (prepared === undefined || member.exposedAt === undefined || !isJudged(prepared, facts.memory)) return [];
    return [line(`10-exposed-${member.service}`, member.exposedAt, "note", `${shortRevision(prepared.judged.identity.taskDefinition)} began taking traffic`)];
  });
  const saved = facts.prepared.members.flatMap((member) => (isJudged(member, facts.memory) ? savedLine(member, facts.prepared.saves ?? []) : []));
  const breaches = verdict.breaches.map((breach: Breach, i) => line(`20-breach-${i}`, at, "seen", `[${breach.service}] ${breach.says}`));
  const blame = verdict.blame === undefined ? [] : [line("30-blame", at, "blamed", blameText(verdict.blame))];
  // What the lines above say already is not said twice.
  const said = new Set([
    ...verdict.breaches.map((breach) => `${breach.service}: ${breach.says}`),
    ...(verdict.blame?.signs.map((sign) => sign.says) ?? []),
    "it is the deployment",
  ]);
  const rest = verdict.because.filter((one) => !said.has(one));
  const because = rest.length === 0 ? [] : [line("31-because", at, "blamed", rest.join("; "))];
  const plan =
    verdict.kind === "leave" || verdict.plan === undefined ? [] : [line("40-plan", at, "planned", `plan ${verdict.plan.id}: ${verdict.plan.steps.join("; ")}`)];
  const otherwise = verdict.otherwise === undefined ? [] : [line("45-otherwise", at, "note", `What would change my mind: ${verdict.otherwise}`)];
  const { evidence } = facts.memory;
  const kept = evidence === undefined ? [] : [line("35-evidence", at, "note", `evidence: ${evidence.key} (sha256 ${evidence.sha256.slice(0, 12)})`)];
  return [...saved, ...exposed, ...breaches, ...blame, ...because, ...kept, ...plan, ...otherwise];
}

const blameText = (blame: NonNullable<RollBack["blame"]>): string => {
  const conclusion = { deployment: "it is the deployment", elsewhere: "it is not the deployment", mixed: "the signs disagree" }[blame.verdict];
  return `${blame.signs.map((sign) => sign.says).join(", ")}: ${conclusion}`;
};

/** What was said, done and verified at this station. */
function said(story: GuardStory): readonly Line[] {
  const at = lookedAt(story);
  switch (story.ending) {
    case "left":
      return [];
    case "told":
      return [line("50-told", at, "note", toldText(story.verdict))];
    case "asking":
      return [line("50-asked", at, "asked", askText(story))];
    case "not-approved":
      return answered(story.consent);
    case "acting":
      return [...answered(story.consent), ...acceptedLines(story.receipt)];
    case "acted":
      return [...answered(story.consent), ...acceptedLines(story.receipt), ...outcomeLines(story), ...knownBadLine(story, at)];
  }
}

const toldText = (verdict: RollBack | Ask): string => {
  if (verdict.kind === "roll-back") return "Shadow mode: nothing was changed. In auto mode I would have done this.";
  return verdict.plan === undefined
    ? "Nothing was changed. There is no safe way back that I could offer: a person is needed. Deploy a fix, or an older revision that you trust: whatever is deployed is watched."
    : "Shadow mode: nothing was changed. In ask or auto mode I would have asked a person for this.";
};

const askText = (story: Extract<GuardStory, { ending: "asking" }>): string => {
  const plan = story.verdict.kind === "ask" || story.verdict.kind === "roll-back" ? story.verdict.plan : undefined;
  const asked = story.facts.settings.services.find((one) => one.name === plan?.members[0]?.service);
  const within = asked === undefined ? "in time" : `within ${sayLength(asked.askFor)}`;
  return `A person must say yes: press Approve or Deny, or /ops approve ${plan?.id ?? ""} (or npx nightshift approve ${plan?.id ?? ""}). Without an answer ${within} the deployment stays.`;
};

/** What a person said, with their name, when they said it. */
function answered(consent: Consent | undefined): readonly Line[] {
  if (consent === undefined) return [];
  const text = {
    approved: `${"by" in consent ? consent.by : "somebody"} approved the plan.`,
    denied: `${"by" in consent ? consent.by : "somebody"} denied the plan. Nothing was changed.`,
    "timed-out":
      "Nobody answered in time. Nothing was changed; the deployment stays, and this plan cannot be approved any more: deploy a fix or an older revision if it still fails.",
  }[consent.kind];
  return [line("55-answered", consent.at, "answered", text)];
}

function acceptedLines(receipt: Receipt): readonly Line[] {
  if (receipt.refused !== undefined) return [line("60-refused", receipt.startedAt, "acted", `Nothing was sent: ${receipt.refused}`)];
  return receipt.moved.map(({ service, to, outcome }) => {
    const target = shortRevision(to.taskDefinition);
    const text =
      outcome.kind === "done"
        ? `rollback of ${service} to ${target} accepted by ECS`
        : `rollback of ${service} to ${target}: ${outcome.kind === "unknown" ? "no answer, and looking again did not settle it" : outcome.kind}: ${outcome.because}`;
    const accepted = line(`60-accepted-${service}`, outcome.at, "acted", text);
    return outcome.kind === "done" ? { ...accepted, change: { what: "mitigating" as const } } : accepted;
  });
}

function outcomeLines(story: Extract<GuardStory, { ending: "acted" }>): readonly Line[] {
  const { outcome, receipt } = story;
  if (outcome.kind === "not-sent") return [];
  const { members, lastAt, steadyAt } = outcome.memory;
  const lines: Line[] = [];
  for (const { service, trafficAt } of members) {
    if (trafficAt !== undefined)
      lines.push({
        ...line(
          `70-traffic-${service}`,
          trafficAt,
          "verified",
          `[${service}] only the good revision serves (traffic clock ${sayLength(since(receipt.startedAt, trafficAt))})`,
        ),
        change: { what: "monitoring" },
      });
  }
  const steady = steadyAt === undefined ? "" : ` (steady clock ${sayLength(since(receipt.startedAt, steadyAt))})`;
  const why = members.map((member) => member.overtakenBy ?? member.failedBecause ?? member.says).filter((says) => says !== undefined);
  return [...lines, line("80-outcome", lastAt ?? receipt.startedAt, "resolved", `${[...why, OUTCOME[outcome.kind]].join(": ")}${steady}`)];
}

const OUTCOME = {
  restored: "verified: digests checked, the trigger is clear: it helped.",
  ineffective: "The trigger did not clear: rolling back did not help, so it was probably not the deployment. I go no further back. A person is needed.",
  failed: "the rollback did not succeed. A person is needed now.",
  overtaken: "A newer deployment took over; I leave it alone.",
  wait: "The looks ran out before it was clear whether this helped. A person should look.",
} as const;

function knownBadLine(story: Extract<GuardStory, { ending: "acted" }>, at: EpochMs): readonly Line[] {
  if (story.outcome.kind !== "restored") return [];
  const services = story.receipt.moved.map(({ service }) => service).join(", ");
  const text = `${services}: the revision is marked known-bad; deploying the same image again will warn.`;
  return [line("90-known-bad", story.outcome.memory.lastAt ?? at, "note", text)];
}

const line = (key: string, at: EpochMs, kind: Line["kind"], text: string): Line => ({ key, at, kind, text, announce: true });
