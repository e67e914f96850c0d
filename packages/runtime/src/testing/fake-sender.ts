import { policyFixture } from "@nightshift/decide/incidents/policy.fixture";
import { type Card, type Change, type Entry, type EpochMs, epochMs, type IncidentPolicy, type Opening, type Rich, seconds } from "@nightshift/model";
import { type NotifyHow, type Rendering, tellIncidents } from "../notify.ts";
import { type FakeTelling, Killed } from "./fake-telling.ts";

/** Cards that say in one line what the real ones say in many. */
export const plainRendering: Rendering = {
  header: (incident, _policy, { place }) =>
    card(`[${incident.service}] ${incident.severity} ${incident.state} · ${incident.title}${place === "room" ? " (room)" : ""}`),
  reply: (_incident, entries) => card(entries.map(({ text }) => text).join(" | ")),
  digest: (_incident, entries) => card(`while away: ${entries.map(({ text }) => text).join(" | ")}`),
};
const card = (summary: string): Card => ({ summary, parts: [] });

/** What a card says, in one line. */
export const said = ({ summary }: Card): string => textOf(summary);
const textOf = (rich: Rich): string => (typeof rich === "string" ? rich : rich.map((span) => (typeof span === "string" ? span : "")).join(""));

/** A policy as far as sending reads it: channels, and nothing else of it. */
export const sendingPolicy = (channels: IncidentPolicy["channels"]): IncidentPolicy => policyFixture({ channels });

/** How a fake world is told: 16 seconds an invocation. */
export const howOf = (fake: FakeTelling, policy = sendingPolicy({ ops: undefined, incidents: "C1", byService: {} })): NotifyHow => ({
  policy,
  render: plainRendering,
  pause: fake.pause,
  until: epochMs(fake.now + seconds(16)),
  log: () => undefined,
});

/** Hidden messages come back after this. */
const VISIBILITY = seconds(30);

/**
 * Works through the outbox as the queue and Lambda do: a batch of a group at a time, in order; a batch whose sender was killed or that
 * failed comes again after its visibility timeout. Ends when the queue is empty or at `until`.
 */
export async function drain(fake: FakeTelling, until: EpochMs, policy?: IncidentPolicy): Promise<void> {
  while (fake.nudges.length > 0 && fake.now < until) {
    const group = fake.nudges[0]?.channel;
    const batch = fake.nudges.filter(({ channel }) => channel === group).slice(0, 10);
    try {
      const failures = await tellIncidents(
        fake,
        batch.map(({ incident }) => incident),
        howOf(fake, policy),
      );
      for (const error of failures.values()) throw error;
      for (const done of batch) fake.nudges.splice(fake.nudges.indexOf(done), 1);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      await fake.pause(VISIBILITY);
    }
  }
}

/** An opening of the shop's API, a P2. */
export const openingOf = (id: string, over: Partial<Opening> = {}): Opening => ({
  id,
  group: "shop",
  service: "shop-api",
  severity: "P2",
  title: `trouble ${id}`,
  openedAt: epochMs(1_773_457_200_000),
  by: "alarms",
  ...over,
});

/** An announced line. */
export const lineOf = (key: string, at: EpochMs, change?: Change): Entry => ({
  key,
  at,
  kind: "seen",
  text: key,
  announce: true,
  ...(change === undefined ? {} : { change }),
});

/** The entry that lets the first notice go out; for the record only. */
export const announcedAt = (at: EpochMs): Entry => ({
  key: "announced",
  at,
  kind: "changed",
  text: "announced",
  announce: false,
  change: { what: "announced" },
});
