import { needsOf, planLasts } from "@nightshift/decide/approvals";
import { callsOfRestore, type RestoreOrder, sayWay, wayOf } from "@nightshift/decide/backups/decide-restore";
import { sayEstimate } from "@nightshift/decide/backups/recovery";
import { whoHolds } from "@nightshift/decide/commands/authorise";
import { heldBecause } from "@nightshift/decide/control";
import { after, type Approval, backupId, sayLength, type StoredPlan } from "@nightshift/model";
import { planCard } from "../plan-card.ts";
import { shortHash } from "../short-hash.ts";
import { type Carry, refused, scopeOf } from "../verb.ts";

/** Makes a plan to restore beside what runs, and asks two people for their word; `--yes` skips no approval. */
export const restore: Carry<"restore"> = async ({ database: name, backup, at }, on) => {
  const { world, request, person, doing, policy, groups, incident, now } = on;
  const database = on.databases?.find((one) => one.name === name);
  if (database === undefined) return refused(`${name} is not under databases in nightshift.config.ts. Nothing was changed.`);
  if (backup !== undefined && at !== undefined) return refused("Name a backup or a moment, not both. Nothing was changed.");
  const order: RestoreOrder = {
    of: name,
    ...(backup === undefined ? {} : { backup: backupId(backup) }),
    ...(at === undefined ? {} : { at }),
    by: person.name,
    because: doing.because ?? `${person.name} asked for it`,
    asked: request.at,
  };
  const rows = (await world.backupBook.all(name)).toSorted((a, b) => a.scheduled - b.scheduled);
  const way = wayOf(order, rows, database);
  if (way.kind === "refused") return refused(`${name} is not restored: ${way.because}. Nothing was changed.`);
  const needs = needsOf("restore");
  const scope = scopeOf(groups, name);
  const who = whoHolds(policy, { role: needs.role, scope });
  const id = `R-${name}-${shortHash(request.key)}`;
  // What is approved is this very order: two that differ in a moment are two plans.
  const hash = JSON.stringify(order);
  const what = sayWay(order, way);
  const expiresAt = after(request.at, planLasts(needs, who.length));
  const stored: StoredPlan = {
    id,
    hash,
    verb: "restore",
    service: name,
    requester: person.name,
    incident: incident?.id,
    because: order.because,
    madeAt: request.at,
    expiresAt,
    calls: callsOfRestore(order, way),
    preconditions: {},
    input: { order: hash },
  };
  const approval: Approval = {
    plan: id,
    planHash: hash,
    what,
    because: order.because,
    service: name,
    askedAt: request.at,
    expiresAt,
    state: "pending",
    needs,
    requester: person.name,
    incident: incident?.id,
    given: [],
    by: undefined,
    answeredAt: undefined,
    callbackId: undefined,
  };
  const words = `two owners for ${name}${who.length === 0 ? "" : ` (${who.join(", ")})`}`;
  const held = heldBecause(await world.control.read(), scope, now);
  const doubts = [
    "What runs is not touched: it goes into something new, and the steps to switch over are said, not taken.",
    way.kind === "database" && way.estimate !== undefined
      ? `It takes about ${sayEstimate(way.estimate, database.rto)}.`
      : "How long it takes was never measured here; a new instance is available after 5 to 30 minutes, and slow until its blocks were read.",
    ...(held === undefined ? [] : [`Nothing is changed while this stands: ${held}.`]),
  ];
  return {
    kind: "ready",
    does: `asks to ${what}.`,
    calls: [`(first, in the ledger: keep the plan ${id} and ask for two words on it)`, ...stored.calls],
    approval: `${words}, within ${sayLength(planLasts(needs, who.length))}`,
    tells: [`in the thread: ${person.name} asks to ${what}; plan ${id}`],
    line: `${person.name} asks to ${what}: ${order.because}. Plan ${id} waits for ${words}.`,
    act: async () => {
      await world.plans.keep(stored);
      await world.approvals.ask(approval);
      return { card: planCard({ stored, approval, heading: `Restore ${name}?`, doubts, who: words }), changed: true };
    },
  };
};
