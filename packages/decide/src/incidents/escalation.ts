import {
  after,
  type EpochMs,
  epochMs,
  type Incident,
  type IncidentPolicy,
  minutes,
  type PageMeans,
  sayLength,
  type Severity,
  since,
  type TierPolicy,
} from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { nextBusinessMoment } from "./business-time.ts";
import { type Due, type Duty, EVERYBODY, notBefore, nothingDue, type RoomFacts, roomLine, soonest, together } from "./duties-words.ts";
import { callsOf, stretchOf } from "./escalation-calls.ts";
import { severitySince, toldSeverity } from "./escalation-severity.ts";
import { withoutData } from "./lifecycle-quiet.ts";
import { whoIsOnCall } from "./on-call.ts";

/**
 * Whom to call now, tier by tier, until somebody has it (`facts/incidents.md` 7.6). Tiers are counted from the opening, or from
 * when it became so grave; a rung that was told is not told again before somebody had it and let it go.
 */
export function escalate(incident: Incident, policy: IncidentPolicy, facts: RoomFacts): Due {
  const quiet = isQuiet(incident, policy, facts.now);
  if (quiet !== "call") return quiet === "never" ? nothingDue : notBefore(quiet);
  const raised = incident.acked !== undefined && isRaisedSince(incident, incident.acked.at);
  const { due, next } = raised ? pageOfRaise(incident, policy, facts) : pagesOf(incident, policy, facts);
  const planned = due.map(({ entry }) => entry);
  // What was promised before somebody had it, and not kept, is settled with that.
  const entries = [...incident.entries.filter(({ at }) => incident.acked === undefined || at > incident.acked.at), ...planned];
  return together([{ due, next }, callsOf(incident, entries)]);
}

/** Whether anybody is called about it at all: not before the first notice, not while somebody has it or its alarms are quiet, not after its end. */
function isQuiet(incident: Incident, policy: IncidentPolicy, now: EpochMs): "call" | "never" | EpochMs {
  if (incident.announcedAt === undefined) return "never";
  const over = incident.state === "resolved" || incident.state === "closed" || incident.state === "merged";
  if (guard("nobody is paged after the end", over)) return "never";
  if (guard("acknowledged is not paged", incident.acked !== undefined && !isRaisedSince(incident, incident.acked.at))) return "never";
  if (incident.needsPerson) return "call";
  if (incident.clearSince !== undefined && !mayBeDead(incident)) return "never";
  const handled = handledUntil(incident, policy);
  if (handled !== undefined && now < handled) return handled;
  if (incident.state !== "monitoring") return "call";
  // The fix is said to be in: its alarms get the time to agree.
  const until = after(monitoredSince(incident), policy.severities[incident.severity].quietFor);
  return now < until ? until : "call";
}

/** Whoever acknowledged did not know how grave it is. */
const isRaisedSince = (incident: Incident, acked: EpochMs): boolean => isGrave(incident) && incident.severity < toldSeverity(incident, acked);

const isGrave = ({ severity }: Pick<Incident, "severity">): boolean => severity === "P1" || severity === "P2";

/** No alarm rings, but one that rang has no data: a dead service answers nothing. */
const mayBeDead = (incident: Incident): boolean => isGrave(incident) && withoutData(incident).length > 0;

/**
 * An automation is at work and has not asked for anybody: nobody is woken for what may be over in minutes, unless it lasts
 * longer than somebody would have had to answer. An outage is told at once whatever is done about it.
 */
function handledUntil(incident: Incident, policy: IncidentPolicy): EpochMs | undefined {
  const { ackWithin } = policy.severities[incident.severity];
  if (incident.severity === "P1" || incident.working.length === 0 || ackWithin === undefined) return undefined;
  return guard("nobody is woken for what is being done") ? after(incident.openedAt, ackWithin) : undefined;
}

function monitoredSince({ entries, openedAt }: Incident): EpochMs {
  const words = entries.filter(({ change }) => change?.what === "monitoring" || (change?.what === "standing" && change.standing === "resolved"));
  return words.at(-1)?.at ?? openedAt;
}

type Page = Extract<Duty, { readonly kind: "tell" }>;

