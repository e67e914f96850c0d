import { HEARTBEAT } from "@nightshift/decide/delivery/index";
import { epochMs, type IncidentPolicy, type Ms } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import { beat, type Rendering, tellIncidents } from "@nightshift/runtime";
import { isBulletin, postBulletin } from "@nightshift/runtime/bulletin";
import type { TellNight } from "@nightshift/runtime/bulletin-card";
import type { manifest } from "./manifest.ts";

type Uses = (typeof manifest)["uses"][number];
/** The part of the world the notifier sees; where nothing is backed up, no book is needed. */
type NotifierWorld = Pick<World, Exclude<Uses, "backupBook">> & Partial<Pick<World, "backupBook">>;

/** The part of an SQS delivery that is read. */
export interface OutboxBatch {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** What came to nothing: SQS delivers it again after its visibility timeout, and holds its group back so long. */
export interface Failures {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** What one invocation is given. */
export interface Setting {
  readonly world: NotifierWorld;
  readonly policy: IncidentPolicy;
  /** What a good night is told with; absent: none is. */
  readonly tellNight?: TellNight;
  readonly render: Rendering;
  /** What is left of the invocation. */
  readonly remaining: Ms;
  pause(length: Ms): Promise<void>;
  ping(url: string): Promise<void>;
  log(line: Readonly<Record<string, unknown>>): void;
}

/** Room to write down how far we came, and to nudge, before Lambda ends us. */
const MARGIN = 2_500;

/**
 * Brings Slack up to date with every incident that the batch names; messages only say "look at this one", so ten of them are one look.
 * Each message that failed on our own side is named, and only it. Their order does not matter: whatever is looked at, all of it is told.
 */
export async function tellBatch({ Records: records }: OutboxBatch, setting: Setting): Promise<Failures> {
  const { world, policy, tellNight, render, remaining, pause, log } = setting;
  const named = records.map(({ messageId, body }) => ({ messageId, incident: incidentIn(body) }));
  const beats = named.filter(({ incident }) => incident === HEARTBEAT);
  const bulletins = new Set(named.flatMap(({ incident }) => (incident !== undefined && isBulletin(incident) ? [incident] : [])));
  const ids = named.map(({ incident }) => incident).filter((id) => id !== undefined && id !== HEARTBEAT && !bulletins.has(id));
  const until = epochMs(world.clock.now() + remaining - MARGIN);
  const failures = new Map(await tellIncidents(world, new Set(ids.filter((id) => id !== undefined)), { policy, render, pause, until, log }));
  // Never handed back: a bulletin that fails would hold up its whole channel, and the sweep asks for it again.
  for (const key of bulletins)
    await postBulletin(world, key, { policy, ...(tellNight === undefined ? {} : { tellNight }), pause, until, log }).catch((error: unknown) =>
      log({ level: "error", message: "a bulletin could not be posted", key, because: String(error) }),
    );
  if (beats.length > 0) await heart(setting).catch((error: unknown) => failures.set(HEARTBEAT, error));
  for (const [incident, error] of failures) log({ level: "error", message: "could not be told", incident, because: String(error) });
  const failed = named.filter(({ incident }) => incident === undefined || failures.has(incident));
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

const heart = ({ world, policy, ping, log }: Setting): Promise<void> =>
  beat(world, { product: policy.product, zone: policy.zone, slack: hasSlack(policy), url: policy.heartbeatUrl, ping, log });

const hasSlack = ({ channels }: IncidentPolicy): boolean =>
  channels.ops !== undefined || channels.incidents !== undefined || Object.keys(channels.byService).length > 0;

/** The incident that a message of the outbox names (`{"incident":"INC-…"}`); undefined when it names none: in the end that message is a dead letter. */
function incidentIn(body: string): string | undefined {
  try {
    const message: unknown = JSON.parse(body);
    const incident: unknown = typeof message === "object" && message !== null ? Reflect.get(message, "incident") : undefined;
    return typeof incident === "string" && incident !== "" ? incident : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
