import { headerStep } from "./header-step.ts";
import { pageStep } from "./page-step.ts";
import { replyStep } from "./reply-step.ts";
import { headersIn, standingHeader } from "./rows.ts";
import type { Situation, Step } from "./step.ts";
import { updateStep } from "./update-step.ts";

/**
 * What to do next about one incident, from what stands in the ledger alone: first the header, then what was said since, in order, then
 * what the header shows. Whatever has to wait holds up nothing else that may go now.
 */
export function nextStep(at: Situation): Step {
  if (at.incident.announcedAt === undefined) return { do: "nothing" };
  const home = headerStep(at, "home");
  const thread = standingHeader("home", at.rows);
  if (thread === undefined) return firstOf([home, pageStep(at, home)]);
  const roomStands = hasRoom(at);
  const roomThread = standingHeader("room", at.rows);
  const replies = replyStep(at, { home: thread, room: roomThread, roomStands });
  return firstOf([
    home,
    ...(roomStands ? [headerStep(at, "room")] : []),
    replies,
    updateStep(at, "home", thread),
    ...(roomThread === undefined ? [] : [updateStep(at, "room", roomThread)]),
    pageStep(at, replies),
  ]);
}

/** Whether the incident has a channel of its own that takes its header; where it does not, the thread goes on as before. */
const hasRoom = ({ incident, rows }: Situation): boolean => incident.room !== undefined && headersIn("room", rows).at(-1)?.state !== "parked";

/** The first that can be done now; else the shortest wait; else nothing. */
function firstOf(steps: readonly Step[]): Step {
  const now = steps.find((step) => step.do !== "nothing" && step.do !== "wait");
  if (now !== undefined) return now;
  const waits = steps.filter((step) => step.do === "wait");
  return waits.toSorted((a, b) => a.until - b.until)[0] ?? { do: "nothing" };
}
