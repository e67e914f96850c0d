import { HEARTBEAT, queueGroupOf } from "@nightshift/decide/delivery/index";
import type { IncidentPolicy } from "@nightshift/model";
import { keyPrefixes } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import { eachOf } from "@nightshift/runtime";

/** The part of the world the relay sees. */
export type RelayWorld = Pick<World, "incidents" | "outbox">;

/** The part of a DynamoDB stream delivery that is read (AttributeValue form). */
export interface StreamBatch {
  readonly Records: readonly {
    readonly eventName?: string;
    readonly dynamodb?: {
      readonly SequenceNumber?: string;
      readonly Keys?: { readonly pk?: { readonly S?: string }; readonly sk?: { readonly S?: string } };
    };
  }[];
}

/** Alarms alone tell nobody anything: the war room says in words what they amount to, and that is an entry. */
const ALARMS = "ALARMS#";

/**
 * Puts every incident that the batch touched into the queue of its channel, once, and a heartbeat into its own. The occasion is the newest
 * record's number: a batch that the stream delivers again nudges nobody twice. A failure makes the stream deliver again.
 */
export async function relayBatch(batch: StreamBatch, { world, policy }: { world: RelayWorld; policy: IncidentPolicy }): Promise<void> {
  const touched = new Map<string, string>();
  let heartbeat: string | undefined;
  for (const { eventName, dynamodb } of batch.Records) {
    const pk = dynamodb?.Keys?.pk?.S;
    const occasion = dynamodb?.SequenceNumber;
    if (eventName === "REMOVE" || pk === undefined || occasion === undefined) continue;
    if (pk === keyPrefixes.heartbeat) heartbeat = occasion;
    if (pk.startsWith(keyPrefixes.incident) && dynamodb?.Keys?.sk?.S?.startsWith(ALARMS) !== true) touched.set(pk.slice(keyPrefixes.incident.length), occasion);
  }
  await eachOf(touched, ([id, occasion]) => nudge(world, policy, { id, occasion }));
  if (heartbeat !== undefined) await world.outbox.nudge(HEARTBEAT, HEARTBEAT, heartbeat);
}

async function nudge({ incidents, outbox }: RelayWorld, policy: IncidentPolicy, { id, occasion }: { id: string; occasion: string }): Promise<void> {
  const record = await incidents.find(id);
  // An entry whose opening is still to come is told with the opening.
  if (record === undefined) return;
  await outbox.nudge(queueGroupOf(record.opening, policy), record.opening.id, occasion);
}
