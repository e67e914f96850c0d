import { grant, release } from "@nightshift/decide/control";
import type { Budgets, ControlState, Grant, GrantRequest } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import type { At } from "./needs.ts";

/** Tries to write the control row before giving way to whoever keeps changing it. */
const CONTROL_ATTEMPTS = 5;

/** Takes leases and spends budget in one conditional write: granted whole, or refused with the reason. */
export const acquireLease = (
  { world, checkpoints }: At,
  { request, budgets, seen }: { request: GrantRequest; budgets: Budgets; seen: ControlState | undefined },
): Promise<Grant> =>
  checkpoints.once(`take the lease on ${request.services.join(", ")}`, async () => {
    for (let attempt = 0; attempt < CONTROL_ATTEMPTS; attempt++) {
      const state = attempt === 0 && seen !== undefined ? seen : await world.control.read();
      const answer = grant(state, request, budgets, world.clock.now());
      // A refusal from a row that was seen earlier may be out of date: only one that was just read stands.
      if (answer.next === undefined && (attempt > 0 || seen === undefined || answer.grant.kind === "granted")) return answer.grant;
      if (answer.next !== undefined && (await world.control.replace(answer.next))) return answer.grant;
    }
    throw contended("take the lease");
  });

/** Gives back the leases this run holds; what somebody else holds by now stays theirs. */
export const releaseLease = ({ world, checkpoints, key }: At, services: readonly string[]): Promise<void> =>
  checkpoints.once(`give back the lease on ${services.join(", ")}`, async () => {
    for (let attempt = 0; attempt < CONTROL_ATTEMPTS; attempt++) {
      const state = await world.control.read();
      const next: ControlState | undefined = release(state, key, services, world.clock.now());
      if (next === undefined || (await world.control.replace(next))) return;
    }
    throw contended("give back the lease");
  });

const contended = (what: string) =>
  new PortError("throttled", "control:replace", "the control row", `could not ${what}: the row changed ${CONTROL_ATTEMPTS} times meanwhile`);
