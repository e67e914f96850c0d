import type { Duty } from "@nightshift/decide/incidents/duties";
import { type Incident, type IncidentPolicy, type PersonOnFile, sayStamp } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { slackIdOf } from "./call.ts";
import type { Done, RoomWorld } from "./settings.ts";

/** Slack's limit for a channel's name. Source: "conversations.create", https://docs.slack.dev/reference/methods/conversations.create (2026-11-21). */
const LONGEST_NAME = 80;
/** Names that are tried: the first may be taken by an incident of the same day, or by our own try whose answer was lost. */
const NAMES = 4;

type Making = Pick<RoomWorld, "rooms">;

/** Makes the incident's own channel, with its links at the top. What fails is named and holds nothing up: the thread goes on. */
export async function makeRoom({ rooms }: Making, { incident, policy }: { readonly incident: Incident; readonly policy: IncidentPolicy }): Promise<Done> {
  const made = await create(rooms, channelName(incident));
  if (made.kind === "no-room") return made;
  const { channel } = made;
  const { dashboard, runbook } = policy.links[incident.service] ?? {};
  const parts: readonly (readonly [string, () => Promise<void>])[] = [
    ...(dashboard === undefined ? [] : [["dashboard", () => rooms.bookmark(channel, "Dashboard", dashboard)] as const]),
    ...(runbook === undefined ? [] : [["runbook", () => rooms.bookmark(channel, "Runbook", runbook)] as const]),
  ];
  const lacks: string[] = [];
  for (const [what, set] of parts) {
    try {
      await set();
    } catch (error) {
      // The channel stands: without its links it is still the room.
      if (!(error instanceof PortError)) throw error;
      lacks.push(`${what}: ${error.message}`);
    }
  }
  return { ...made, lacks };
}

/** Puts one piece into the channel. What cannot be put there is noted, and not tried for ever. */
export async function furnish(
  { rooms }: Making,
  { channel, piece }: Extract<Duty, { readonly kind: "furnish" }>,
  people: readonly PersonOnFile[],
): Promise<Done> {
  try {
    if ("pin" in piece) await rooms.pin(channel, piece.pin);
    else if ("topic" in piece) await rooms.topic(channel, piece.topic);
    else {
      const users = piece.invite.flatMap((person) => slackIdOf(person, people) ?? []);
      if (users.length > 0) await rooms.invite(channel, users);
    }
    return { kind: "furnished", lacks: undefined };
  } catch (error) {
    if (!(error instanceof PortError) || error.retryable) throw error;
    return { kind: "furnished", lacks: error.message };
  }
}

/** `inc-260316-shop-api-7204`: the day, the service, and the end of the incident's id; short enough for a sidebar, and the same whatever the title becomes. */
function channelName({ openedAt, service, id }: Pick<Incident, "openedAt" | "service" | "id">): string {
  const slug = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "");
  return `inc-${sayStamp(openedAt).slice(0, 6)}-${slug(service)}`.slice(0, LONGEST_NAME - 7).replace(/-+$/, "") + `-${slug(id.slice(-4))}`;
}

async function create(rooms: Making["rooms"], name: string): Promise<{ kind: "room"; channel: string; name: string } | { kind: "no-room"; because: string }> {
  for (let n = 1; n <= NAMES; n++) {
    const tried = n === 1 ? name : `${name}-${n}`;
    try {
      return { kind: "room", channel: await rooms.create(tried), name: tried };
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      // The notice does not wait for the channel, and neither does anything else: one try, and the thread goes on.
      if (error.kind !== "conflict") return { kind: "no-room", because: error.message };
    }
  }
  return { kind: "no-room", because: `${NAMES} channels are called ${name} already` };
}
