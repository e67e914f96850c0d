import { policyFixture } from "@nightshift/decide/incidents/policy.fixture";
import { mergeAlarms } from "@nightshift/decide/incidents/alarms";
import { createAccount, type LabAccount } from "@nightshift/lab/account";
import type { FaultPlan } from "@nightshift/lab/boundary/fault";
import {
  type AlarmMove,
  type Change,
  days,
  type Delivery,
  type Entry,
  type EpochMs,
  epochMs,
  type IncidentPolicy,
  minutes,
  type Severity,
  seconds,
} from "@nightshift/model";
import { PortError, type World } from "@nightshift/ports";
import { startRoom } from "@nightshift/runtime/incidents";
import { wakeRoom } from "@nightshift/runtime/wake";
import { type FakeIncidents, fakeIncidents } from "@nightshift/runtime/testing/fake-incidents";
import { roomHandler } from "../../functions/war-room/entry.ts";
import type { RoomWorld } from "../../functions/war-room/settings.ts";

export const ID = "INC-261102-1000-shop-api-7f3a";

/** A war room on the real durable SDK under the lab's clock, in a world that is kept in memory. */
export interface Stage {
  readonly account: LabAccount;
  readonly kept: FakeIncidents;
  readonly deliveries: Delivery[];
  /** What SNS took, and direct messages, oldest first. */
  readonly pages: { readonly at: number; readonly key: string; readonly resolved: boolean }[];
  readonly messages: { readonly at: number; readonly key: string; readonly channel: string; readonly ts: string }[];
  /** A port's method replaced, to make it fail or to see it called. */
  readonly instead: Partial<Record<string, (...input: never[]) => Promise<unknown>>>;
  /** Seconds since the opening. */
  readonly now: () => number;
  /** Lets a person or an automation speak so many seconds after the opening; `quietly`: nobody is woken. */
  readonly says: (atSeconds: number, change: Change, quietly?: "quietly") => void;
  readonly rings: (atSeconds: number, name: string, value: AlarmMove["value"], severity?: Severity) => void;
  /** Plays to so many seconds after the opening. */
  readonly until: (atSeconds: number) => Promise<void>;
  /** Second and key of the entries whose key begins like this, in order. */
  readonly said: (...starts: readonly string[]) => readonly (readonly [number, string])[];
}

/** How a stage is set. */
export interface Setting {
  readonly severity: Severity;
  readonly policy?: IncidentPolicy;
  readonly faults?: FaultPlan;
  readonly operations?: number;
  /** Slack takes nothing. */
  readonly slackDown?: true;
}

/** Opens an incident at the lab's first moment, and starts its room. */
export async function stage({ severity, policy = policyFixture(), faults, operations, slackDown }: Setting): Promise<Stage> {
  const account = createAccount({ seed: 1, ...(faults === undefined ? {} : { faults: () => faults }) });
  const openedAt = account.clock.now();
  const kept = fakeIncidents();
  const now = () => (account.clock.now() - openedAt) / 1_000;
  const deliveries: Delivery[] = [];
  const on = { account, kept, deliveries, pages: [], messages: [], instead: {}, now };
  const world = worldOf(on);
  account.lambda.register({
    name: "war-room",
    kind: "durable",
    timeout: minutes(2),
    executionTimeout: days(30),
    handler: ({ durable }) => {
      const handler = roomHandler({
        world: () => behind(account, world, on.instead),
        policy,
        groups: [],
        engine: durable,
        ...(operations === undefined ? {} : { operations }),
      });
      return (event, context) => handler(event as never, context as never); // The SDK's own event type; the engine made it.
    },
  });
  await kept.incidents.open({ id: ID, group: "shop", service: "shop-api", severity, title: "5xx 12 %", openedAt, by: "alarms" });
  if (slackDown === undefined)
    account.clock.in(seconds(1), () => {
      deliveries.push({
        key: "header",
        state: "sent",
        channel: "C0INC",
        thread: undefined,
        covers: [],
        ts: "1.1",
        shown: "x",
        startedAt: account.clock.now(),
        tries: 1,
      });
    });
  await startRoom(world, ID);
  return { ...on, ...scriptOf(on, { world, openedAt }) };
}

