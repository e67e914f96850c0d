import { after, type EpochMs, epochMs, type Incident, minutes, seconds } from "@nightshift/model";
import { headersIn } from "../delivery/index.ts";
import { type Due, dueNow, notBefore, nothingDue, type RoomFacts } from "./duties-words.ts";

/** The header is on its way when evidence is there first: looked for so often, for so long; later looks come by themselves. */
const LOOK_AGAIN = seconds(5);
const LOOK_FOR = minutes(1);

/** Charts that were stored and not shown yet, where the incident is told now; each at most once. */
export function showCharts(incident: Incident, { deliveries, now }: RoomFacts): Due {
  const known = new Set(deliveries.map(({ key }) => key));
  const charts = incident.evidence.filter(({ stored }) => stored?.type === "image/png" && !known.has(`file/${stored.key}`));
  const newest = charts.at(-1)?.at;
  if (newest === undefined) return nothingDue;
  const at = placeOf(incident, { deliveries });
  if (at === undefined) return now < after(newest, LOOK_FOR) ? notBefore(later(now)) : nothingDue;
  return dueNow(...charts.map(({ at: _, ...evidence }) => ({ kind: "show" as const, key: `shown/${evidence.stored?.key ?? ""}`, evidence, at })));
}

const later = (now: EpochMs): EpochMs => epochMs(now + LOOK_AGAIN);

/** The thread in the incident's own channel, else the one where it was first told. */
function placeOf(incident: Incident, { deliveries }: Pick<RoomFacts, "deliveries">): { readonly channel: string; readonly thread: string } | undefined {
  const own = incident.room === undefined ? [] : headersIn("room", deliveries);
  const standing = [...headersIn("home", deliveries), ...own].findLast(({ state, ts }) => state === "sent" && ts !== undefined);
  return standing?.ts === undefined ? undefined : { channel: standing.channel, thread: standing.ts };
}
