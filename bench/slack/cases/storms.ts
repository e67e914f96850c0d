import { foldIncident } from "@nightshift/decide/incidents/fold";
import { minutes, seconds } from "@nightshift/model";
import { channelMessages, type Figure, ledgerWrites, overLimits, slackCalls } from "../measure.ts";
import { openBench, serviceNames, storm } from "../stage.ts";

/** So many alarms of one service within a minute: one message, few replies, few updates in the first five minutes, no call over a limit. */
export async function oneService(seed: number, alarms: number): Promise<readonly Figure[]> {
  const bench = await openBench({ seed, services: 1, severity: "P2" });
  const began = bench.now();
  storm(bench, { services: 1, alarms, within: seconds(60) });
  await bench.pass(minutes(5));
  const calls = slackCalls(bench.lab).filter((call) => call.at - began < minutes(5));
  const messages = channelMessages(bench.lab);
  const [incident] = await bench.lab.run(() => bench.installed.asPerson("bench").incidents.list(1));
  return [
    { what: `${alarms} alarms of one service: channel messages`, value: messages.length, atMost: 1, atLeast: 1 },
    { what: `${alarms} alarms: thread replies in 5 min`, value: messages[0]?.replies.length ?? Number.NaN, atMost: 15 },
    { what: `${alarms} alarms: updates in 5 min`, value: calls.filter((call) => call.method === "chat.update").length, atMost: 15 },
    { what: `${alarms} alarms: calls over Slack's limits`, value: overLimits(calls), atMost: 0 },
    { what: `${alarms} alarms: in the record`, value: incident === undefined ? 0 : foldIncident(incident).alarms.length, atLeast: alarms, atMost: alarms },
    { what: `${alarms} alarms: writes of the dispatcher`, value: ledgerWrites(bench.lab, "dispatcher") },
  ];
}

/** Ten incidents at once: each its one message, within the limits of the workspace. */
export async function tenAtOnce(seed: number): Promise<readonly Figure[]> {
  const bench = await openBench({ seed, services: 10, severity: "P2" });
  const began = bench.now();
  storm(bench, { services: 10, alarms: 1_000, within: seconds(60) });
  await bench.pass(minutes(5));
  const calls = slackCalls(bench.lab).filter((call) => call.at - began < minutes(5));
  const messages = channelMessages(bench.lab);
  return [
    { what: "10 incidents at once: channel messages", value: messages.length, atMost: 10, atLeast: 10 },
    { what: "10 incidents: most replies in one thread", value: Math.max(...messages.map((one) => one.replies.length)), atMost: 15 },
    { what: "10 incidents: updates in 5 min, a thread", value: calls.filter((call) => call.method === "chat.update").length / 10, atMost: 15 },
    { what: "10 incidents: calls over Slack's limits", value: overLimits(calls), atMost: 0 },
  ];
}

/** Ten thousand events over twenty services: one incident a group, nothing lost. */
export async function tenThousand(seed: number): Promise<readonly Figure[]> {
  const bench = await openBench({ seed, services: 20, severity: "P3" });
  const began = bench.now();
  storm(bench, { services: 20, alarms: 10_000, within: seconds(60) });
  await bench.pass(minutes(5));
  const records = await bench.lab.run(() => bench.installed.asPerson("bench").incidents.list(100));
  const incidents = records.map(foldIncident);
  const left = bench.lab.sqs.queue("nightshift-events").bodies.filter((body) => body.includes("aws.cloudwatch")).length;
  const firsts = channelMessages(bench.lab).length;
  const writes = ledgerWrites(bench.lab, "dispatcher");
  return [
    { what: "10,000 events over 20 services: incidents", value: incidents.length, atMost: 20, atLeast: 20 },
    { what: "10,000 events: groups with an incident", value: new Set(incidents.map((one) => one.group)).size, atLeast: serviceNames(20).length },
    { what: "10,000 events: alarms in the records", value: incidents.reduce((total, one) => total + one.alarms.length, 0), atLeast: 10_000, atMost: 10_000 },
    { what: "10,000 events: left in the queue", value: left, atMost: 0 },
    { what: "10,000 events: channel messages", value: firsts, atMost: 20, atLeast: 20 },
    { what: "10,000 events: calls over Slack's limits", value: overLimits(slackCalls(bench.lab).filter((call) => call.at >= began)), atMost: 0 },
    { what: "10,000 events: writes of the dispatcher", value: writes, atMost: 2_000 },
  ];
}
