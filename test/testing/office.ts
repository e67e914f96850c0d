import { policyFixture } from "@nightshift/decide/incidents/policy.fixture";
import { guarded, identity, record, serviceState, settingsFor, T0 } from "@nightshift/decide/fixtures";
import {
  type Card,
  type DatabaseSettings,
  type EpochMs,
  epochMs,
  type GuardSettings,
  type IncidentPolicy,
  serviceDeploymentArn,
  type ServiceRevision,
  serviceRevisionArn,
  type ServiceState,
  type SlackRequest,
  type WorkerSettings,
} from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { withLedger } from "./ledger.ts";
import { carryOutBatch } from "../../functions/commands/entry.ts";
import type { CommandsWorld } from "../../functions/commands/verb.ts";
import * as backupVerbs from "../../functions/commands/verbs/of-backups.ts";

/** A team at work: the real ledger in memory, a shop in ECS, a Slack that remembers. Tests only. */
export interface Office {
  now: EpochMs;
  state: ServiceState;
  policy: IncidentPolicy;
  groups: readonly GuardSettings[];
  workers: readonly WorkerSettings[];
  databases: readonly DatabaseSettings[];
  readonly world: CommandsWorld;
  /** What people were answered, newest last, in words. */
  readonly answers: { readonly to: string; readonly says: string; readonly card: Card }[];
  readonly started: { readonly automation: string; readonly name: string; readonly input: unknown }[];
  readonly woken: string[];
  /** Services that the scaler was asked to look at. */
  readonly ticks: string[];
  readonly posted: { readonly channel: string; readonly key: string; readonly says: string }[];
  readonly paged: string[];
  /** Calls that change something, as `port.method`. */
  readonly writes: string[];
  readonly guests: Set<string>;
  readonly groupMembers: Map<string, readonly string[]>;
  /** Methods that fail at their next call, as `port.method`. */
  readonly failOnce: Set<string>;
  /** Slack's address for answers is dead. */
  responsesFail: boolean;
  /** One request in a message of its own (or in the one that is named); what the person was answered. */
  ask(request: Partial<SlackRequest> & { readonly text: string }, message?: string): Promise<string>;
  /** A slash command of ana, or of somebody else. */
  say(text: string, user?: string): Promise<string>;
  press(action: string, value: string, user?: string): Promise<string>;
}

/** When `shop-api:43` began to replace `:42`. */
const BEGAN = T0 - 90_000;
const reading =
  /^(find|list|read|describe|deployment|recentDeployments|revisions|tasks|standing|overrides|waiting|recent|all|last|pending|exists|now|user|groupMembers|whoAmI|state)$/;

/** Opens the office, with `shop-api:42` known to be good. */
export const office = (work: (it: Office) => Promise<void>): Promise<void> =>
  withLedger(async (ledger) => {
    let requests = 0;
    const parts = { ...ledger, ...production(() => it), ...slackOf(() => it) };
    const it: Office = {
      now: T0,
      state: serviceState("shop-api"),
      policy: policyFixture({
        people: [...policyFixture().people, { name: "rita", slack: "U0RITA", arn: undefined, roles: ["responder"], rolesFor: {} }],
      }),
      groups: [settingsFor(guarded("shop-api"))],
      workers: [],
      databases: [],
      world: watched(parts as CommandsWorld, () => it), // What commands never call is missing, so that calling it fails loudly.
      answers: [],
      started: [],
      woken: [],
      ticks: [],
      posted: [],
      paged: [],
      writes: [],
      guests: new Set(),
      groupMembers: new Map(),
      failOnce: new Set(),
      responsesFail: false,
      ask: async (request, message) => {
        requests += 1;
        const full: SlackRequest = { ...plain(it.now, requests), ...request };
        const before = it.answers.length;
        const batch = { Records: [{ messageId: message ?? `m-${requests}`, body: JSON.stringify(full) }] };
        await carryOutBatch(batch, {
          world: it.world,
          policy: it.policy,
          groups: it.groups,
          workers: it.workers,
          databases: it.databases,
          installed: "stage test",
          backupVerbs: async () => backupVerbs,
          people: it.world.directory,
          log: () => {},
        });
        return it.answers
          .slice(before)
          .filter((one) => one.to === full.responseUrl || !one.to.startsWith("https:"))
          .map((one) => one.says)
          .join("\n");
      },
      say: (text, user = "U0ANA") => it.ask({ text, asker: asker(user) }),
      press: (action, value, user = "U0ANA") => it.ask({ kind: "button", text: action, value, asker: asker(user) }),
    };
    for (const row of [record("shop-api", 42, "good"), record("shop-api", 43, "candidate"), record("shop-api", 41, "bad")]) await ledger.revisions.see(row);
    await work(it);
  });

/** Somebody of the team's workspace. */
export const asker = (user: string): SlackRequest["asker"] => ({ user, team: "T0SHOP", userTeam: "T0SHOP", app: "A0SHOP" });

