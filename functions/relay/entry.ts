import { HEARTBEAT, queueGroupOf } from "@nightshift/decide/delivery/index";
import type { IncidentPolicy } from "@nightshift/model";
import { keyPrefixes } from "@nightshift/model";
import { PortError, type World } from "@nightshift/ports";
import { eachOf, jsonLog } from "@nightshift/runtime";

/** The part of the world the relay sees. */
type RelayWorld = Pick<World, "incidents" | "outbox">;

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

interface Relaying {
  readonly world: RelayWorld;
  readonly policy: IncidentPolicy;
  readonly log?: typeof jsonLog;
}

/** Alarms alone tell nobody anything: the war room says in words what they amount to, and that is an entry. */
const ALARMS = "ALARMS#";

/**
 * Puts every incident that the batch touched into the queue of its channel, once, and a heartbeat into its own. The occasion is the newest
 * record's number: a batch that the stream delivers again nudges nobody twice. A failure makes the stream deliver again;
 * one that would fail every time is logged instead, so that it keeps nobody else's news back.
 */
export async function relayBatch(batch: StreamBatch, { world, policy, log = jsonLog }: Relaying): Promise<void> {
  const touched = new Map<string, string>();
  let heartbeat: string | undefined;
  for (const { eventName, dynamodb } of batch.Records) {
    const pk = dynamodb?.Keys?.pk?.S;
    const occasion = dynamodb?.SequenceNumber;
    if (eventName === "REMOVE" || pk === undefined || occasion === undefined) continue;
    if (pk === keyPrefixes.heartbeat) heartbeat = occasion;
    if (pk.startsWith(keyPrefixes.incident) && dynamodb?.Keys?.sk?.S?.startsWith(ALARMS) !== true) touched.set(pk.slice(keyPrefixes.incident.length), occasion);
  }
  await eachOf(touched, ([id, occasion]) => unlessUnreadable(() => nudge(world, policy, { id, occasion }), { id, log }));
  if (heartbeat !== undefined) await world.outbox.nudge(HEARTBEAT, HEARTBEAT, heartbeat);
}

/** What a newer release wrote, or somebody spoiled: the sweep logs it every five minutes, and whoever reads it again nudges it. */
async function unlessUnreadable(work: () => Promise<void>, { id, log }: { readonly id: string; readonly log: typeof jsonLog }): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof PortError && error.kind === "invalid" && error.operation.startsWith("ledger:"))) throw error;
    log({ level: "error", message: "an incident cannot be read by this release, and is not told", incident: id, because: error.message });
  }
}

async function nudge({ incidents, outbox }: RelayWorld, policy: IncidentPolicy, { id, occasion }: { id: string; occasion: string }): Promise<void> {
  const record = await incidents.find(id);
  // An entry whose opening is still to come is told with the opening.
  if (record === undefined) return;
  await outbox.nudge(queueGroupOf(record.opening, policy), record.opening.id, occasion);
}
