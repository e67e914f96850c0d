import type { FaultPlan } from "@nightshift/lab/boundary/fault";
import { linesOf } from "@nightshift/lab/slack/read";
import type { LabAccount } from "@nightshift/lab";
import { type Entry, minutes, ms, seconds } from "@nightshift/model";
import { openIncident } from "@nightshift/runtime";
import { asSeconds, channelMessages, type Figure } from "../measure.ts";
import { type Bench, openBench, serviceNames } from "../stage.ts";

const INCIDENTS = 20;
const EACH = 50;
const SHARE = 0.4;

/**
 * A thousand notices in twenty threads while four of ten calls to Slack go wrong: refused with and without a delay, refused in JSON, 5xx,
 * a page in place of JSON, done but unanswered, hanging, and the sender killed before and after.
 */
export async function faultMix(seed: number): Promise<readonly Figure[]> {
  let calm = true;
  const bench = await openBench({
    seed,
    services: INCIDENTS,
    severity: "P3",
    faults: (random) => senderFaults(random, () => calm),
    channelsByService: true,
  });
  const random = bench.lab.kernel.random("slack trouble");
  bench.lab.slack.trouble = (_method, carryOut) => (calm ? undefined : troubleOf(random(), carryOut));
  const ids = await openAll(bench);
  await bench.pass(minutes(2));
  calm = false;
  for (let n = 0; n < EACH; n++) {
    await bench.lab.run(async () => {
      const { incidents } = bench.installed.asPerson("bench");
      for (const id of ids) await incidents.say(id, noticeOf(id, n, bench.now()));
    });
    await bench.pass(seconds(20));
  }
  await bench.pass(minutes(20));
  calm = true;
  await bench.pass(minutes(20));
  const told = ids.map((id) => noticesIn(bench.lab, id));
  return [
    { what: `${INCIDENTS * EACH} notices, ${SHARE * 100} % of calls go wrong: calls that went wrong`, value: troubles(bench.lab), atLeast: 100 },
    { what: "fault mix: notices lost", value: told.reduce((total, all) => total + (EACH - new Set(all).size), 0), atMost: 0 },
    { what: "fault mix: notices told twice", value: told.reduce((total, all) => total + (all.length - new Set(all).size), 0), atMost: 0 },
    { what: "fault mix: threads out of order", value: told.filter((all) => all.some((n, at) => at > 0 && n < (all[at - 1] ?? 0))).length, atMost: 0 },
    { what: "fault mix: first messages", value: headersOf(bench.lab), atLeast: INCIDENTS, atMost: INCIDENTS },
  ];
}

/** Slack does not answer for twenty minutes while a P1 begins: SNS within a minute, and one message with all of it when Slack is back. */
export async function slackAway(seed: number): Promise<readonly Figure[]> {
  const bench = await openBench({ seed, services: 1, severity: "P1" });
  bench.lab.slack.down = true;
  const began = bench.now();
  bench.ring("svc-01", "down");
  await bench.pass(minutes(20));
  const paged = bench.lab.sns.published.filter((one) => one.at >= began);
  const first = Math.min(...paged.map((one) => one.at - began));
  bench.lab.slack.down = false;
  await bench.pass(minutes(3));
  const [header] = channelMessages(bench.lab);
  const digests = (header?.replies ?? []).filter((reply) => linesOf(reply).some((line) => /Slack was away|while Slack/i.test(line)));
  return [
    { what: "Slack away for 20 min during a P1: SNS after", value: asSeconds(first), atMost: 60, unit: "s" },
    { what: "Slack back: first messages", value: channelMessages(bench.lab).length, atLeast: 1, atMost: 1 },
    { what: "Slack back: digests", value: digests.length, atLeast: 1, atMost: 1 },
    { what: "Slack back: replies in 3 min, the digest among them", value: header?.replies.length ?? Number.NaN, atMost: 4 },
  ];
}

/** One incident a service, announced. */
async function openAll(bench: Bench): Promise<readonly string[]> {
  const world = bench.installed.asPerson("bench");
  return bench.lab.run(async () => {
    const ids: string[] = [];
    for (const service of serviceNames(INCIDENTS)) {
      const opening = {
        id: `INC-${service}`,
        group: service,
        service,
        severity: "P3",
        title: `trouble with ${service}`,
        openedAt: bench.now(),
        by: "bench",
      } as const;
      const { id } = await openIncident(world, opening);
      await world.incidents.say(id, { key: "announced", at: bench.now(), kind: "opened", text: "It begins.", announce: true, change: { what: "announced" } });
      ids.push(id);
    }
    return ids;
  });
}

const noticeOf = (id: string, n: number, at: Entry["at"]): Entry => ({
  key: `notice/${String(n).padStart(3, "0")}`,
  at,
  kind: "note",
  text: `notice ${n} of ${id}.`,
  announce: true,
});

const messagesOf = (lab: LabAccount) => lab.slack.channels.flatMap((channel) => channel.messages);
const headersOf = (lab: LabAccount): number => messagesOf(lab).filter((message) => linesOf(message).some((line) => line.includes("trouble with"))).length;

/** Numbers of the notices that stand in the thread of one incident, as often and in the order in which they do. */
const noticesIn = (lab: LabAccount, id: string): readonly number[] =>
  messagesOf(lab)
    .flatMap((message) => message.replies)
    .flatMap((reply) => [
      ...linesOf(reply)
        .join("\n")
        .matchAll(/notice (\d+) of (INC-svc-\d+)\./g),
    ])
    .filter(([, , of]) => of === id)
    .map(([, n]) => Number(n));

/** Of every ten calls to Slack two meet the boundary's faults, the rest of the share Slack's own. */
const senderFaults =
  (random: () => number, calm: () => boolean): FaultPlan =>
  ({ name, caller }): ReturnType<FaultPlan> => {
    if (calm() || caller !== "notifier" || !name.startsWith("slack:")) return { kind: "none" };
    const chance = random();
    if (chance < 0.04) return { kind: "crash-before" };
    if (chance < 0.08) return { kind: "crash-after" };
    if (chance < 0.13) return { kind: "timeout-after" };
    if (chance < 0.17) return { kind: "slow", by: ms(6_000) };
    return { kind: "none" };
  };

function troubleOf(chance: number, carryOut: () => { readonly status: number }) {
  const rest = SHARE - 0.17;
  const refused = (error: string) => ({ status: 200, headers: {}, body: { ok: false, error } });
  const page = { status: 200, headers: { "content-type": "text/html" }, body: {}, raw: "<html><body>Bad gateway</body></html>" };
  if (chance > rest) return undefined;
  const kind = Math.floor((chance / rest) * 7);
  switch (kind) {
    case 0:
      return { status: 429, headers: { "retry-after": "2" }, body: { ok: false, error: "ratelimited" } };
    case 1:
      return { status: 429, headers: {}, body: { ok: false } };
    case 2:
      return refused("ratelimited");
    case 3:
      return { status: 503, headers: {}, body: {} };
    case 4:
      carryOut();
      return { status: 500, headers: {}, body: {} };
    case 5:
      return page;
    default:
      carryOut();
      return refused("fatal_error");
  }
}

/** Faults of the boundary and answers of Slack's that were no success. */
const troubles = (lab: LabAccount): number => lab.history.filter((line) => line.kind === "world" && line.what === "fault").length;
