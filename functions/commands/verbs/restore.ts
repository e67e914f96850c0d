import { needsOf, planLasts } from "@nightshift/decide/approvals";
import { callsOfRestore, type RestoreOrder, type RestoreWay, sayWay, wayOf } from "@nightshift/decide/backups/decide-restore";
import { sayEstimate } from "@nightshift/decide/backups/recovery";
import { whoHolds } from "@nightshift/decide/commands/authorise";
import { heldBecause } from "@nightshift/decide/control";
import { after, type Approval, backupId, type Ms, sayLength, type StoredPlan } from "@nightshift/model";
import { planCard } from "../plan-card.ts";
import { shortHash } from "../short-hash.ts";
import { type Carry, type On, refused, scopeOf } from "../verb.ts";

/** Makes a plan to restore beside what runs, and asks two people for their word; `--yes` skips no approval. */
export const restore: Carry<"restore"> = async ({ database: name, backup, at }, on) => {
  const { world, request, person, doing, groups, now } = on;
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
  const planned = planOf(on, { order, way });
  const { stored, approval, who, lasts } = planned;
  const { id } = stored;
  const what = approval.what;
  const scope = scopeOf(groups, name);
  const words = `two owners for ${name}${who.length === 0 ? "" : ` (${who.join(", ")})`}`;
  const stands = heldBecause(await world.control.read(), scope, now);
  const doubts = [
    "What runs is not touched: it goes into something new, and the steps to switch over are said, not taken.",
    way.kind === "database" && way.estimate !== undefined
      ? `It takes about ${sayEstimate(way.estimate, database.rto)}.`
      : "How long it takes was never measured here; a new instance is available after 5 to 30 minutes, and slow until its blocks were read.",
    ...(stands === undefined ? [] : [`Nothing is changed while this stands: ${stands}.`]),
  ];
  return {
    kind: "ready",
    does: `asks to ${what}.`,
    calls: [`(first, in the ledger: keep the plan ${id} and ask for two words on it)`, ...stored.calls],
    approval: `${words}, within ${sayLength(lasts)}`,
    tells: [`in the thread: ${person.name} asks to ${what}; plan ${id}`],
    line: `${person.name} asks to ${what}: ${order.because}. Plan ${id} waits for ${words}.`,
    act: async () => {
      await world.plans.keep(stored);
      await world.approvals.ask(approval);
      return { card: planCard({ stored, approval, heading: `Restore ${name}?`, doubts, who: words }), changed: true };
    },
  };
};

interface Planned {
  readonly stored: StoredPlan;
  readonly approval: Approval;
  /** Who may say yes, as far as the config lists them. */
  readonly who: readonly string[];
  readonly lasts: Ms;
}

/** The plan and the question about it. What is approved is this very order: two that differ in a moment are two plans. */
function planOf(
  { request, person, policy, groups, incident }: On,
  { order, way }: { readonly order: RestoreOrder; readonly way: Exclude<RestoreWay, { kind: "refused" }> },
): Planned {
  const needs = needsOf("restore");
  const who = whoHolds(policy, { role: needs.role, scope: scopeOf(groups, order.of) });
  const lasts = planLasts(needs, who.length);
  const hash = JSON.stringify(order);
  const shared = { service: order.of, requester: person.name, incident: incident?.id, because: order.because };
  const expiresAt = after(request.at, lasts);
  const id = `R-${order.of}-${shortHash(request.key)}`;
  const stored: StoredPlan = {
    ...shared,
    id,
    hash,
    verb: "restore",
    madeAt: request.at,
    expiresAt,
    calls: callsOfRestore(order, way),
    preconditions: {},
    input: { order: hash },
  };
  const approval: Approval = {
    ...shared,
    plan: id,
    planHash: hash,
    what: sayWay(order, way),
    askedAt: request.at,
    expiresAt,
    state: "pending",
    needs,
    given: [],
    by: undefined,
    answeredAt: undefined,
    callbackId: undefined,
  };
  return { stored, approval, who, lasts };
}
