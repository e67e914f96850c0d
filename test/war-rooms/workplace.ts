import { always, defineNightshift, ecs, type NightshiftConfig, onAlarm } from "@nightshift/config";
import type { FaultPlan } from "@nightshift/lab/boundary/fault";
import { loadAdapters } from "@nightshift/lab/connections";
import type { Installed } from "@nightshift/lab/install";
import type { Recorded } from "@nightshift/lab/kernel";
import { beginScenario } from "@nightshift/lab/scenario/begin";
import { type Scenario, scenario } from "@nightshift/lab/scenario/scenario";
import type { Stage } from "@nightshift/lab/scenario/stage";
import type { SlackHttpAnswer } from "@nightshift/lab/serve/door";
import { buttonRequest, mentionRequest, type PersonRequest, type Sent, slashRequest } from "@nightshift/lab/slack/people";
import { textOf } from "@nightshift/lab/slack/read";
import { labSlack } from "@nightshift/lab/slack/state";
import { foldIncident } from "@nightshift/decide/incidents/fold";
import { type EpochMs, type Incident, type Ms, minutes, seconds, type Severity } from "@nightshift/model";
import type { World } from "@nightshift/ports";

/** The channel that all incidents go to. */
export const CHANNEL = "C0INCIDENTS";
/** People of the team, as Slack calls them. */
export const people = { ana: "U0ANA", ben: "U0BEN", cleo: "U0CLEO", boss: "U0BOSS" } as const;

/** The whole of Nightshift in a simulated account, and everything a person can do to it from Slack. */
export interface Workplace {
  readonly stage: Stage;
  readonly installed: Installed;
  readonly now: () => EpochMs;
  readonly pass: (length: Ms) => Promise<void>;
  /** Sends a request that was made beforehand through the door. */
  readonly deliver: (request: PersonRequest, headers?: Readonly<Record<string, string>>) => Promise<SlackHttpAnswer>;
  /** How requests are signed at this moment. */
  readonly sent: (over?: Partial<Sent>) => Sent;
  /** `/ops …` of a person in the incidents' channel, carried out; what only they were told meanwhile, newest last. */
  readonly ops: (user: string, text: string) => Promise<string>;
  /** The same in a thread: `@nightshift …`. */
  readonly mention: (user: string, text: string, thread: string) => Promise<string>;
  /** A button pressed on a message, carried out; what only they were told. */
  readonly press: (user: string, action: string, message: { readonly channel: string; readonly ts: string }) => Promise<string>;
  /** CloudWatch tells EventBridge that an alarm changed; its name begins with its service. */
  readonly ring: (alarm: string, value?: "ALARM" | "OK") => void;
  readonly ask: <T>(work: (world: World) => Promise<T>) => Promise<T>;
  /** Every incident as it stands, oldest first. */
  readonly incidents: () => Promise<readonly Incident[]>;
}

/** What is special about a workplace. */
export interface Setting {
  readonly config: (stage: Stage) => NightshiftConfig;
  readonly faults?: FaultPlan;
  readonly account?: Scenario["account"];
  readonly world?: Scenario["world"];
}

/** Opens a workplace on a Monday at three in the morning, UTC. */
export async function openWorkplace({ config, faults, account, world }: Setting): Promise<Workplace> {
  await loadAdapters();
  const story = scenario({
    ...{ name: "workplace", title: "a workplace", source: "tests", before: config, plot: () => {}, lasts: minutes(1) },
    expected: { verdict: "passed", toBlame: false, serves: {}, tells: [] },
    ...(account === undefined ? {} : { account }),
    ...(world === undefined ? {} : { world }),
  });
  const { stage, installed } = beginScenario(story, { seed: 1, ...(faults === undefined ? {} : { faults: () => faults }) });
  const { lab } = stage;
  const now = () => lab.clock.now();
  const sent: Workplace["sent"] = (over = {}) => ({ at: now(), secret: installed.slackDoor.signingSecret, ...over });
  const deliver: Workplace["deliver"] = ({ path, headers, bytes }, more = {}) =>
    lab.run(() => installed.slackDoor.deliver({ path, headers: { ...headers, ...more }, body: Buffer.from(bytes).toString("utf8") }));
  const carriedOut = async (user: string, make: () => PersonRequest): Promise<string> => {
    const before = whispers(stage, user).length;
    const answer = await deliver(make());
    if (answer.status !== 200) throw new Error(`the door answered ${answer.status}: ${answer.body}`);
    await lab.pass(CARRIED_OUT);
    return [answer.body, ...whispers(stage, user).slice(before)].join("\n");
  };
  return {
    ...{ stage, installed, now, sent, deliver },
    pass: (length) => lab.pass(length),
    ops: (user, text) => carriedOut(user, () => slashRequest(lab.slack, { user, channel: CHANNEL, text }, sent())),
    mention: (user, text, thread) => carriedOut(user, () => mentionRequest(lab.slack, { user, channel: CHANNEL, text, thread }, sent())),
    press: (user, action, message) => carriedOut(user, () => buttonRequest(lab.slack, { user, action, ...message }, sent())),
    ring: (alarm, value = "ALARM") => lab.kernel.emit(alarmEvent(stage, alarm, value)),
    ask: (work) => lab.run(() => work(installed.asPerson("test"))),
    incidents: () => lab.run(async () => (await installed.asPerson("test").incidents.list(100)).map(foldIncident).toSorted((a, b) => a.openedAt - b.openedAt)),
  };
}

