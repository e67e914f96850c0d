import { ackEntry } from "@nightshift/decide/incidents/transitions";
import { changeIncident } from "@nightshift/runtime";
import { type EpochMs, minutes, ms, seconds } from "@nightshift/model";
import { asSeconds, channelMessages, type Figure, p95, slackCalls } from "../measure.ts";
import { type Bench, openBench, serviceNames } from "../stage.ts";

/** Incidents of the first-notice run. */
const NOTICES = 60;

/**
 * From the event on the bus to the message that Slack accepted, over incidents that come after long and short quiet times, so
 * that functions are cold as often as they would be.
 */
export async function firstNotice(seed: number): Promise<readonly Figure[]> {
  const bench = await openBench({ seed, services: NOTICES, severity: "P1", coldStarts: {}, delivery: publishedDelivery });
  const random = bench.lab.kernel.random("bench");
  const rang = new Map<string, EpochMs>();
  await bench.pass(minutes(6));
  for (const service of serviceNames(NOTICES)) {
    bench.ring(service, "down");
    rang.set(service, bench.now());
    await bench.pass(seconds(90));
    bench.ring(service, "down", "OK");
    await bench.pass(ms(minutes(1) + Math.floor(random() * minutes(14))));
  }
  const waits = channelMessages(bench.lab).flatMap((message) => {
    const at = [...rang].find(([service]) => message.text.includes(service))?.[1];
    return at === undefined ? [] : [message.postedAt - at];
  });
  return [
    { what: "first notices of P1: posted", value: waits.length, atLeast: NOTICES, atMost: NOTICES },
    { what: "first notice, from event to accepted post, p95", value: asSeconds(p95(waits)), atMost: 2, unit: "s" },
    { what: "first notice, slowest", value: asSeconds(Math.max(...waits)), unit: "s" },
  ];
}

/**
 * How long EventBridge takes: 80 ms at the 90th percentile. Source: "Mastering millisecond latency and millions of events: the
 * event-driven architecture behind the Amazon Key Suite", AWS Architecture Blog, 2026-02-04, as summarised on
 * https://sysdesign-wiki.pages.dev/sources/2026-02-04-aws-amazon-key-eventbridge-event-driven-architecture/, read 2026-11-21.
 */
const publishedDelivery: NonNullable<Parameters<typeof openBench>[0]["delivery"]> = (_event, random) => ({
  kind: "copies",
  after: [ms(20 + Math.floor(random() * 67))],
});

/** Nobody answers a P1: each tier is told when it should be. Somebody answers: nobody is told any more. */
export async function escalation(seed: number): Promise<readonly Figure[]> {
  const quiet = await openBench({ seed, services: 1, severity: "P1" });
  const began = quiet.now();
  quiet.ring("svc-01", "down");
  await quiet.pass(minutes(40));
  const errors = [0, 5, 15, 30].map((minute) => {
    const due = began + minutes(minute);
    const nearest = pagesOf(quiet).map((at) => Math.abs(at - due));
    return Math.min(...nearest);
  });
  const answered = await openBench({ seed, services: 1, severity: "P1" });
  answered.ring("svc-01", "down");
  await answered.pass(minutes(4));
  const world = answered.installed.asPerson("ana");
  await answered.lab.run(async () => {
    const [record] = await world.incidents.list(1);
    if (record !== undefined)
      await changeIncident(world, record.opening.id, (incident) => ackEntry(incident, { by: "ana", actor: "cli/ana", at: world.clock.now() }));
  });
  const acked = answered.now();
  await answered.pass(minutes(26));
  return [
    { what: "escalation: worst error of 4 pages of a P1", value: asSeconds(Math.max(...errors)), atMost: 5, unit: "s" },
    { what: "pages within 26 min after an acknowledgement", value: pagesOf(answered).filter((at) => at > acked).length, atMost: 0 },
  ];
}

/** When somebody was told: a page by SNS, or a direct message. */
const pagesOf = ({ lab }: Bench): readonly number[] => [
  ...lab.history.flatMap((line) => (line.kind === "call" && line.service === "sns" && line.operation === "Publish" ? [line.at] : [])),
  ...slackCalls(lab).flatMap((call) => (call.method === "chat.postMessage" && call.channel?.startsWith("D") === true ? [call.at] : [])),
];
