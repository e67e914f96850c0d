import { EventError, parseEventText } from "@nightshift/events";
import { epochMs, type EpochMs, type GuardSettings, hours, sayStamp } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { Needs } from "@nightshift/runtime";
import { carryOut, type DispatcherWorld } from "./carry-out.ts";
import { routeEvent } from "./route.ts";

/** The part of an SQS delivery that is read. */
export interface QueueBatch {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}
/** Which messages of the batch stay in the queue. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Whose events are believed. */
interface Own {
  readonly account: string;
  readonly region: string;
}

/** What the dispatcher works with. */
export interface Dispatching {
  readonly world: DispatcherWorld & Needs;
  readonly groups: readonly GuardSettings[];
  readonly own: Own;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/**
 * Reads each message of a batch once. What nobody can read goes to the dead-letter queue with the error and raises one
 * notice per shape and hour; what failed for now is left in the queue; nothing is dropped in silence.
 */
export async function dispatch(batch: QueueBatch, { world, groups, own, log }: Dispatching): Promise<BatchAnswer> {
  const failures: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of batch.Records) {
    try {
      log({ message: messageId, did: await one(body, { world, groups, own }) });
    } catch (error) {
      log({ message: messageId, failed: error instanceof Error ? error.message : String(error) });
      failures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures: failures };
}

async function one(body: string, { world, groups, own }: Omit<Dispatching, "log">): Promise<readonly string[]> {
  let event: ReturnType<typeof parseEventText>;
  try {
    event = parseEventText(body);
  } catch (error) {
    if (!(error instanceof EventError)) throw error;
    await unreadable(world, body, error);
    return [`dead letter: ${error.message}`];
  }
  // The rules pin account and region already; this stands if a rule is ever widened by hand.
  if (guard("own account and region", event.account !== own.account || event.region !== own.region))
    return [`ignored: an event of ${event.account} in ${event.region}, we watch ${own.account} in ${own.region}`];
  const did: string[] = [];
  for (const routed of routeEvent(event, groups)) did.push(await carryOut(world, routed));
  return did;
}

async function unreadable(world: DispatcherWorld & Needs, body: string, error: EventError): Promise<void> {
  if (guard("dead letter")) await world.deadLetters.send(body, error.message);
  const at = world.clock.now();
  const hour = hourOf(at);
  // One incident per shape and hour: its id is the dedupe.
  const id = `INC-${hour}-unreadable-${error.shape.replace(/[^A-Za-z0-9]+/g, "-").slice(0, 40)}`;
  await world.incidents.open({ id, service: "nightshift", severity: "P3", title: "an event could not be read", openedAt: at, state: "needs-person" });
  await world.incidents.say(id, {
    key: "unreadable",
    at,
    kind: "opened",
    announce: true,
    text: `An event could not be read and waits in the dead-letter queue. ${error.message}`,
  });
}

/** `261121-0300`: the UTC hour, as every incident's id begins. */
const hourOf = (at: EpochMs): string => sayStamp(epochMs(at - (at % hours(1))));
