import { freshBudget } from "@nightshift/decide/delivery/index";
import { type Card, type Delivery, type Entry, type EpochMs, epochMs, type IncidentRecord, type Ms, type Opening, type SendBudget } from "@nightshift/model";
import { PortError, type World } from "@nightshift/ports";
import type { HeartWorld, NotifierWorld } from "../notify.ts";

/** A message that stands in the fake Slack. */
export interface Posted {
  readonly channel: string;
  readonly thread: string | undefined;
  readonly key: string;
  readonly ts: string;
  readonly at: EpochMs;
  readonly broadcast: boolean;
  card: Card;
  deleted: boolean;
}

/** What may become of one call to Slack. `applied`: it was done, and the answer is the error all the same. */
export interface Trouble {
  readonly error: Error;
  readonly applied?: boolean;
  /** How long until the error comes; absent: as long as an answer takes. */
  readonly after?: Ms;
}

/** The sender was killed: nothing of it runs on, nobody is told. */
export class Killed extends Error {
  override readonly name = "Killed";
}

/** A call to Slack, as the fake's own history keeps it. */
export interface SlackCall {
  readonly method: "post" | "update" | "find";
  readonly on: string;
  readonly key: string;
  readonly at: EpochMs;
}

/** Ledger, queue, Slack and SNS in memory, under a clock that only they and `pause` move. Slack keeps what it got even when its answer is lost. */
export interface FakeTelling extends NotifierWorld, HeartWorld, Pick<World, "silences" | "onCall"> {
  readonly records: Map<string, IncidentRecord>;
  /** What stands in Slack, oldest first. */
  readonly slack: Posted[];
  readonly paged: Parameters<NotifierWorld["pages"]["page"]>[0][];
  /** What is in the outbox queue: one of an occasion in five minutes. */
  readonly nudges: { readonly channel: string; readonly incident: string; readonly occasion: string }[];
  readonly calls: SlackCall[];
  readonly rows: Map<string, Delivery>;
  readonly budgetRows: Map<string, SendBudget>;
  beats: { at: EpochMs; slackAt: EpochMs | undefined } | undefined;
  /** Asked before each call to Slack. */
  trouble: (call: SlackCall) => Trouble | undefined;
  /** Asked before each page. */
  pageTrouble: Error | undefined;
  now: EpochMs;
  pause(length: Ms): Promise<void>;
}

/** A Slack that works, with nothing in it. Each of its calls takes 150 ms. */
export function fakeTelling(...openings: readonly Opening[]): FakeTelling {
  const fake: FakeTelling = {
    records: new Map(openings.map((opening) => [opening.id, { opening, entries: [], alarms: [] }])),
    slack: [],
    paged: [],
    nudges: [],
    calls: [],
    rows: new Map(),
    budgetRows: new Map(),
    beats: undefined,
    trouble: () => undefined,
    pageTrouble: undefined,
    now: epochMs(1_773_457_200_000),
    clock: { now: () => fake.now },
    pause: async (length) => {
      fake.now = epochMs(fake.now + length);
    },
    // Nobody silenced anything, and nobody stands in for anybody.
    silences: { add: async () => {}, end: async () => false, standing: async () => [], keep: async () => {}, kept: async () => [], settle: async () => {} },
    onCall: { override: async () => {}, overrides: async () => [] },
    incidents: incidentsOf(() => fake),
    deliveries: deliveriesOf(() => fake),
    budgets: {
      read: async (scope) => fake.budgetRows.get(scope) ?? freshBudget(scope),
      replace: async (next) => {
        if ((fake.budgetRows.get(next.scope)?.version ?? 0) !== next.version - 1) return false;
        fake.budgetRows.set(next.scope, next);
        return true;
      },
    },
    outbox: outboxOf(() => fake),
    chat: chatOf(() => fake),
    pages: {
      page: async (page) => {
        if (fake.pageTrouble !== undefined) throw fake.pageTrouble;
        fake.paged.push(page);
      },
    },
    heartbeats: {
      beat: async (at) => {
        fake.beats = { at, slackAt: fake.beats?.slackAt };
      },
      last: async () => fake.beats,
      answered: async (at) => {
        fake.beats = { at: fake.beats?.at ?? at, slackAt: at };
      },
    },
    directory: {
      groupMembers: async () => [],
      user: async (id) => ({ id, team: "T1", guest: false, bot: false, gone: false }),
      directMessage: async (user) => `D-${user}`,
      whoAmI: async () => {
        const trouble = fake.trouble({ method: "find", on: "auth", key: "auth", at: fake.now });
        if (trouble !== undefined) throw trouble.error;
        return { team: "T1", user: "U1" };
      },
    },
  };
  return fake;
}

