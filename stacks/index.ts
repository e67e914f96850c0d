/// <reference path="../.sst/platform/config.d.ts" />
import { resolve } from "@nightshift/config";
import config from "../nightshift.config.ts";
import { selfAlarms } from "./alarms.ts";
import { permissionBoundary } from "./boundary.ts";
import { durableArns, functions } from "./functions.ts";
import { inbox } from "./inbox.ts";
import { here } from "./names.ts";
import { pages } from "./pages.ts";
import { commands, outbox } from "./queues.ts";
import { secrets } from "./secrets.ts";
import { storage } from "./storage.ts";
import { rolesOf } from "./task-roles.ts";

/** All of Nightshift, for one stage. @throws {ConfigError} with every problem of nightshift.config.ts, before anything is touched. */
export function deploy() {
  const { groups, incidents, people, product } = resolve(config);
  const { ledger, audit, evidence } = storage();
  const { events, deadLetters, bus } = inbox();
  const out = outbox();
  const asked = commands(deadLetters);
  const { slackToken, slackSigning } = secrets();
  const topics = pages();
  const names = {
    services: groups.flatMap((group) => group.services.map(({ name }) => name)),
    groups: groups.map(({ group }) => group),
    people: people.map(({ name }) => name),
    zone: incidents.zone,
  };
  const door = incidents.slack === undefined ? undefined : { ...incidents.slack, names: JSON.stringify(names) };
  const services = groups.flatMap((group) => group.services.map(({ cluster, name }) => ({ cluster, service: name })));

  const address = functions({
    ledger,
    queues: { events, outbox: out.queue, commands: asked },
    deadLetters,
    boundary: permissionBoundary(),
    given: {
      ledgerTable: ledger.name,
      auditTable: audit.name,
      evidenceBucket: evidence.name,
      pageTopicArns: { P1: topics.P1.arn, P2: topics.P2.arn, P3: topics.P3.arn, P4: topics.P4.arn },
      deadLetterQueueUrl: deadLetters.url,
      outboxQueueUrl: out.queue.url,
      commandsQueueUrl: asked.url,
      slackTokenParameter: slackToken.name,
      slackSigningParameter: slackSigning.name,
      door,
      durable: durableArns(),
    },
    places: {
      ...here(),
      services,
      taskRoles: rolesOf(services),
      ledger: ledger.arn,
      ledgerStream: ledger.nodes.table.streamArn,
      audit: audit.arn,
      evidence: evidence.arn,
      events: events.arn,
      outbox: out.queue.arn,
      commands: asked.arn,
      deadLetters: deadLetters.arn,
      pages: Object.values(topics).map((topic) => topic.arn),
      slackToken: slackToken.arn,
      slackSigning: slackSigning.arn,
    },
  });
  // By CloudWatch straight to SNS: the alarms that say that Slack is not told cannot go by Slack.
  selfAlarms({ topic: topics.P2, events, deadLetters, outbox: out, commands: asked, door, heart: { product, zone: incidents.zone } });
  return {
    ...(address === undefined ? {} : { slack: address }),
    bus: bus.name,
    pagesP1: topics.P1.arn,
    pagesP2: topics.P2.arn,
    pagesP3: topics.P3.arn,
    pagesP4: topics.P4.arn,
    ledger: ledger.name,
    audit: audit.name,
    evidence: evidence.name,
    deadLetters: deadLetters.url,
    outboxDeadLetters: out.deadLetters.url,
  };
}
