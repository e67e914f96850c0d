import type { Budgets, ControlState, EpochMs, Freeze, Grant, GrantRequest, Hold, Lease, Scope, Spent } from "@nightshift/model";
import { after, hours, minutes, sayLength, since } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";

/** A rollback and its verification take less; a guard that died must not block a service for long. */
const LEASE_FOR = minutes(30);
/** One look's changes take seconds; the next look takes the lease anew. */
const SCALE_LEASE_FOR = minutes(2);
/** Nothing older counts in any budget unless a budget says so. */
const KEPT_FOR = hours(6);
/** Once tripped, the breaker stays open this long after the last service that tripped it: time for a person to look. */
const BREAKER_FOR = minutes(30);
/** Rows kept of each kind; the oldest go first. */
const ROWS = 200;

/** What a question to the control row gives: the answer, and the row to write before it counts. Undefined: nothing to write. */
export interface Granted {
  readonly grant: Grant;
  readonly next: ControlState | undefined;
}

/** May this work act on these services? A group is granted whole or not at all; holds beat everything. */
export function grant(state: ControlState, request: GrantRequest, budgets: Budgets, now: EpochMs): Granted {
  const held = heldBecause(state, [...request.services, request.group], now);
  if (held !== undefined && guard("hold at the grant")) return refused("held", held);
  const live = state.leases.filter((lease) => lease.until > now);
  const taken = live.find((lease) => request.services.includes(lease.resource) && lease.holder !== request.holder && !yields(lease, request));
  if (taken !== undefined && guard("one lease holder"))
    return refused(
      "leased",
      `${taken.resource} is being worked on by ${taken.holder} (${taken.purpose}) for at most ${sayLength(since(now, taken.until))} more`,
    );
  const mine = live.filter((lease) => lease.holder === request.holder && request.services.includes(lease.resource));
  if (mine.length === request.services.length && mine[0] !== undefined) return { grant: { kind: "granted", epoch: mine[0].epoch }, next: undefined };

  // Changes of a count have a budget of their own, in the scaler's decision: they neither use up nor wait for what is kept for rollbacks.
  if (request.kind === "scale") return take(trimmed(state, budgets, now), request, { now, paid: true });

  const wanting = wanted(trimmed(state, budgets, now), request, now);
  // The same work asking again after its lease ran out has paid already.
  const paid = state.spent.some((one) => one.key === request.holder);
  if (!request.approved && !paid) {
    const tripped = breakerBecause(wanting, budgets);
    if (tripped !== undefined && guard("breaker")) return { ...refused("breaker", tripped), next: wanting };
    const over = budgetBecause(state, request, { budgets, now });
    if (over !== undefined) return { ...refused("budget", over), next: wanting };
  }
  return take(wanting, request, { now, paid });
}

/** A scaler's look gives way: to a rollback at once, and to the scaler's own later look (only one of two looks gets so far). */
const yields = (lease: Lease, { kind }: GrantRequest): boolean => lease.purpose === "scale" && (kind === "rollback" || kind === "scale");

const purposes = { rollback: "rollback", scale: "scale", other: "backup" } as const satisfies Record<GrantRequest["kind"], Lease["purpose"]>;

const refused = (reason: Extract<Grant, { kind: "refused" }>["reason"], because: string): Granted => ({
  grant: { kind: "refused", reason, because },
  next: undefined,
});

/** Writes leases under a new epoch, and what they cost. */
function take(state: ControlState, request: GrantRequest, { now, paid }: { now: EpochMs; paid: boolean }): Granted {
  const epoch = guard("epoch rises with every lease") ? state.epoch + 1 : state.epoch;
  const leases = request.services.map<Lease>((resource) => ({
    resource,
    holder: request.holder,
    purpose: purposes[request.kind],
    epoch,
    until: after(now, request.kind === "scale" ? SCALE_LEASE_FOR : LEASE_FOR),
  }));
  // The calls are counted once, with the first service; a person's own decision costs the automatics no calls.
  const spent = paid
    ? []
    : request.services.map<Spent>((service, index) => ({
        key: request.holder,
        service,
        group: request.group,
        kind: request.kind === "rollback" ? "rollback" : "other",
        at: now,
        mutations: index === 0 && !request.approved ? request.mutations : 0,
      }));
  const others = state.leases.filter((lease) => !request.services.includes(lease.resource));
  return {
    grant: { kind: "granted", epoch },
    next: { ...state, epoch, leases: [...others, ...leases].slice(-ROWS), spent: [...state.spent, ...spent].slice(-ROWS) },
  };
}

/** The row with the next version and without what no longer counts. */
function trimmed(state: ControlState, budgets: Budgets | undefined, now: EpochMs): ControlState {
  const longest = Math.max(KEPT_FOR, ...(budgets?.rollbacksPerService ?? []).map((one) => one.within), budgets?.mutationsPerAccount.within ?? 0);
  return {
    ...state,
    version: state.version + 1,
    holds: state.holds.filter((hold) => hold.until === undefined || hold.until > now),
    ...(state.freezes === undefined ? {} : { freezes: freezesOf(state, now) }),
    leases: state.leases.filter((lease) => lease.until > now),
    spent: state.spent.filter((one) => one.at > now - longest).slice(-ROWS),
    wanted: state.wanted.filter((one) => one.at > now - BREAKER_FOR - (budgets?.stampede.within ?? 0)).slice(-ROWS),
  };
}

