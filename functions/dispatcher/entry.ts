import { EventError, parseEventText } from "@nightshift/events";
import { epochMs, type EpochMs, type GuardSettings, hours, type IncidentPolicy, sayStamp } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { atOnce, type Needs, takeAlarms, tellIncident } from "@nightshift/runtime";
import { carryOut, type DispatcherWorld } from "./carry-out.ts";
import { type Routed, type RoutedBesides, routeEvent } from "./route.ts";

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
export interface Dispatching extends RoutedBesides {
  readonly world: DispatcherWorld & Needs;
  readonly groups: readonly GuardSettings[];
  readonly policy: IncidentPolicy;
  readonly own: Own;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/** Events other than alarms that are carried out at a time. */
const AT_ONCE = 8;

/**
 * Reads each message of a batch once. Alarms are taken together, so that a storm costs few writes; everything else one by
 * one. What nobody can read goes to the dead-letter queue with the error and raises one notice per shape and hour; what
 * failed for now is left in the queue; nothing is dropped in silence.
 */
export async function dispatch(batch: QueueBatch, { world, groups, policy, workers = [], repositories = [], own, log }: Dispatching): Promise<BatchAnswer> {
  const read = batch.Records.map(({ messageId, body }): Read => ({ messageId, ...readOne(body, { groups, policy, workers, repositories, own }) }));
  const outcomes = new Map<string, Outcome>(read.map(({ messageId }) => [messageId, { did: [], failed: undefined }]));
  const note = (message: string, text: string) => outcomes.get(message)?.did.push(text);
  const fail = (message: string, error: unknown) => {
    const outcome = outcomes.get(message);
    if (outcome !== undefined) outcome.failed = error instanceof Error ? error.message : String(error);
  };

  const alarms = read.flatMap(({ messageId, routed }) => routed.flatMap((one) => (one.kind === "alarm" ? [{ message: messageId, ...one.alarm }] : [])));
  const took = await takeAlarms(world, alarms, { policy, groups, now: world.clock.now() });
  for (const { message, text } of took.did) note(message, text);
  for (const { message, error } of took.failed) fail(message, error);

  const others = read.flatMap(({ messageId, routed }) => routed.flatMap((one) => (one.kind === "alarm" ? [] : [{ messageId, one }])));
  const done = await atOnce(others, AT_ONCE, ({ one }) => carryOut(world, one));
  for (const [n, { messageId }] of others.entries()) {
    const outcome = done[n];
    if (outcome?.status === "fulfilled") note(messageId, outcome.value);
    else fail(messageId, outcome?.reason);
  }

  const told = new Set<string>();
  for (const { messageId, body, unreadable, broken } of read) {
    if (broken !== undefined) fail(messageId, broken);
    if (unreadable === undefined) continue;
    try {
      await keepUnreadable(world, { body, error: unreadable, told });
      note(messageId, `dead letter: ${unreadable.message}`);
    } catch (error) {
      fail(messageId, error);
    }
  }
  for (const [message, { did, failed }] of outcomes) log(failed === undefined ? { message, did } : { message, failed });
  return { batchItemFailures: [...outcomes].flatMap(([itemIdentifier, { failed }]) => (failed === undefined ? [] : [{ itemIdentifier }])) };
}

/** What became of one message. */
interface Outcome {
  readonly did: string[];
  failed: string | undefined;
}

/** One message, read. */
interface Read {
  readonly messageId: string;
  readonly body: string;
  readonly routed: readonly Routed[];
  readonly unreadable?: EventError;
  readonly broken?: unknown;
}

function readOne(body: string, { groups, policy, own, ...besides }: Pick<Dispatching, "groups" | "policy" | "own"> & RoutedBesides): Omit<Read, "messageId"> {
  try {
    const event = parseEventText(body);
    // The rules pin account and region already; this stands if a rule is ever widened by hand.
    if (guard("own account and region", event.account !== own.account || event.region !== own.region)) {
      const because = `an event of ${event.account} in ${event.region}, we watch ${own.account} in ${own.region}`;
      return { body, routed: [{ kind: "ignore", because }] };
    }
    return { body, routed: routeEvent(event, groups, policy, besides) };
  } catch (error) {
    // A bug of ours keeps its own message in the queue, and no other.
    return error instanceof EventError ? { body, routed: [], unreadable: error } : { body, routed: [], broken: error };
  }
}

async function keepUnreadable(
  world: DispatcherWorld & Needs,
  { body, error, told }: { readonly body: string; readonly error: EventError; readonly told: Set<string> },
): Promise<void> {
  if (guard("dead letter")) await world.deadLetters.send(body, error.message);
  const at = world.clock.now();
  // One telling per shape and hour: its id is the dedupe.
  const id = `INC-${hourOf(at)}-unreadable-${error.shape.replace(/[^A-Za-z0-9]+/g, "-").slice(0, 40)}`;
  if (told.has(id)) return;
  const title = "an event could not be read";
  const text = `An event could not be read and waits in the dead-letter queue. ${error.message}`;
  await tellIncident(world, {
    header: {
      id,
      group: "nightshift",
      service: "nightshift",
      severity: "P3",
      title,
      openedAt: at,
      by: "nightshift/dispatcher",
      standing: "needs-person",
      titled: false,
    },
    lines: [{ key: "unreadable", at, kind: "opened", announce: true, text }],
    automation: "dispatcher",
    station: "unreadable",
  });
  told.add(id);
}

/** `261121-0300`: the UTC hour, as every incident's id begins. */
const hourOf = (at: EpochMs): string => sayStamp(epochMs(at - (at % hours(1))));