/** What may happen to the incident, and what is seen of it. */
function scriptOf(
  { account, kept }: Kept,
  { world, openedAt }: { readonly world: RoomWorld; readonly openedAt: EpochMs },
): Pick<Stage, "says" | "rings" | "until" | "said"> {
  const atSecond = (n: number) => epochMs(openedAt + n * 1_000);
  const speak = async (entry: Entry, wakes: boolean) => {
    await kept.incidents.say(ID, entry);
    if (wakes) await wakeRoom(world, ID);
  };
  return {
    says: (at, change, quietly) =>
      account.clock.in(seconds(at), () => {
        const entry: Entry = {
          key: `${change.what}/${at}`,
          at: atSecond(at),
          kind: "changed",
          text: change.what,
          announce: true,
          actor: "slack/U0ANA ana",
          change,
        };
        void speak(entry, quietly === undefined);
      }),
    rings: (at, name, value, worst = "P3") =>
      account.clock.in(seconds(at), () => {
        const move: AlarmMove = { name, service: "shop-api", value, at: atSecond(at), reason: "it says so", severity: worst, role: "symptom" };
        const shard = kept.shards.get(`${ID}/0`);
        kept.shards.set(`${ID}/0`, { version: (shard?.version ?? 0) + 1, alarms: mergeAlarms(shard?.alarms ?? [], [move]) });
        void wakeRoom(world, ID);
      }),
    until: (at) => account.runUntil(atSecond(at)),
    said: (...starts) =>
      [...(kept.said.get(ID)?.values() ?? [])]
        .filter(({ key }) => starts.some((one) => key.startsWith(one)))
        .map(({ at, key }) => [(at - openedAt) / 1_000, key] as const),
  };
}

type Kept = Pick<Stage, "account" | "kept" | "deliveries" | "pages" | "messages" | "now">;
const unused = () => Promise.reject(new Error("not asked here"));

function worldOf({ account, kept, deliveries, pages, messages, now }: Kept): RoomWorld {
  const clock = { now: (): EpochMs => account.clock.now() };
  const telling: Pick<World, "chat" | "pages" | "directory" | "rooms" | "files" | "deliveries"> = {
    chat: {
      post: async ({ channel, key }) => {
        const ts = `${account.clock.now()}`;
        messages.push({ at: now(), key, channel, ts });
        return ts;
      },
      update: unused,
      find: async ({ channel, key }) => messages.find((one) => one.channel === channel && one.key === key)?.ts,
    },
    pages: { page: async ({ key, resolved }) => void pages.push({ at: now(), key, resolved: resolved === true }) },
    directory: { groupMembers: async () => ["U0ANA"], user: unused, directMessage: async (user) => `D-${user}`, whoAmI: unused },
    rooms: { create: async (name) => `C-${name}`, invite: async () => {}, topic: async () => {}, bookmark: async () => {}, pin: async () => {} },
    files: { upload: unused },
    deliveries: { all: async () => [...deliveries], begin: unused, settle: unused },
  };
  const reading = { services: {}, taskDefinitions: {}, metrics: {}, logs: {}, charts: {}, revisions: {}, signals: {}, control: {}, audit: {}, scalingBook: {} };
  // Nothing of these is read without a service in the config, and none is configured here.
  const unread = reading as unknown as Pick<World, keyof typeof reading>;
  return {
    ...kept,
    ...unread,
    ...telling,
    clock,
    onCall: { override: unused, overrides: async () => [] },
    approvals: { ask: unused, find: unused, answer: unused, pending: async () => [] },
    evidence: { save: async (key) => ({ key, sha256: "00" }), savePicture: unused, picture: unused },
    starter: {
      start: async (automation, name, input) => {
        account.lambda.handle("Invoke", {
          FunctionName: `${automation}:1`,
          InvocationType: "Event",
          DurableExecutionName: name,
          Payload: JSON.stringify(input),
        });
      },
      wake: async (callback) => {
        try {
          account.lambda.handle("SendDurableExecutionCallbackSuccess", { CallbackId: callback });
        } catch {
          // A wait that is over is woken no more.
        }
      },
    },
  };
}

/** Every call of the room passes the lab's boundary, where the sandbox may die before or after it, and answers may be lost. */
function behind(account: LabAccount, world: RoomWorld, instead: Stage["instead"]): RoomWorld {
  const guarded = (port: string, methods: object): object =>
    Object.fromEntries(
      Object.entries(methods).map(([method, call]) => [
        method,
        async (...input: unknown[]) => {
          const operation = `${port}.${method}`;
          // Only functions of a port come here, called with what the room gave.
          const carry = (instead[operation] ?? call) as (...all: unknown[]) => Promise<unknown>;
          try {
            return await account.boundary.effect({ service: "dynamodb", operation, input: {}, caller: "war-room", mutating: true }, () => carry(...input));
          } catch (error) {
            if (error instanceof PortError || error instanceof TypeError) throw error;
            throw new PortError("unavailable", operation, ID, error instanceof Error ? error.message : String(error), error);
          }
        },
      ]),
    );
  const { clock, ...ports } = world;
  const all = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, typeof port === "object" ? guarded(name, port) : port]));
  return { ...all, clock } as unknown as RoomWorld; // The same ports under the same names, each call wrapped.
}