/** Every service that wants a rollback counts for the breaker, also one that does not get it. */
function wanted(state: ControlState, request: GrantRequest, now: EpochMs): ControlState {
  if (request.kind !== "rollback" || request.approved) return state;
  const rest = state.wanted.filter((one) => one.group !== request.group || one.at < now - minutes(1));
  return { ...state, wanted: [...rest, ...request.services.map((service) => ({ service, group: request.group, at: now }))].slice(-ROWS) };
}

/** Too many groups at once want a rollback: then the cause is shared, and the automatics stop (hazard 25). */
function breakerBecause({ wanted: wants }: ControlState, { stampede }: Budgets): string | undefined {
  for (const last of wants) {
    const close = wants.filter((one) => one.at <= last.at && one.at > last.at - stampede.within);
    const groups = [...new Set(close.map((one) => one.group))];
    if (groups.length >= stampede.services)
      return `${groups.length} groups (${groups.join(", ")}) wanted a rollback within ${sayLength(stampede.within)}: a shared cause is likelier than ${groups.length} bad deployments, so nothing is rolled back by itself for ${sayLength(BREAKER_FOR)}`;
  }
  return undefined;
}

function budgetBecause(state: ControlState, request: GrantRequest, { budgets, now }: { budgets: Budgets; now: EpochMs }): string | undefined {
  const { count, within } = budgets.mutationsPerAccount;
  const calls = state.spent.filter((one) => one.at > now - within).reduce((total, one) => total + one.mutations, 0);
  if (guard("account budget", calls + request.mutations > count))
    return `${calls} automatic changes in the last ${sayLength(within)}, ${request.mutations} more would exceed ${count}`;
  if (request.kind !== "rollback") return undefined;
  if (guard("no automatic rollback by config", budgets.rollbacksPerDeployment < 1)) return "the config allows no automatic rollback";
  for (const service of request.services) {
    for (const budget of budgets.rollbacksPerService) {
      const done = state.spent.filter((one) => one.kind === "rollback" && one.service === service && one.at > now - budget.within).length;
      if (guard("service budget", done >= budget.count))
        return `${service} was rolled back ${done === 1 ? "once" : `${done} times`} in the last ${sayLength(budget.within)}, ${budget.count} is the most`;
    }
  }
  return undefined;
}

/** Gives back the leases of a holder; undefined when it holds none of them any more. */
export function release(state: ControlState, holder: string, services: readonly string[], now: EpochMs): ControlState | undefined {
  const kept = state.leases.filter((lease) => lease.holder !== holder || !services.includes(lease.resource));
  return kept.length === state.leases.length ? undefined : trimmed({ ...state, leases: kept }, undefined, now);
}

/** A person's word to stop; a second hold on the same scope replaces the first. */
export const hold = (state: ControlState, word: Hold, now: EpochMs): ControlState => {
  const next = trimmed(state, undefined, now);
  return { ...next, holds: [...next.holds.filter((one) => one.scope !== word.scope), word].slice(-ROWS) };
};

/** Takes a hold back; undefined when there is none on that very scope. */
export function unhold(state: ControlState, scope: Scope, now: EpochMs): ControlState | undefined {
  const next = trimmed(state, undefined, now);
  const holds = next.holds.filter((one) => one.scope !== scope);
  return holds.length === next.holds.length ? undefined : { ...next, holds };
}

/** Why nothing may be done by itself in any of these scopes; undefined: nobody said stop. */
export function heldBecause(state: ControlState, scopes: readonly string[], now: EpochMs): string | undefined {
  const found = state.holds.find((one) => (one.until === undefined || one.until > now) && (one.scope === "all" || scopes.includes(one.scope)));
  if (found === undefined) return undefined;
  const until = found.until === undefined ? "until it is released" : `for ${sayLength(since(now, found.until))} more`;
  return `${found.by} holds ${found.scope === "all" ? "everything" : found.scope} ${until}: ${found.because}`;
}

/** Freezes that stand at this moment; rows of the first release have none. */
export const freezesOf = (state: ControlState, now: EpochMs): readonly Freeze[] => (state.freezes ?? []).filter((one) => one.until > now);

/** A person's word that nothing shall be deployed; a second freeze of the same scope replaces the first. */
export const freeze = (state: ControlState, word: Freeze, now: EpochMs): ControlState => {
  const next = trimmed(state, undefined, now);
  return { ...next, freezes: [...freezesOf(next, now).filter((one) => one.scope !== word.scope), word].slice(-ROWS) };
};

/** Takes a freeze back; undefined when there is none of that very scope. */
export function unfreeze(state: ControlState, scope: Scope, now: EpochMs): ControlState | undefined {
  const standing = freezesOf(state, now);
  const freezes = standing.filter((one) => one.scope !== scope);
  return freezes.length === standing.length ? undefined : { ...trimmed(state, undefined, now), freezes };
}

/** Why nothing shall be deployed in any of these scopes; undefined: nobody froze it. A rollback passes it, and says so (decision 1). */
export function frozenBecause(state: ControlState, scopes: readonly string[], now: EpochMs): string | undefined {
  const found = freezesOf(state, now).find((one) => one.scope === "all" || scopes.includes(one.scope));
  if (found === undefined) return undefined;
  return `${found.by} froze ${found.scope === "all" ? "everything" : found.scope} for ${sayLength(since(now, found.until))} more: ${found.because}`;
}

/** The lease of a rollback under way on a service: a deployment that begins meanwhile is most likely ours. */
export const activeRollback = (state: ControlState, service: string, now: EpochMs): Lease | undefined =>
  state.leases.find((lease) => lease.resource === service && lease.purpose === "rollback" && lease.until > now);
