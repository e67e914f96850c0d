import type { Card, Entry, EpochMs, Incident, IncidentPolicy } from "@nightshift/model";
import { digestCard } from "./digest.ts";
import { headerCard, type HeaderPlace } from "./header.ts";
import { replyCard } from "./reply.ts";

export { digestCard } from "./digest.ts";
export { headerCard, type HeaderPlace } from "./header.ts";
export { replyCard } from "./reply.ts";
export { mergedCard, roomIntroCard } from "./room.ts";

/** The three cards that the notifier sends, over one policy. */
export const incidentCards = (policy: IncidentPolicy) => ({
  header: (incident: Incident, of: IncidentPolicy, where: HeaderPlace): Card => headerCard(incident, of, where),
  reply: (incident: Incident, entries: readonly Entry[]): Card => replyCard(incident, entries, policy),
  digest: (incident: Incident, entries: readonly Entry[], away: { readonly from: EpochMs; readonly to: EpochMs }): Card =>
    digestCard(incident, entries, { away, policy }),
});
