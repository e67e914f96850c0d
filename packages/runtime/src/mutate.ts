import { heldBecause } from "@nightshift/decide/control";
import type { ControlState, EpochMs } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { PortError } from "@nightshift/ports";
import type { Mutation, MutationOutcome } from "./automation.ts";
import type { At, Needs } from "./needs.ts";

/** Tries of one mutating call whose answer was lost or throttled, where the mutation does not say (decision 3: three attempts per intent). */
const MUTATION_ATTEMPTS = 3;

/**
 * Changes production once: the intent is on record before anything is sent, holds and the lease are checked
 * between every two effects, the world is looked at right before the call, and the outcome is recorded after.
 * Safe to repeat from any line: a second pass looks first and finds what the first one did.
 */
export async function mutate<W extends Needs, T>(at: At<W>, mutation: Mutation<W, T>): Promise<MutationOutcome<T>> {
  const { world, checkpoints, key } = at;
  const record = (kind: "intent" | "outcome", body: Readonly<Record<string, unknown>>) =>
    world.audit.append({
      chain: mutation.service,
      key: `${key}/${mutation.name}/${kind}`,
      at: world.clock.now(),
      kind,
      actor: key,
      body: { does: mutation.name, ...body },
    });

  if (guard("intent before the call")) await checkpoints.once(`intent: ${mutation.name}`, async () => void (await record("intent", mutation.intent)));
  const outcome = await checkpoints.once(mutation.name, () => attempt(at, mutation));
  if (guard("outcome after the call")) await checkpoints.once(`outcome: ${mutation.name}`, async () => void (await record("outcome", describe(outcome))));
  return outcome;
}

async function attempt<W extends Needs, T>({ world, key }: At<W>, mutation: Mutation<W, T>): Promise<MutationOutcome<T>> {
  let lost: PortError | undefined;
  const attempts = mutation.attempts ?? MUTATION_ATTEMPTS;
  for (let tries = 0; tries < attempts; tries++) {
    const stop = whyNot(await world.control.read(), { mutation, key, now: world.clock.now() });
    if (stop !== undefined) return { kind: "refused", because: stop, at: world.clock.now() };
    const ready = await mutation.look(world);
    if (ready.kind === "already" && guard("done already is not done again")) return { kind: "done", value: ready.value, already: true, at: world.clock.now() };
    if (ready.kind === "refuse" && guard("world is as planned before the call")) return { kind: "refused", because: ready.because, at: world.clock.now() };
    try {
      return { kind: "done", value: await mutation.call(world), already: false, at: world.clock.now() };
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      if (guard("refusal is not repeated", !error.retryable)) return { kind: "failed", because: error.message, at: world.clock.now() };
      lost = error;
    }
  }
  return settleLost(world, mutation, lost);
}

/** The last word after attempts whose answers were lost: look once more, and admit it when that does not tell. */
async function settleLost<W extends Needs, T>(world: W, mutation: Mutation<W, T>, lost: PortError | undefined): Promise<MutationOutcome<T>> {
  const because = `${mutation.attempts ?? MUTATION_ATTEMPTS} attempts, the last: ${lost?.message ?? "no answer"}`;
  const ready = await mutation.look(world);
  if (ready.kind === "already" && guard("lost answer is looked for")) return { kind: "done", value: ready.value, already: true, at: world.clock.now() };
  return { kind: guard("lost answer is unknown", lost?.outcomeUnknown === true) ? "unknown" : "failed", because, at: world.clock.now() };
}

interface Asked {
  readonly mutation: { readonly service: string; readonly epoch: number | undefined };
  readonly key: string;
  readonly now: EpochMs;
}

/** Why the call must not be made now: a hold, or a lease that is no longer ours. */
export function whyNot(control: ControlState, { mutation, key, now }: Asked): string | undefined {
  const held = heldBecause(control, [mutation.service], now);
  if (held !== undefined && guard("hold before every effect")) return held;
  if (mutation.epoch === undefined) return undefined;
  const lease = control.leases.find((one) => one.resource === mutation.service);
  const ours = lease !== undefined && lease.holder === key && lease.epoch === mutation.epoch;
  if (guard("lease is ours before every effect", !ours)) return `the lease on ${mutation.service} is no longer ours`;
  return guard("lease is not over before every effect", lease !== undefined && lease.until < now) ? `the lease on ${mutation.service} ran out` : undefined;
}

function describe<T>(outcome: MutationOutcome<T>): Readonly<Record<string, unknown>> {
  return outcome.kind === "done" ? { ended: "done", already: outcome.already } : { ended: outcome.kind, because: outcome.because };
}
