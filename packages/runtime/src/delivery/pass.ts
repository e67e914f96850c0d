import { createHash } from "node:crypto";
import { channelsOf, freshBudget, messagesIn, type PlaceName, type Situation, shownAs, UPDATES, updatesOf } from "@nightshift/decide/delivery/index";
import { foldIncident } from "@nightshift/decide/incidents/fold";
import type { Card, Delivery, Incident, SendBudget } from "@nightshift/model";
import type { NotifierWorld, NotifyHow } from "./how.ts";

/** Budgets as they were read or last written, and where they are kept. */
export interface Spending {
  readonly world: Pick<NotifierWorld, "budgets">;
  readonly budgets: Map<string, SendBudget>;
}

/** One incident in one pass: what was read of it, kept in step with what we write. */
export interface Case {
  readonly incident: Incident;
  readonly channels: readonly string[];
  readonly headers: Readonly<Record<PlaceName, { readonly card: Card; readonly shown: string }>>;
  rows: readonly Delivery[];
  refusal: string | undefined;
}

/** One invocation's work: budgets are read once and kept in step. */
export interface Pass extends Spending {
  readonly world: NotifierWorld;
  readonly how: NotifyHow;
}

/** Reads one incident, its rows and the budgets that concern it; undefined when nobody knows it. What does not depend on each other is read at the same time: a first notice is in a hurry. */
export async function openCase(pass: Pass, id: string): Promise<Case | undefined> {
  const { world, how } = pass;
  const [record, under] = await Promise.all([world.incidents.find(id), world.deliveries.all(id)]);
  if (record === undefined) return undefined;
  // One that was merged stands for itself here: its own header says where it went.
  const incident = foldIncident(record);
  const rows = incident.id === id ? under : await world.deliveries.all(incident.id);
  const channels = channelsOf(incident, how.policy);
  if (channels.length > 0) await readBudgets(pass, scopesOf(incident, { channels, rows }));
  const now = world.clock.now();
  const header = (place: PlaceName) => {
    const card = how.render.header(incident, how.policy, { now, place });
    return { card, shown: shownAs(incident, fingerprint(card)) };
  };
  return { incident, channels, headers: { home: header("home"), room: header("room") }, rows, refusal: undefined };
}

/** Channels that may be written to; what was spent on updates only where there is a header to update. */
function scopesOf({ id, room }: Incident, { channels, rows }: Pick<Case, "channels" | "rows">): readonly string[] {
  const messages = messagesIn(rows);
  const updates = messages.some(({ ts }) => ts !== undefined) ? [UPDATES, updatesOf(id)] : [];
  return [...channels, ...messages.map(({ channel }) => channel), ...(room === undefined ? [] : [room.channel]), ...updates];
}

async function readBudgets({ world, budgets }: Pass, scopes: readonly string[]): Promise<void> {
  const missing = [...new Set(scopes)].filter((scope) => !budgets.has(scope));
  const read = await Promise.all(missing.map((scope) => world.budgets.read(scope)));
  for (const budget of read) budgets.set(budget.scope, budget);
}

/** The case as the pure part sees it, now. */
export const situationOf = ({ world, budgets }: Pass, { incident, channels, headers, rows, refusal }: Case): Situation => ({
  incident,
  rows,
  channels,
  budgets,
  refusal,
  now: world.clock.now(),
  shown: { home: headers.home.shown, room: headers.room.shown },
});

/** Puts a row as we just wrote it among those that were read. */
export function keep(one: Case, row: Delivery): void {
  one.rows = [...one.rows.filter(({ key }) => key !== row.key), row];
}

/** Writes the next state of a budget. False: somebody was first; what stands was read again. */
export async function replaceBudget({ world, budgets }: Spending, scope: string, next: (budget: SendBudget) => SendBudget | undefined): Promise<boolean> {
  const wanted = next(budgets.get(scope) ?? freshBudget(scope));
  if (wanted === undefined) return true;
  const written = await world.budgets.replace(wanted);
  budgets.set(scope, written ? wanted : await world.budgets.read(scope));
  return written;
}

/** The same, for what must be counted whoever else counts: again over what stands, a few times. */
export async function noteBudget(spending: Spending, scope: string, next: (budget: SendBudget) => SendBudget | undefined): Promise<void> {
  for (let tries = 0; tries < 5; tries++) if (await replaceBudget(spending, scope, next)) return;
}

const fingerprint = (card: Card): string => createHash("sha256").update(JSON.stringify(card)).digest("hex").slice(0, 16);
