import { answered, failed, freshBudget, heldUntil, PARKED_FOR, postAt, recovered, spend, tryOf, UPDATES, updateAt } from "@nightshift/decide/delivery/index";
import { type Bulletin, bulletinOf, dueBulletins } from "@nightshift/decide/incidents/bulletins";
import { after, type Card, type Delivery, type EpochMs, type IncidentPolicy, type Ms, ms } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { PortError, type World } from "@nightshift/ports";
import { bulletinCard, type NightCard, type Reported, type ReportWorld } from "./bulletin-card.ts";
import { outcomeOf } from "./delivery/outcome.ts";
import { noteBudget, replaceBudget, type Spending } from "./delivery/pass.ts";

/** What posting a bulletin reads and writes. */
export type BulletinWorld = ReportWorld & Pick<World, "deliveries" | "budgets" | "chat">;

/** How a bulletin is posted: by which rules, and within what is left of the invocation. */
export interface PostingHow extends Reported {
  pause(length: Ms): Promise<void>;
  /** When this invocation must have come to its end. */
  readonly until: EpochMs;
  log(line: Readonly<Record<string, unknown>>): void;
}

/** A channel that is free so soon is waited for; else the next nudge finds it free. */
const SHORT_WAIT = ms(1_100);
/** Looking and posting take 4 s each at most, and their rows a moment. */
const TAKES = ms(9_000);
/** Tries to count a post among others who count. */
const COUNTS = 5;

/**
 * Posts a bulletin once: the row comes before the call, and what may have been sent is looked for before it is sent again. What Slack
 * does not take is no failure: the row says what became of it, and the sweep asks again every five minutes while the bulletin is fresh.
 * True: this call posted it.
 */
export async function postBulletin(world: BulletinWorld, key: string, how: PostingHow): Promise<boolean> {
  try {
    return await post(world, key, how);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    tellLog(how, key, { error });
    return false;
  }
}

async function post(world: BulletinWorld, key: string, how: PostingHow): Promise<boolean> {
  const bulletin = bulletinOf(key);
  const channel = bulletinChannel(how.policy);
  if (bulletin === undefined || channel === undefined) return false;
  const [row] = await world.deliveries.all(key);
  if (row?.state === "sent" && isGoing(row)) return replace(world, { key, row, bulletin, how });
  if (guard("bulletin is posted once", row?.state === "sent")) return false;
  if (row !== undefined && restsUntil(row, channel) > world.clock.now()) return false;
  // Before its row: what cannot be read leaves nothing half begun.
  const said = await bulletinCard(world, bulletin, how);
  if (said === undefined || said.stands === "replaces") return false;
  // Whoever took a line about progress away does not want the next one; how it ended is told all the same.
  if (said.stands === "going" && row?.state === "parked" && row.ts !== undefined) return false;
  const spending: Spending = { world, budgets: new Map([[channel, await world.budgets.read(channel)]]) };
  if (!(await isCounted(world, spending, { channel, how }))) return false;
  const next = tryOf({ key: "message", channel, thread: undefined, covers: [], now: world.clock.now() }, row);
  if (!(await world.deliveries.begin(key, next))) return false;
  return send({ world, spending, how }, { key, row: next, ...standing(said), lost: row?.state === "trying" });
}

/** What is remembered of a line that is not the last word: `going/` and what it showed. */
const GOING = "going/";
const isGoing = ({ shown }: Delivery): boolean => shown?.startsWith(GOING) === true;
const standing = ({ stands, ...card }: NightCard): { readonly card: Card; readonly shown: string } => ({
  card,
  shown: stands === "going" ? `${GOING}${JSON.stringify(card.summary)}` : "ended",
});

