import type { Incident } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import type { NotifierWorld } from "../notify.ts";

/** A message that stands in the fake Slack. */
export interface Posted {
  readonly channel: string;
  readonly thread: string | undefined;
  readonly key: string;
  text: string;
}

/** Slack, SNS and what was sent, kept in memory. Slack keeps what it got even when its answer is lost. */
export interface FakeTelling extends NotifierWorld {
  /** The ledger's incidents, by id. */
  readonly ledger: Map<string, Incident>;
  /** What stands in Slack, oldest first. */
  readonly slack: Posted[];
  readonly paged: { readonly subject: string; readonly text: string; readonly key: string }[];
  /** How often a message was changed, and looked for. */
  readonly did: { updates: number; finds: number };
  /** The next post under this key fails: before Slack got it, or after. */
  readonly loseOnce: Map<string, "before" | "after">;
  /** While set, Slack answers nothing but this. */
  down: Error | undefined;
}

/** A Slack that works, with nothing in it. */
export function fakeTelling(...incidents: readonly Incident[]): FakeTelling {
  const threads = new Map<string, { channel: string; ts: string }>();
  const states = new Map<string, "trying" | "sent">();
  const up = () => {
    if (fake.down !== undefined) throw fake.down;
  };
  const fake: FakeTelling = {
    ledger: new Map(incidents.map((incident) => [incident.id, incident])),
    slack: [],
    paged: [],
    did: { updates: 0, finds: 0 },
    loseOnce: new Map(),
    down: undefined,
    incidents: {
      open: async (incident) => void (fake.ledger.has(incident.id) || fake.ledger.set(incident.id, { ...incident, entries: [] })),
      say: async (id, entry) => {
        const row = fake.ledger.get(id);
        if (row !== undefined && !row.entries.some((one) => one.key === entry.key)) fake.ledger.set(id, { ...row, entries: [...row.entries, entry] });
      },
      settle: async (id, state, shown) => {
        const row = fake.ledger.get(id);
        if (row !== undefined) fake.ledger.set(id, { ...row, state, ...shown });
      },
      find: async (id) => fake.ledger.get(id),
      list: async (limit) => [...fake.ledger.values()].toReversed().slice(0, limit),
    },
    deliveries: {
      thread: async (incident) => threads.get(incident),
      setThread: async (incident, channel, ts) => void threads.set(incident, { channel, ts }),
      state: async (incident, entry) => states.get(`${incident}/${entry}`),
      mark: async (incident, entry, state) => void states.set(`${incident}/${entry}`, state),
    },
    chat: {
      post: async ({ channel, thread, text, key }) => {
        up();
        const lost = fake.loseOnce.get(key);
        fake.loseOnce.delete(key);
        if (lost !== "before") fake.slack.push({ channel, thread, key, text });
        if (lost !== undefined) throw new PortError("timeout", "slack:chat.postMessage", channel, "no answer");
        return `ts-${fake.slack.length}`;
      },
      update: async ({ ts, text }) => {
        up();
        fake.did.updates++;
        const found = fake.slack[Number(ts.slice(3)) - 1];
        if (found !== undefined) found.text = text;
      },
      find: async ({ channel, thread, key }) => {
        up();
        fake.did.finds++;
        const index = fake.slack.findIndex((one) => one.channel === channel && one.thread === thread && one.key === key);
        return index < 0 ? undefined : `ts-${index + 1}`;
      },
    },
    pages: { page: async (subject, text, key) => void fake.paged.push({ subject, text, key }) },
  };
  return fake;
}