function pagesOf(incident: Incident, policy: IncidentPolicy, facts: RoomFacts): { readonly due: readonly Page[]; readonly next: EpochMs | undefined } {
  const rules = policy.severities[incident.severity];
  const starts = ladderStart(incident, policy);
  const told = toldOf(incident);
  const rungs = numbered(rules.tiers).filter((rung) => !isTold(rung, told, incident.severity));
  const ripe = rungs.filter((rung) => after(starts, rung.after) <= facts.now);
  const waiting = rungs.filter((rung) => after(starts, rung.after) > facts.now).map((rung) => after(starts, rung.after));
  const nobody = nobodyAnswers({ incident, rules: rules.tiers, ackWithin: rules.ackWithin ?? minutes(15), starts, told });
  // After a pause several rungs of one tier may be ripe: one call does, by every means they had.
  const last = ripe.filter((rung) => !ripe.some((other) => other.tier === rung.tier && other.nth > rung.nth));
  const due = last.map((rung) => page(incident, policy, { rung: { ...rung, by: meansOf(ripe, rung.tier) }, facts, starts }));
  if (nobody === undefined || rungs.length > 0) return { due: onceEverybody(due, told), next: soonest(waiting) };
  if (nobody > facts.now) return { due, next: soonest([...waiting, nobody]) };
  return { due: [callEverybody(incident, facts.now)], next: undefined };
}

/** It became graver after somebody had it: tier 1 is told so, once; they are two then who may call the others. */
function pageOfRaise(incident: Incident, policy: IncidentPolicy, facts: RoomFacts): { readonly due: readonly Page[]; readonly next: EpochMs | undefined } {
  const told = toldOf(incident);
  const rung = numbered(policy.severities[incident.severity].tiers).find(({ tier }) => tier === 1);
  if (rung === undefined || isTold(rung, told, incident.severity)) return { due: [], next: undefined };
  const starts = ladderStart(incident, policy);
  const at = after(starts, rung.after);
  if (facts.now < at) return { due: [], next: at };
  return { due: onceEverybody([page(incident, policy, { rung, facts, starts })], told), next: undefined };
}

/** A tier's how-many-eth rung: its first call is 1, a reminder 2. */
interface Rung extends TierPolicy {
  readonly nth: number;
}

const numbered = (tiers: readonly TierPolicy[]): readonly Rung[] =>
  tiers.map((rung, index) => ({ ...rung, nth: tiers.slice(0, index + 1).filter(({ tier }) => tier === rung.tier).length }));

const meansOf = (ripe: readonly Rung[], tier: number): readonly PageMeans[] => [...new Set(ripe.filter((one) => one.tier === tier).flatMap(({ by }) => by))];

/** From when the rungs are counted: the opening, or since nobody has it again, or since it is so grave; for what can wait, the next business day. */
function ladderStart(incident: Incident, policy: IncidentPolicy): EpochMs {
  const again = incident.entries.filter(({ change }) => change?.what === "unacked" || change?.what === "reopened").at(-1)?.at ?? incident.openedAt;
  const first = toldOf(incident).find(({ severity }) => severity === incident.severity)?.at;
  // An alarm that rings again does not put off what was begun.
  const grave = epochMs(Math.min(severitySince(incident), first ?? Number.POSITIVE_INFINITY));
  const start = epochMs(Math.max(again, grave));
  return policy.severities[incident.severity].businessHours ? nextBusinessMoment(start, policy.timeZone ?? "UTC") : start;
}

/** A page of this stretch, as its key tells of it: `paged/0/P1/2.1`. */
interface Told {
  readonly severity: Severity;
  readonly tier: number;
  readonly nth: number;
  readonly at: EpochMs;
  readonly everybody: boolean;
}

function toldOf(incident: Incident): readonly Told[] {
  return incident.entries.flatMap(({ key, at, change }) => {
    const [, stretch, severity, tier, nth] = /^paged\/(\d+)\/(P[1-4])\/(\d+)\.(\d+)$/.exec(key) ?? [];
    if (change?.what !== "paged" || severity === undefined || Number(stretch) !== stretchOf(incident)) return [];
    // The pattern admits P1 to P4 only.
    return [{ severity: severity as Severity, tier: Number(tier), nth: Number(nth), at, everybody: change.people.includes(EVERYBODY) }];
  });
}

/** Tier 1 is told again when it gets worse, which an edited header does not tell; the tiers above are told once whatever it is by then. */
const isTold = (rung: Rung, told: readonly Told[], severity: Severity): boolean =>
  guard(
    "tier is told once",
    told.some((one) => one.tier === rung.tier && one.nth >= rung.nth && (rung.tier > 1 || one.severity <= severity)),
  );

