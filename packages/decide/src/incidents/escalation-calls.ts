import { after, type Entry, type Incident, seconds } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { isNoticed, pageText } from "../delivery/index.ts";
import { type Call, type Due, dueNow, type Duty, EVERYBODY, notBefore, nothingDue, type RoomFacts, stands } from "./duties-words.ts";

/** The first notice of a grave incident goes the other way when Slack has not taken it for so long (`facts/incidents.md` 7.4). */
export const FIRST_NOTICE_WITHIN = seconds(30);

/** How often it was without anybody so far: pages of one stretch are told once. */
export const stretchOf = ({ turns }: Pick<Incident, "turns">): number => turns.unacked + turns.reopened;

/** What these pages, as far as they are of this stretch, promised besides the mention in the thread, and has not been proved yet. */
export function callsOf(incident: Incident, entries: readonly Entry[]): Due {
  const pages = entries.filter(({ key }) => key.startsWith(`paged/${stretchOf(incident)}/`));
  return dueNow(...pages.flatMap((page) => promisesOf(page, incident)).filter(({ key }) => !isProved(incident, key)));
}

/**
 * The first notice by SNS while Slack does not take it, whatever became of the notifier. Nothing where the notifier paged already,
 * or where somebody knows of it by another way.
 */
export function firstNoticeFallback(incident: Incident, { deliveries, now }: RoomFacts): Due {
  const grave = incident.severity === "P1" || incident.severity === "P2";
  const running = incident.state !== "resolved" && incident.state !== "closed" && incident.state !== "merged" && incident.acked === undefined;
  const paged = deliveries.some(({ key, state }) => key.startsWith("page/") && state === "sent");
  if (incident.announcedAt === undefined || !grave || !running || paged || isNoticed(deliveries)) return nothingDue;
  const key = "called/first-notice/sns";
  if (!guard("fallback when Slack is down") || isProved(incident, key)) return nothingDue;
  const at = after(incident.announcedAt, FIRST_NOTICE_WITHIN);
  if (now < at) return notBefore(at);
  return dueNow(callSns(key, incident, "Slack is degraded: it has not taken the first notice for 30 s"));
}

/** Whoever was called by SNS is told the same way that it is over: it closes their alert. */
export function endBySns(incident: Incident): Due {
  const called = incident.entries.some(({ key }) => key.startsWith("called/") && key.endsWith("/sns"));
  const key = `called/resolved/${incident.turns.resolved}/sns`;
  if (incident.state !== "resolved" || !called || isProved(incident, key)) return nothingDue;
  const { key: own, call, kind } = callSns(key, incident, "resolved");
  return dueNow({ kind, key: own, call: { ...call, resolved: true } });
}

/** A call whose proof is missing is made again: rather twice than never. */
const isProved = (incident: Pick<Incident, "entries">, key: string): boolean => guard("call is made once", stands(incident, key));

type CallDuty = Extract<Duty, { readonly kind: "call" }>;

function promisesOf({ key, text, change }: Entry, incident: Incident): readonly CallDuty[] {
  if (change?.what !== "paged") return [];
  const sns = change.by.includes("sns") ? [callSns(`called/${key}/sns`, incident, text)] : [];
  const persons = change.by.includes("slack-dm") ? change.people.filter((person) => person !== EVERYBODY) : [];
  const { subject } = pageText(incident, text);
  return [...sns, ...persons.map((person) => call(`called/${key}/slack-dm/${person}`, { how: "slack-dm", person, subject, text }))];
}

const call = (key: string, it: Call): CallDuty => ({ kind: "call", key, call: it });
const callSns = (key: string, incident: Incident, because: string): CallDuty => call(key, { how: "sns", ...pageText(incident, because) });
