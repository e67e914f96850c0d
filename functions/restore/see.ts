import { type RestoreFacts, type RestoreOrder, wayOf } from "@nightshift/decide/backups/decide-restore";
import { heldBecause } from "@nightshift/decide/control";
import type { Approval, DatabaseSettings, StoredPlan } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { RestoreAsked, RestoreWorld } from "./settings.ts";

/** The plan that was approved, and the world as it is now. */
export async function seeRestore(world: RestoreWorld, { plan }: RestoreAsked, databases: readonly DatabaseSettings[]): Promise<RestoreFacts> {
  const stored = await world.plans.find(plan);
  const approval = await world.approvals.find(plan);
  const order = stored === undefined || approval === undefined ? undefined : approvedOrder(stored, approval);
  const database = databases.find(({ name }) => name === order?.of);
  const rows = order === undefined ? [] : (await world.backupBook.all(order.of)).toSorted((a, b) => a.scheduled - b.scheduled);
  const source = database?.instance === undefined ? undefined : await world.databases.instance(database.instance);
  const way = order === undefined || database === undefined ? undefined : wayOf(order, rows, database);
  const control = await world.control.read();
  const at = world.clock.now();
  return {
    at,
    plan,
    stored,
    approval,
    order,
    way,
    taken: way?.kind === "instance" && (await world.databases.instance(way.instance)) !== undefined,
    source:
      source === undefined
        ? undefined
        : {
            endpoint: source.endpoint,
            instanceClass: source.instanceClass,
            subnetGroup: source.subnetGroup,
            securityGroups: source.securityGroups,
            parameterGroup: source.parameterGroup,
          },
    heldBecause: order === undefined ? undefined : heldBecause(control, [order.of], at),
  };
}

/** The stored order, if it is the very one that was approved; anything else is nobody's order. */
function approvedOrder({ input, hash }: StoredPlan, { planHash }: Approval): RestoreOrder | undefined {
  const text = input["order"];
  if (typeof text !== "string" || guard("stored plan is the approved one", text !== planHash || hash !== planHash)) return undefined;
  return JSON.parse(text) as RestoreOrder; // Written by us under this very hash.
}
