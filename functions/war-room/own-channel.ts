import type { Duty } from "@nightshift/decide/incidents/duties";
import { type Incident, type IncidentPolicy, sayStamp } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { slackIdOf } from "./call.ts";
import type { Done, RoomWorld } from "./settings.ts";

/** Slack's limit for a channel's name. Source: "conversations.create", https://docs.slack.dev/reference/methods/conversations.create (2026-11-21). */
const LONGEST_NAME = 80;
/** Names that are tried: the first may be taken by an incident of the same day, or by our own try whose answer was lost. */
const NAMES = 4;

type Making = Pick<RoomWorld, "rooms">;

/** Makes the incident's own channel and brings in who runs it. What fails is named and holds nothing up: the thread goes on. */
export async function makeRoom(
  { rooms }: Making,
  { people }: Extract<Duty, { readonly kind: "room" }>,
  { incident, policy }: { readonly incident: Incident; readonly policy: IncidentPolicy },
): Promise<Done> {
  const made = await create(rooms, channelName(incident));
  if (made.kind === "no-room") return made;
  const { channel } = made;
  const users = people.flatMap((person) => slackIdOf(person, policy.people) ?? []);
  const { dashboard, runbook } = policy.links[incident.service] ?? {};
  const parts: readonly (readonly [string, () => Promise<void>])[] = [
    ...(users.length === 0 ? [] : [["invitations", () => rooms.invite(channel, users)] as const]),
    ["topic", () => rooms.topic(channel, `[${incident.service}] [${incident.severity}] ${incident.title} · ${incident.id}`.slice(0, 250))],
    ...(dashboard === undefined ? [] : [["dashboard", () => rooms.bookmark(channel, "Dashboard", dashboard)] as const]),
    ...(runbook === undefined ? [] : [["runbook", () => rooms.bookmark(channel, "Runbook", runbook)] as const]),
  ];
  const lacks: string[] = [];
  for (const [what, set] of parts) {
    try {
      await set();
    } catch (error) {
      // The channel stands: without its topic it is still the room.
      if (!(error instanceof PortError)) throw error;
      lacks.push(`${what}: ${error.message}`);
    }
  }
  return { ...made, lacks };
}

/** `inc-260316-shop-api-5xx-12-4`: lower case, digits and hyphens. */
function channelName({ openedAt, service, title }: Pick<Incident, "openedAt" | "service" | "title">): string {
  const slug = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "");
  return `inc-${sayStamp(openedAt).slice(0, 6)}-${slug(service)}-${slug(title)}`.slice(0, LONGEST_NAME - 2).replace(/-+$/, "");
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
