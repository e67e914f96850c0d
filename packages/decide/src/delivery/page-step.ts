import { after, type Delivery, type EpochMs, type Incident, seconds } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { headersIn, isNoticed, pagesIn, repliesIn, stateKey, tryOf } from "./rows.ts";
import { plainLines } from "./lines.ts";
import type { Situation, Step } from "./step.ts";

/** A grave first notice that Slack has not taken for so long goes the other way. The war room looks at 30 s, whatever became of the notifier. */
const FIRST_NOTICE_WITHIN = seconds(20);
/** Whoever began to page has done it by then, or died. */
const PAGE_TAKES = seconds(30);

/**
 * Whether this must go by SNS: an incident without Slack, once for each state; a grave one whose first notice Slack does not take, once;
 * a grave one that Slack refuses for good, once for each state. `blocked` is what the Slack way would do next.
 */
export function pageStep(at: Situation, blocked: Step): Step {
  const { incident, rows, channels, now } = at;
  if (channels.length === 0) return incident.state === "closed" ? { do: "nothing" } : pageState(at, "no Slack channel is configured");
  const grave = incident.severity === "P1" || incident.severity === "P2";
  if (!grave || !guard("fallback when Slack is down")) return { do: "nothing" };
  if (isRefused(rows)) return pageState(at, `Slack refuses it: ${at.refusal ?? "see the notifier's log"}`);
  if (endIsOurs(at)) return pageState(at, "it is over");
  if (isPagedByRoom(incident)) return { do: "nothing" };
  if (isNoticed(rows) || blocked.do !== "wait" || incident.announcedAt === undefined) return { do: "nothing" };
  const first = rows.find(({ key }) => key === "page/first");
  if (guard("page once", first?.state === "sent")) return { do: "nothing" };
  const due = after(incident.announcedAt, FIRST_NOTICE_WITHIN);
  if (due > now) return { do: "wait", until: due, because: "a grave notice that Slack does not take goes by SNS" };
  return page(at, "page/first", `Slack did not take this for ${FIRST_NOTICE_WITHIN / 1_000} s${at.refusal === undefined ? "" : `: ${at.refusal}`}`);
}

/** The war room paged this first notice itself; its entry says so. */
const isPagedByRoom = ({ entries }: Incident): boolean => entries.some(({ key }) => key === "called/first-notice/sns");

/** Whom we paged, and nobody else, we tell the end; where the war room called by SNS, it tells the end of that, too. */
const endIsOurs = ({ incident, rows }: Situation): boolean =>
  incident.state === "resolved" &&
  pagesIn(rows).some(({ state }) => state === "sent") &&
  !incident.entries.some(({ key }) => key.startsWith("called/") && key.endsWith("/sns"));

/** Every channel refused the header for good, or a reply. */
function isRefused(rows: readonly Delivery[]): boolean {
  const header = headersIn("home", rows).at(-1);
  if (header?.state === "parked" && header.ts === undefined) return true;
  return repliesIn("home", rows).some(({ state }) => state === "parked");
}

function pageState(at: Situation, because: string): Step {
  const pages = pagesIn(at.rows);
  const state = stateKey(at.incident);
  const told = pages.some((row) => row.state === "sent" && (row.shown ?? "open:0") === state);
  if (guard("page once", told)) return { do: "nothing" };
  const first = pages.find(({ key }) => key === "page/first");
  return page(at, first === undefined || first.state !== "sent" ? "page/first" : `page/state/${state}`, because);
}

function page({ rows, now }: Situation, key: string, because: string): Step {
  const before = rows.find((row) => row.key === key);
  const free: EpochMs | undefined = before === undefined ? undefined : after(before.startedAt, PAGE_TAKES);
  if (before?.state === "trying" && free !== undefined && free > now) return { do: "wait", until: free, because: "somebody is paging" };
  return { do: "page", row: tryOf({ key, channel: "sns", thread: undefined, covers: [], now }, before), because };
}

/** Characters of a page's lines: an e-mail takes more, a person at night does not. */
const LONGEST_LINES = 8_000;

/** A page in plain text: why it comes, then the lines, the newest first, because whatever is too short for all of it is cut at its end. */
export function pageText(incident: Incident, because: string): { readonly subject: string; readonly text: string } {
  const newest = incident.entries.filter(({ announce }) => announce).toReversed();
  let length = 0;
  const over = newest.findIndex((entry) => {
    length += plainLines([entry]).length + 1;
    return length > LONGEST_LINES;
  });
  const shown = over === -1 ? newest : newest.slice(0, over);
  const left = newest.length - shown.length;
  const more = left === 0 ? "" : `(${left} earlier ${left === 1 ? "line" : "lines"} left out)`;
  return {
    subject: `[${incident.service}] [${incident.severity}] ${incident.state} · ${incident.title}`,
    text: [asSentence(because), plainLines(shown), more].filter((line) => line !== "").join("\n"),
  };
}

const asSentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
