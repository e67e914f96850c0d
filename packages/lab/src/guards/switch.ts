import { AsyncLocalStorage } from "node:async_hooks";
import { type GuardName, guard } from "@nightshift/model/guards";
import { askGuardSwitch, guard as labGuard } from "@nightshift/model/guards.lab";

const off = new AsyncLocalStorage<ReadonlySet<GuardName>>();

/**
 * Runs `work` with some protective lines switched off, for it and all that it starts, and for nothing beside it.
 * @throws {Error} in a process that has the guards without a switch, as every process has but the ones started for this.
 */
export function withoutGuards<T>(names: readonly GuardName[], work: () => T): T {
  if (guard !== labGuard) throw new Error("guards cannot be switched off here: start Node with --conditions=nightshift-lab");
  askGuardSwitch((name) => off.getStore()?.has(name) ?? false);
  return off.run(new Set(names), work);
}