/** Changes a line that is not the last word in place; how it ended takes its place for good. A lost answer is simply tried again. */
async function replace(
  world: BulletinWorld,
  { key, row, bulletin, how }: { readonly key: string; readonly row: Delivery; readonly bulletin: Bulletin; readonly how: PostingHow },
): Promise<false> {
  const said = await bulletinCard(world, bulletin, how);
  if (said === undefined || row.ts === undefined) return false;
  const { card, shown } = standing(said);
  if (shown === row.shown) return false;
  const spending: Spending = { world, budgets: new Map([[UPDATES, await world.budgets.read(UPDATES)]]) };
  const now = world.clock.now();
  if (updateAt(spending.budgets.get(UPDATES) ?? freshBudget(UPDATES), "P4", now) > now || now + TAKES > how.until) return false;
  if (!(await replaceBudget(spending, UPDATES, (budget) => spend(budget, now)))) return false;
  const { channel, ts, tries } = row;
  try {
    await world.chat.update({ channel, ts, card });
    await world.deliveries.settle(key, "message", { state: "sent", ts, shown, tries });
    await noteBudget(spending, UPDATES, recovered);
  } catch (error) {
    const outcome = outcomeOf(error);
    tellLog(how, key, { error, outcome });
    const retryAfter = error instanceof PortError ? error.retryAfter : undefined;
    if (outcome === "refused" || outcome === "unknown") await noteBudget(spending, UPDATES, (budget) => failed(budget, world.clock.now(), retryAfter));
    // With its timestamp: it stood there, and a person took it away.
    else if (outcome === "deleted") await world.deliveries.settle(key, "message", { state: "parked", ts, tries });
    else await world.deliveries.settle(key, "message", { state: "sent", ts, shown, tries });
  }
  return false;
}

/** Until when a row is left alone: while its sender may be at work, and so long after a channel refused it for good. */
function restsUntil(row: Delivery, channel: string): EpochMs {
  if (row.state === "trying") return heldUntil(row);
  return row.state === "parked" && row.channel === channel ? after(row.startedAt, PARKED_FOR) : row.startedAt;
}

/** Whether the channel takes a message now, or so soon that we waited for it; then it is counted. */
async function isCounted(world: BulletinWorld, spending: Spending, { channel, how }: { readonly channel: string; readonly how: PostingHow }): Promise<boolean> {
  for (let tries = 0; tries < COUNTS; tries++) {
    const now = world.clock.now();
    const wait = ms(postAt(spending.budgets.get(channel) ?? freshBudget(channel), now) - now);
    if (wait > SHORT_WAIT || now + wait + TAKES > how.until) return false;
    if (wait > 0) await how.pause(wait);
    if (await replaceBudget(spending, channel, (budget) => spend(budget, world.clock.now()))) return true;
  }
  return false;
}

interface Sending {
  readonly world: BulletinWorld;
  readonly spending: Spending;
  readonly how: PostingHow;
}

interface Message {
  readonly key: string;
  readonly row: Delivery;
  readonly card: Card;
  /** What is remembered of it. */
  readonly shown: string;
  readonly lost: boolean;
}

async function send({ world, spending, how }: Sending, { key, row, card, shown, lost }: Message): Promise<boolean> {
  const { channel, tries } = row;
  let found: string | undefined;
  let ts: string;
  try {
    found = lost && guard("lost message is looked for") ? await world.chat.find({ channel, key }) : undefined;
    ts = found ?? (await world.chat.post({ channel, key, card }));
  } catch (error) {
    const outcome = outcomeOf(error);
    tellLog(how, key, { error, outcome });
    // Not having looked is not having found nothing: it may stand there, and stays as unknown as before.
    const unknown = outcome === "unknown" || (lost && outcome === "refused");
    if (!unknown) await world.deliveries.settle(key, "message", { state: outcome === "refused" ? "refused" : "parked", tries });
    const retryAfter = error instanceof PortError ? error.retryAfter : undefined;
    if (outcome === "refused" || unknown) await noteBudget(spending, channel, (budget) => failed(budget, world.clock.now(), retryAfter));
    return false;
  }
  // What the ledger does not take now leaves the row as it is: it is looked for.
  await world.deliveries.settle(key, "message", {
    state: "sent",
    ts,
    shown: found === undefined || !key.startsWith("bulletin/backup/") ? shown : `${GOING}unknown`,
    tries,
  });
  await noteBudget(spending, channel, (budget) => answered(budget, world.clock.now()));
  return found === undefined;
}

function tellLog({ log }: PostingHow, key: string, { error, outcome }: { readonly error: unknown; readonly outcome?: string }): void {
  const because = error instanceof Error ? error.message : String(error);
  log({
    level: "warn",
    message: "a bulletin was not posted; it is tried again while it is fresh",
    key,
    because,
    ...(outcome === undefined ? {} : { outcome }),
  });
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
