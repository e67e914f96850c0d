import { headerStep } from "./header-step.ts";
import { pageStep } from "./page-step.ts";
import { replyStep } from "./reply-step.ts";
import { headersIn, standingHeader } from "./rows.ts";
import { firstOf, type Situation, type Step } from "./step.ts";
import { updateStep } from "./update-step.ts";

/**
 * What to do next about one incident, from what stands in the ledger alone: first the header, then what was said since, in order, then
 * what the header shows. Whatever has to wait holds up nothing else that may go now.
 */
export function nextStep(at: Situation): Step {
  if (at.incident.announcedAt === undefined) return { do: "nothing" };
  const home = headerStep(at, "home");
  const thread = standingHeader("home", at.rows);
  const roomStands = hasRoom(at);
  const roomThread = standingHeader("room", at.rows);
  const replies = replyStep(at, { home: thread, room: roomThread, roomStands });
  const inRoom = roomThread === undefined ? [] : [updateStep(at, "room", roomThread)];
  // A header that was taken away silences its thread, not the people in the incident's own channel.
  if (thread === undefined) return firstOf([home, replies, ...inRoom, pageStep(at, home)]);
  return firstOf([home, ...(roomStands ? [headerStep(at, "room")] : []), replies, updateStep(at, "home", thread), ...inRoom, pageStep(at, replies)]);
}

/** Whether the incident has a channel of its own that takes its header; where it does not, the thread goes on as before. */
const hasRoom = ({ incident, rows }: Situation): boolean => incident.room !== undefined && headersIn("room", rows).at(-1)?.state !== "parked";