const plain = (at: EpochMs, number: number): SlackRequest => ({
  key: `request-${number}`,
  kind: "slash",
  at: epochMs(at - 1_000 + number),
  asker: asker("U0ANA"),
  channel: "C0OPS",
  thread: undefined,
  message: undefined,
  text: "",
  value: undefined,
  fields: {},
  responseUrl: `https://hooks.example/${number}`,
});

const revision = (number: number): ServiceRevision => ({
  arn: serviceRevisionArn(`revision/${number}`),
  identity: identity("shop-api", number),
  createdAt: epochMs(T0 - (50 - number) * 86_400_000),
  labels: {},
});

function production(
  it: () => Office,
): Pick<CommandsWorld, "clock" | "services" | "taskDefinitions" | "images" | "metrics" | "alarms" | "starter" | "ticks" | "pages"> {
  const deployment = () => ({
    arn: it().state.currentDeployment ?? serviceDeploymentArn("none"),
    status: "SUCCESSFUL" as const,
    createdAt: epochMs(BEGAN),
    finishedAt: epochMs(BEGAN + 60_000),
    source: [serviceRevisionArn("revision/42")],
    target: serviceRevisionArn("revision/43"),
    rollback: undefined,
    circuitBreaker: undefined,
    alarms: undefined,
  });
  return {
    clock: { now: () => it().now },
    services: {
      describe: async () => [it().state],
      deployment: async () => deployment(),
      recentDeployments: async () => [deployment()],
      revisions: async (arns) =>
        [42, 43]
          .map(revision)
          .filter((one) => arns.includes(one.arn))
          .toSorted((a, b) => arns.indexOf(a.arn) - arns.indexOf(b.arn)),
      tasks: async () => [],
    },
    taskDefinitions: { describe: async (arn) => ({ arn, active: true, pinned: true }) },
    images: { exists: async () => true },
    alarms: { describe: async (names) => names.map((name) => ({ name, value: "OK", since: epochMs(T0 - 86_400_000), reason: "fine" })) },
    metrics: { read: async (queries) => queries.map(({ id }) => ({ id, points: [], complete: true })) },
    starter: {
      start: async (automation, name, input) => void (it().started.some((one) => one.name === name) || it().started.push({ automation, name, input })),
      wake: async (callback) => void it().woken.push(callback),
    },
    ticks: { now: async ({ service }) => void it().ticks.push(service), later: () => Promise.reject(new Error("commands do not wait")) },
    pages: { page: async ({ text }) => void it().paged.push(text) },
  };
}

function slackOf(it: () => Office): Pick<CommandsWorld, "replies" | "directory" | "chat"> {
  const answer = (to: string, card: Card) => void it().answers.push({ to, says: wordsOf(card), card });
  return {
    replies: {
      respond: async (url, card) => {
        if (it().responsesFail) throw new PortError("not-found", "slack:response_url", "the request", "expired");
        answer(url, card);
      },
      ephemeral: async (channel, user, card) => answer(`${channel}/${user}`, card),
    },
    directory: {
      user: async (id) => ({ id, team: "T0SHOP", guest: it().guests.has(id), bot: false, gone: false }),
      groupMembers: async (group) => it().groupMembers.get(group) ?? [],
      directMessage: async (user) => `D-${user}`,
      whoAmI: async () => ({ team: "T0SHOP", user: "U0BOT" }),
    },
    chat: {
      post: async ({ channel, key, card }) => String(it().posted.push({ channel, key, says: wordsOf(card) })),
      update: async () => {},
      find: async ({ channel, key }) => it().posted.find((one) => one.channel === channel && one.key === key)?.key,
    },
  };
}

/** Every text of a card, so that tests read what a person reads. */
function wordsOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(wordsOf).join(" ");
  if (typeof value !== "object" || value === null) return "";
  return Object.entries(value)
    .filter(([name]) => !["kind", "action", "value", "style", "confirm", "moment", "summary"].includes(name))
    .map(([, part]) => wordsOf(part))
    .join("\n");
}

/** Notes each call that changes something, and lets single calls fail. */
function watched(world: CommandsWorld, it: () => Office): CommandsWorld {
  const ports = Object.entries(world).map(([name, port]) => [
    name,
    new Proxy(port, {
      get: (target, method) => {
        const found: unknown = Reflect.get(target, method);
        if (typeof found !== "function" || typeof method !== "string") return found;
        return (...given: readonly unknown[]) => {
          const call = `${name}.${method}`;
          if (it().failOnce.delete(call)) return Promise.reject(new PortError("unavailable", call, "the test", "no answer"));
          if (!reading.test(method)) it().writes.push(call);
          return Reflect.apply(found, target, given) as unknown; // What the port's own method answers.
        };
      },
    }),
  ]);
  return Object.fromEntries(ports) as CommandsWorld; // The same ports under the same names.
}

/** The plan's id in an answer. */
export const planIn = (says: string): string => /approve (\S+),/.exec(says)?.[1] ?? "no plan";
