import type { Bulletin } from "@nightshift/decide/incidents/bulletins";
import { foldIncident } from "@nightshift/decide/incidents/fold";
import { whoIsOnCall } from "@nightshift/decide/incidents/on-call";
import { handoffDigest, type ReportFacts, weeklyReport } from "@nightshift/decide/incidents/reports";
import { after, type Card, type EpochMs, type IncidentPolicy, ms } from "@nightshift/model";
import type { World } from "@nightshift/ports";

/** What a bulletin is made of. */
export type ReportWorld = Pick<World, "clock" | "incidents" | "silences" | "onCall" | "directory"> & Partial<Pick<World, "backupBook">>;

/** The lines of a good night as the ledger knows it now; undefined: it knows no such night. */
export type TellNight = (world: Pick<World, "clock" | "backupBook">, night: Extract<Bulletin, { readonly kind: "backup" }>) => Promise<NightCard | undefined>;

/** A night's line. `going`: it is not over, and its line is changed in place. `replaces`: only where a line about its progress stands. Absent: its end. */
export type NightCard = Card & { readonly stands?: "going" | "replaces" };

/** What the config says of what is reported. */
export interface Reported {
  readonly policy: IncidentPolicy;
  /** What a good night is told with; absent: none is. It is large and asked for once a day, so that only who hands it in loads it. */
  readonly tellNight?: TellNight;
}

/** Incidents a report is made of: what the ledger lists. */
const LISTED = 100;

/** What a bulletin says now; undefined: what it is about is not known any more. */
export async function bulletinCard(world: ReportWorld, bulletin: Bulletin, { policy, tellNight }: Reported): Promise<NightCard | undefined> {
  if (bulletin.kind === "backup") {
    const { backupBook } = world;
    return backupBook === undefined ? undefined : tellNight?.({ clock: world.clock, backupBook }, bulletin);
  }
  const now = world.clock.now();
  const facts: ReportFacts = {
    product: policy.product,
    now,
    incidents: (await world.incidents.list(LISTED)).map(foldIncident),
    silences: await world.silences.standing(now),
    onCall: await onCallNow(world, policy, now),
  };
  return bulletin.kind === "handoff" ? handoffDigest(facts) : weeklyReport(facts);
}

async function onCallNow(world: ReportWorld, policy: IncidentPolicy, now: EpochMs): Promise<ReportFacts["onCall"]> {
  const overrides = await world.onCall.overrides(now, after(now, ms(1)));
  const tiers: { tier: string; people: readonly string[] }[] = [];
  for (const { name, rota } of policy.tiers) {
    const members = rota.kind === "slack-group" ? await world.directory.groupMembers(rota.group) : [];
    tiers.push({ tier: name, people: whoIsOnCall(rota, overrides, now, members).people });
  }
  return tiers;
}