/** By then a request has gone through the queue, was carried out, told, and its room was woken. */
const CARRIED_OUT = seconds(8);

/** What only this person was told, oldest first. */
const whispers = ({ lab }: Stage, user: string): readonly string[] =>
  lab.slack.channels.flatMap((channel) =>
    channel.messages
      .flatMap((one) => [one, ...one.replies])
      .filter((one) => one.only === user)
      .map(textOf),
  );

/** Services that do nothing but exist. */
const idle = (stage: Stage, names: readonly string[]): void =>
  void stage.product({ name: "idle", cluster: "idle", services: names.map((name) => ({ name, desired: 1 })) });

/** What a team of four configures over services that do nothing; alarms are called `SERVICE/…`. */
export const teamConfig = (
  names: readonly string[],
  severity: Severity,
  more: Omit<Partial<NightshiftConfig>, "services" | "incidents"> & {
    readonly alarms?: readonly ReturnType<typeof onAlarm>[];
    readonly services?: NightshiftConfig["services"];
  } = {},
): NightshiftConfig => {
  const { alarms = [], services = {}, ...rest } = more;
  return defineNightshift({
    product: "idle",
    mode: "shadow",
    channels: { incidents: CHANNEL },
    slack: { team: labSlack.team, app: labSlack.app },
    people: {
      ana: { slack: people.ana, roles: ["operator"] },
      ben: { slack: people.ben, roles: ["operator"] },
      cleo: { slack: people.cleo, roles: ["responder"] },
      boss: { slack: people.boss, roles: ["owner"] },
    },
    onCall: always(["ana"]),
    ...rest,
    incidents: { alarms: [...alarms, ...names.map((name) => onAlarm(`${name}/*`, { service: name, severity, role: "symptom" }))] },
    services: { ...Object.fromEntries(names.map((name) => [name, ecs({ cluster: "idle" })])), ...services },
  });
};

/** A workplace over idle services. */
export const openTeam = (names: readonly string[], severity: Severity, more: Parameters<typeof teamConfig>[2] & Pick<Setting, "faults"> = {}) => {
  const { faults, ...config } = more;
  return openWorkplace({
    config: (stage) => {
      idle(stage, names);
      return teamConfig(names, severity, config);
    },
    ...(faults === undefined ? {} : { faults }),
  });
};

/** As documented: "Alarm events and EventBridge", https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html (2026-11-21). */
function alarmEvent({ lab }: Stage, name: string, value: "ALARM" | "OK") {
  const { region, accountId } = lab.kernel;
  const stamp = (at: number) => new Date(at).toISOString().replace("Z", "+0000");
  const metric = { namespace: "Tests", name: "Trouble", dimensions: {} };
  return {
    source: "aws.cloudwatch",
    detailType: "CloudWatch Alarm State Change",
    resources: [`arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`],
    detail: {
      alarmName: name,
      configuration: { metrics: [{ id: "m1", returnData: true, metricStat: { metric, period: 60, stat: "Sum" } }] },
      previousState: { value: value === "ALARM" ? "OK" : "ALARM", reason: "as before", timestamp: stamp(lab.clock.now() - 60_000) },
      state: { value, reason: "Threshold Crossed: 1 datapoint", timestamp: stamp(lab.clock.now()) },
    },
  };
}

/** Messages of the incidents' channel in no thread, without what only one person saw. */
export const headersIn = ({ stage }: Workplace) =>
  (stage.lab.slack.channels.find((one) => one.id === CHANNEL)?.messages ?? []).filter((one) => one.only === undefined && one.user === labSlack.bot);

/** What a thread of ours says, reply by reply. */
export const repliesTo = (header: ReturnType<typeof headersIn>[number] | undefined): readonly string[] =>
  (header?.replies ?? []).filter((one) => one.only === undefined).map(textOf);

/** Calls of one function (or of anybody) that a service took. */
export const callsOf = ({ stage }: Workplace, service: string, operation: string, caller?: string): readonly (Recorded & { readonly kind: "call" })[] =>
  stage.lab.history.flatMap((line) =>
    line.kind === "call" && line.service === service && line.operation === operation && line.result === "ok" && (caller === undefined || line.caller === caller)
      ? [line]
      : [],
  );
