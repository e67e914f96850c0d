import { foldIncident } from "@nightshift/decide/incidents/fold";
import type { Incident } from "@nightshift/model";
import type { World } from "@nightshift/ports";

/** The newest incidents, and what could not be looked at. */
export interface Recent {
  /** Newest first. */
  readonly incidents: readonly Incident[];
  /** Ids of records that this release cannot read, and why. */
  readonly unreadable: readonly { readonly id: string; readonly because: string }[];
  /** Older ones may count, too: as many as are read at most were read. */
  readonly more: boolean;
}

/** Incidents read at a time. */
const PAGE = 50;
/** Incidents read at most: far more than anybody works on at once. */
const PAGES = 6;

/** The newest fifty incidents, and older ones fifty at a time as long as one of the last fifty counts; three hundred at most. */
export async function recentIncidents({ incidents }: Pick<World, "incidents">, counts: (incident: Incident) => boolean): Promise<Recent> {
  const found: Incident[] = [];
  const unreadable: { readonly id: string; readonly because: string }[] = [];
  let before: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const strange: typeof unreadable = [];
    const more = { ...(before === undefined ? {} : { before }), unreadable: (id: string, because: string) => void strange.push({ id, because }) };
    const some = (await incidents.list(PAGE, more)).map(foldIncident);
    found.push(...some);
    unreadable.push(...strange);
    // What cannot be read may count.
    if (strange.length === 0 && !some.some(counts)) return { incidents: found, unreadable, more: false };
    before = [...some, ...strange].map(({ id }) => id).reduce((oldest, id) => (id < oldest ? id : oldest));
  }
  return { incidents: found, unreadable, more: true };
}
