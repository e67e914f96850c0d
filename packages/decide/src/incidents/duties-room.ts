import type { Delivery, Incident, IncidentPolicy } from "@nightshift/model";
import { headersIn } from "../delivery/index.ts";
import { type Due, dueNow, type Duty, EVERYBODY, nothingDue, type RoomFacts, stands } from "./duties-words.ts";

/** A channel of its own for what is grave; the notice never waits for it (`facts/incidents.md` 7.2). */
export function openRoom(incident: Incident, policy: IncidentPolicy): Due {
  const wanted = policy.severities[incident.severity].room && incident.state !== "resolved" && policy.slack !== undefined;
  if (!wanted || incident.room !== undefined || stands(incident, "room")) return nothingDue;
  return dueNow({ kind: "room", key: "room" });
}

/** What belongs into the channel, piece by piece: who commands and who was called, the header at the top, the state in the topic. */
export function furnishRoom(incident: Incident, { deliveries }: RoomFacts): Due {
  const { room } = incident;
  if (room === undefined) return nothingDue;
  const pieces = [...invitation(incident), ...pin(incident, deliveries), topic(incident)];
  return dueNow(...pieces.filter(({ key }) => !stands(incident, key)).map((piece) => ({ kind: "furnish" as const, channel: room.channel, ...piece })));
}

type Piece = Omit<Extract<Duty, { readonly kind: "furnish" }>, "kind" | "channel">;

/** Everybody who has to do with it, once; whoever comes later is asked in with the next invitation. */
function invitation(incident: Incident): readonly Piece[] {
  const { pages, roles, entries } = incident;
  const wanted = new Set([...Object.values(roles), ...pages.flatMap(({ people }) => people)].filter((person) => person !== EVERYBODY));
  const people = [...wanted].filter((person) => !stands(incident, `invited/${person}`)).sort();
  if (people.length === 0) return [];
  const number = entries.filter(({ key }) => key.startsWith("invitation/")).length + 1;
  return [{ key: `invitation/${number}`, piece: { invite: people } }];
}

function pin({ room }: Incident, deliveries: readonly Delivery[]): readonly Piece[] {
  const header = headersIn("room", deliveries).findLast(({ state, channel }) => state === "sent" && channel === room?.channel);
  return header?.ts === undefined ? [] : [{ key: `pinned/${header.key}`, piece: { pin: header.ts } }];
}

/** Slack's limit for a topic is 250 characters. Source: "conversations.setTopic", https://docs.slack.dev/reference/methods/conversations.setTopic (2026-11-21). */
function topic({ service, severity, state, title, turns, id }: Incident): Piece {
  const text = `[${service}] [${severity}] ${state} · ${title} · ${id}`.slice(0, 250);
  return { key: `topic/${severity}-${state}-${turns.reopened + turns.unacked}`, piece: { topic: text } };
}
