import type { Header, Line, Told } from "@nightshift/runtime";
import { askAnew, questionEnded } from "./ask.ts";
import { beganBy, endOf, incidentId, newNotices, noticesOf } from "./notices.ts";
import type { ScalerStory } from "./remember.ts";

/** Tells what a person would care about, once while it lasts, and when it is over; every other look stands in the ledger alone. */
export function tellLook(story: ScalerStory): Told {
  const silent = { incident: undefined, lines: [], verdict: undefined, because: story.verdict.because };
  if (story.ending === "acting" || (story.ending === "acted" && story.receipt.kind === "overtaken")) return silent;
  const lines = newsOf(story);
  if (lines.length === 0) return silent;
  return { ...silent, incident: headerOf(story), station: `scaling/${story.facts.from.version + 1}`, lines };
}

function newsOf(story: ScalerStory): readonly Line[] {
  const { at } = story.facts.observation;
  const told = story.facts.upkeep.told ?? [];
  const now = noticesOf(story);
  const began = newNotices(story);
  const over = told.filter(({ name }) => now.every((one) => one.name !== name));
  const ended = questionEnded(story);
  const asking = askAnew(story);
  return [
    ...began.map(
      ({ name, since, title, says }): Line => ({ key: `scaling/${name}/${since}`, at, kind: "seen", announce: true, text: says === "" ? `${title}.` : says }),
    ),
    ...over.map(
      ({ name, since }): Line => ({
        key: `scaling/${name}/${since}/over`,
        at,
        kind: "verified",
        announce: true,
        text: `${story.facts.worker.service}: ${endOf(name)}.`,
      }),
    ),
    ...(ended === undefined ? [] : [ended]),
    ...(asking === undefined ? [] : [asking.line]),
  ];
}

/** What is new opens a thread, or joins the one that the service's group has; what is over is told in the thread that it was told in. */
function headerOf(story: ScalerStory): Header {
  const { worker, upkeep, observation } = story.facts;
  const now = noticesOf(story);
  const asking = askAnew(story);
  const asked = asking?.asked ?? (questionEnded(story) === undefined ? upkeep.asked : undefined);
  const over = upkeep.told?.find(({ name }) => now.every((one) => one.name !== name));
  const since = beganBy(story) ?? asking?.asked.at ?? over?.since ?? upkeep.asked?.at ?? observation.at;
  const [first] = now;
  return {
    id: incidentId(worker, since),
    group: worker.group,
    service: worker.service,
    severity: now.map((one) => one.severity).toSorted()[0] ?? "P4",
    title: first?.title ?? `${worker.service}: may I change the number of workers?`,
    openedAt: since,
    by: "nightshift/scaler",
    standing: now.length === 0 && asked === undefined ? "resolved" : "needs-person",
    // An alarm of the same service may have opened it, under a title of its own.
    titled: false,
  };
}