const incidentsOf = (fake: () => FakeTelling): NotifierWorld["incidents"] => ({
  open: async (opening) => void (fake().records.has(opening.id) || fake().records.set(opening.id, { opening, entries: [], alarms: [] })),
  say: async (id, entry) => say(fake(), id, entry),
  find: async (id) => fake().records.get(id),
  list: async (limit, { before } = {}) =>
    [...fake().records.values()]
      .filter(({ opening }) => before === undefined || opening.id < before)
      .toReversed()
      .slice(0, limit),
});

/** Adds an entry once a key. */
export function say(fake: FakeTelling, id: string, entry: Entry): boolean {
  const record = fake.records.get(id);
  if (record === undefined || record.entries.some(({ key }) => key === entry.key)) return false;
  fake.records.set(id, { ...record, entries: [...record.entries, entry] });
  return true;
}

const deliveriesOf = (fake: () => FakeTelling): NotifierWorld["deliveries"] => ({
  all: async (incident) => [...fake().rows].filter(([key]) => key.startsWith(`${incident}/`)).map(([, row]) => row),
  begin: async (incident, delivery) => {
    const row = fake().rows.get(`${incident}/${delivery.key}`);
    if (row !== undefined && (row.state === "sent" || row.tries !== delivery.tries - 1)) return false;
    fake().rows.set(`${incident}/${delivery.key}`, delivery);
    return true;
  },
  settle: async (incident, key, how) => {
    const row = fake().rows.get(`${incident}/${key}`);
    if (row === undefined) throw new PortError("not-found", "deliveries:settle", key, "nobody began it");
    if (row.tries !== how.tries) return;
    fake().rows.set(`${incident}/${key}`, { ...row, state: how.state, ts: how.ts ?? row.ts, shown: how.shown ?? row.shown });
  },
});

const DEDUPE = 300_000;

function outboxOf(fake: () => FakeTelling): NotifierWorld["outbox"] {
  const seen = new Map<string, EpochMs>();
  return {
    nudge: async (channel, incident, occasion) => {
      const { now, nudges } = fake();
      const name = `${channel} ${incident} ${occasion}`;
      const before = seen.get(name);
      if (before !== undefined && now - before < DEDUPE) return;
      seen.set(name, now);
      nudges.push({ channel, incident, occasion });
    },
  };
}

const ANSWER = 150;

function chatOf(fake: () => FakeTelling): NotifierWorld["chat"] {
  const call = <T>(method: SlackCall["method"], on: string, key: string, work: () => T): T => {
    const made: SlackCall = { method, on, key, at: fake().now };
    fake().calls.push(made);
    const trouble = fake().trouble(made);
    fake().now = epochMs(fake().now + (trouble?.after ?? ANSWER));
    if (trouble === undefined) return work();
    if (trouble.applied === true) work();
    throw trouble.error;
  };
  const standing = (channel: string, ts: string) => fake().slack.find((one) => one.channel === channel && one.ts === ts && !one.deleted);
  return {
    post: async ({ channel, thread, card, key, broadcast }) =>
      call("post", channel, key, () => {
        if (thread !== undefined && standing(channel, thread) === undefined)
          throw new PortError("not-found", "slack:chat.postMessage", channel, "thread_not_found: somebody deleted it");
        const ts = `ts-${fake().slack.length + 1}`;
        fake().slack.push({ channel, thread, key, card, ts, at: fake().now, broadcast: broadcast === true, deleted: false });
        return ts;
      }),
    update: async ({ channel, ts, card }) =>
      call("update", channel, ts, () => {
        const found = standing(channel, ts);
        if (found === undefined) throw new PortError("not-found", "slack:chat.update", channel, "message_not_found: somebody deleted it");
        found.card = card;
      }),
    find: async ({ channel, thread, key }) =>
      call("find", channel, key, () => fake().slack.find((one) => one.channel === channel && one.thread === thread && one.key === key && !one.deleted)?.ts),
  };
}