/** When everybody is called because the last tier, too, let its time pass; undefined: they were, or it is not grave. */
function nobodyAnswers({
  incident,
  rules,
  ackWithin,
  starts,
  told,
}: {
  readonly incident: Incident;
  readonly rules: readonly TierPolicy[];
  readonly ackWithin: number;
  readonly starts: EpochMs;
  readonly told: readonly Told[];
}): EpochMs | undefined {
  if (
    !isGrave(incident) ||
    rules.length === 0 ||
    guard(
      "everybody is called once",
      told.some(({ everybody }) => everybody),
    )
  )
    return undefined;
  return epochMs(starts + Math.max(...rules.map((rung) => rung.after)) + ackWithin);
}

interface Paging {
  readonly rung: Rung;
  readonly facts: RoomFacts;
  readonly starts: EpochMs;
}

function page(incident: Incident, policy: IncidentPolicy, { rung, facts, starts }: Paging): Page {
  const tier = policy.tiers.find((one) => one.tier === rung.tier);
  const members = tier?.rota.kind === "slack-group" ? facts.members[tier.rota.group] : undefined;
  const people = tier === undefined ? [] : whoIsOnCall(tier.rota, facts.overrides, facts.now, members).people;
  const free = people.length > 0;
  const by: readonly PageMeans[] = free ? rung.by : [...new Set<PageMeans>([...rung.by, "slack-mention", "sns"])];
  const who = `tier ${rung.tier}${tier === undefined ? "" : `, ${tier.name}`}`;
  const why = whyNow(incident, rung, since(starts, facts.now));
  const please = incident.acked === undefined ? `please take it. ${howToAck(incident)}` : `please look at it now, together with ${incident.acked.by}.`;
  const text = free ? `${why}${people.join(", ")} (${who}): ${please}` : `${why}Nobody is on call for ${who}: whoever reads this, ${please}`;
  const key = `paged/${stretchOf(incident)}/${incident.severity}/${rung.tier}.${rung.nth}`;
  return tellPage(facts.now, { key, tier: rung.tier, by, people: free ? people : [EVERYBODY], text });
}

function whyNow(incident: Incident, rung: Rung, waited: ReturnType<typeof since>): string {
  const { acked, severity } = incident;
  if (acked !== undefined) return `This is ${severity} now; ${acked.by} acknowledged it when it was ${toldSeverity(incident, acked.at)}. `;
  if (rung.tier > 1 || rung.nth > 1) return `Nobody has acknowledged for ${sayLength(waited)}. `;
  const lower = toldOf(incident).some((one) => one.severity > incident.severity);
  return lower ? `This is ${incident.severity} now. ` : "";
}

function callEverybody(incident: Incident, now: EpochMs): Page {
  const tier = Math.max(...toldOf(incident).map((one) => one.tier), 0);
  const text = `Every tier was called and nobody has acknowledged for ${sayLength(since(incident.openedAt, now))}: whoever reads this, please take it. ${howToAck(incident)}`;
  const key = `paged/${stretchOf(incident)}/${incident.severity}/${tier}.99`;
  return tellPage(now, { key, tier, by: ["slack-mention", "sns"], people: [EVERYBODY], text });
}

/** The whole channel is called once a stretch: a second empty tier is told without it. */
function onceEverybody(due: readonly Page[], told: readonly Told[]): readonly Page[] {
  let called = guard(
    "everybody is called once",
    told.some(({ everybody }) => everybody),
  );
  return due.map((one) => {
    const { change } = one.entry;
    if (change?.what !== "paged" || !change.people.includes(EVERYBODY)) return one;
    if (!called) {
      called = true;
      return one;
    }
    return { ...one, entry: { ...one.entry, change: { ...change, people: [] } } };
  });
}

function tellPage(
  at: EpochMs,
  { key, text, ...change }: { key: string; tier: number; by: readonly PageMeans[]; people: readonly string[]; text: string },
): Page {
  return { kind: "tell", key, entry: roomLine(at, { key, kind: "paged", text, change: { what: "paged", ...change } }) };
}

/** Both ways: the button, and the word for those who read this elsewhere. */
export const howToAck = ({ id }: Pick<Incident, "id">): string => `Press Acknowledge on the first message, or say: /ops ack ${id}`;
