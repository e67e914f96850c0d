import { type Bulletin, bulletinOf, dueBulletins } from "@nightshift/decide/incidents/bulletins";
import { foldIncident } from "@nightshift/decide/incidents/fold";
import { whoIsOnCall } from "@nightshift/decide/incidents/on-call";
import { handoffDigest, type ReportFacts, weeklyReport } from "@nightshift/decide/incidents/reports";
import { after, type EpochMs, type IncidentPolicy, ms } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { World } from "@nightshift/ports";

/** What posting a bulletin reads and writes. */
export type BulletinWorld = Pick<World, "clock" | "incidents" | "silences" | "onCall" | "directory" | "deliveries" | "chat">;

/** Incidents a report is made of: what the ledger lists. */
const LISTED = 100;

/**
 * Posts a bulletin once: the row comes before the call, and what may have been sent is looked for before it is sent again.
 * False: the key names no bulletin, or it stands in the channel already.
 */
export async function postBulletin(world: BulletinWorld, key: string, policy: IncidentPolicy): Promise<boolean> {
  const bulletin = bulletinOf(key);
  const channel = bulletinChannel(policy);
  if (bulletin === undefined || channel === undefined) return false;
  const [row] = await world.deliveries.all(key);
  if (guard("bulletin is posted once", row?.state === "sent")) return false;
  const now = world.clock.now();
  const tries = (row?.tries ?? 0) + 1;
  const begun = await world.deliveries.begin(key, {
    key: "message",
    state: "trying",
    channel,
    thread: undefined,
    covers: [],
    ts: undefined,
    shown: undefined,
    startedAt: now,
    tries,
  });
  if (!begun) return false;
  const lost = row === undefined ? undefined : await world.chat.find({ channel, key });
  const ts = lost ?? (await world.chat.post({ channel, key, card: await cardOf(world, bulletin, { policy, now }) }));
  await world.deliveries.settle(key, "message", { state: "sent", ts, tries });
  return lost === undefined;
}

/** Where bulletins are posted: the operations channel, else the one of incidents; undefined: no Slack. */
export const bulletinChannel = ({ channels }: Pick<IncidentPolicy, "channels">): string | undefined => channels.ops ?? channels.incidents;

/** Whether a message of the outbox names a bulletin instead of an incident. */
export const isBulletin = (key: string): boolean => bulletinOf(key) !== undefined;

/** Nudges the bulletins that are due and do not stand in their channel yet. `occasion` makes two looks of one tick one nudge. */
export async function nudgeBulletins(world: Pick<World, "clock" | "deliveries" | "outbox">, policy: IncidentPolicy, occasion: string): Promise<void> {
  const channel = bulletinChannel(policy);
  if (channel === undefined) return;
  for (const { key } of dueBulletins(world.clock.now(), policy)) {
    const [row] = await world.deliveries.all(key);
    if (row?.state !== "sent") await world.outbox.nudge(channel, key, occasion);
  }
}

async function cardOf(world: BulletinWorld, { kind }: Bulletin, { policy, now }: { policy: IncidentPolicy; now: EpochMs }) {
  const facts: ReportFacts = {
    product: policy.product,
    now,
    incidents: (await world.incidents.list(LISTED)).map(foldIncident),
    silences: await world.silences.standing(now),
    onCall: await onCallNow(world, policy, now),
  };
  return kind === "handoff" ? handoffDigest(facts) : weeklyReport(facts);
}

async function onCallNow(world: BulletinWorld, policy: IncidentPolicy, now: EpochMs): Promise<ReportFacts["onCall"]> {
  const overrides = await world.onCall.overrides(now, after(now, ms(1)));
  const tiers: { tier: string; people: readonly string[] }[] = [];
  for (const { name, rota } of policy.tiers) {
    const members = rota.kind === "slack-group" ? await world.directory.groupMembers(rota.group) : [];
    tiers.push({ tier: name, people: whoIsOnCall(rota, overrides, now, members).people });
  }
  return tiers;
}
