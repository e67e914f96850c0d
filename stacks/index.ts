/// <reference path="../.sst/platform/config.d.ts" />
import { type Resolved, resolveChecked } from "@nightshift/config";
import type { WorkerSettings } from "@nightshift/model";
import config from "../nightshift.config.ts";
import { selfAlarms } from "./alarms.ts";
import { backlogAlarms } from "./backlog-alarms.ts";
import { backups, backedUp } from "./backups.ts";
import { permissionBoundaries } from "./boundary.ts";
import { durableArns, functions, scalerArn } from "./functions.ts";
import { inbox } from "./inbox.ts";
import { here } from "./names.ts";
import { pages, type PageTopics } from "./pages.ts";
import { commands, outbox } from "./queues.ts";
import { brokerParameters, brokerSecrets, secrets } from "./secrets.ts";
import { storage } from "./storage.ts";
import { rolesOf } from "./task-roles.ts";

/** All of Nightshift, for one stage. @throws {ConfigError} with every problem of nightshift.config.ts, before anything is touched. */
export function deploy() {
  const resolved = resolveChecked(config);
  const { groups, incidents, network, product, workers } = resolved;
  const boundaries = permissionBoundaries();
  const { ledger, audit, evidence } = storage();
  const { events, deadLetters, bus } = inbox();
  const out = outbox();
  const asked = commands(deadLetters);
  const { slackToken, slackSigning } = secrets();
  const topics = pages();
  const door = doorOf(resolved);
  const kept = backups(resolved, { events, deadLetters, bus, topic: topics.P2, boundaries });
  const services = groups.flatMap((group) => group.services.map(({ cluster, name }) => ({ cluster, service: name })));
  const queueUrls = { deadLetterQueueUrl: deadLetters.url, eventsQueueUrl: events.url, outboxQueueUrl: out.queue.url, commandsQueueUrl: asked.url };
  const queueArns = { events: events.arn, outbox: out.queue.arn, commands: asked.arn, deadLetters: deadLetters.arn };
  const there = { door, backups: kept?.given };

  const address = functions({
    ledger,
    queues: { events, outbox: out.queue, commands: asked },
    deadLetters,
    boundaries,
    network,
    given: {
      ledgerTable: ledger.name,
      auditTable: audit.name,
      evidenceBucket: evidence.name,
      pageTopicArns: { P1: topics.P1.arn, P2: topics.P2.arn, P3: topics.P3.arn, P4: topics.P4.arn },
      ...queueUrls,
      brokerParameters: brokerParameters(),
      slackTokenParameter: slackToken.name,
      slackSigningParameter: slackSigning.name,
      ...there,
      durable: durableArns(),
      scalerArn: scalerArn(),
    },
    places: {
      ...here(),
      services,
      taskRoles: rolesOf(services),
      ledger: ledger.arn,
      ledgerStream: ledger.nodes.table.streamArn,
      audit: audit.arn,
      evidence: evidence.arn,
      ...queueArns,
      pages: Object.values(topics).map((topic) => topic.arn),
      ...scaled(workers),
      vpc: network === undefined ? [] : ["*/*"],
      slackToken: slackToken.arn,
      slackSigning: slackSigning.arn,
      backedUp: backedUp(resolved, kept),
    },
  });
  // By CloudWatch straight to SNS: the alarms that say that Slack is not told cannot go by Slack.
  selfAlarms({ topic: topics.P2, events, deadLetters, outbox: out, commands: asked, there, heart: { product, zone: incidents.zone } });
  backlogAlarms(workers);
  return {
    ...(address === undefined ? {} : { slack: address }),
    bus: bus.name,
    ...topicArns(topics),
    ...{ ledger: ledger.name, audit: audit.name, evidence: evidence.name },
    ...{ deadLetters: deadLetters.url, outboxDeadLetters: out.deadLetters.url },
    ...(kept === undefined ? {} : { backups: kept.store.name, runnerImages: kept.runner.repository.repositoryUrl }),
  };
}

const topicArns = ({ P1, P2, P3, P4 }: PageTopics) => ({ pagesP1: P1.arn, pagesP2: P2.arn, pagesP3: P3.arn, pagesP4: P4.arn });

/** Whom the door to Slack believes, and the names that commands may use; undefined: there is no door. */
function doorOf({ groups, incidents, people }: Resolved) {
  const names = {
    services: groups.flatMap((group) => group.services.map(({ name }) => name)),
    groups: groups.map(({ group }) => group),
    people: people.map(({ name }) => name),
    zone: incidents.zone,
  };
  return incidents.slack === undefined ? undefined : { ...incidents.slack, names: JSON.stringify(names) };
}

/** What the scaler may touch: the worker services of the config, their brokers' addresses, and the SQS queues that they take from. */
function scaled(workers: readonly WorkerSettings[]) {
  const { partition, region, account } = here();
  const queues = workers.flatMap(({ broker, queues: watched }) =>
    broker.kind === "sqs" ? watched.map(({ name }) => sqsName(`${broker.queueNamePrefix}${name}`)) : [],
  );
  return {
    workerService: workers.map(({ cluster, service }) => `${cluster}/${service}`),
    workerCluster: [...new Set(workers.map(({ cluster }) => cluster))],
    brokerSecret: brokerSecrets(workers).map(({ arn }) => arn),
    workQueue: [...new Set(queues)].map((name) => $interpolate`arn:${partition}:sqs:${region}:${account}:${name}`),
  };
}

/** The name that kombu gives a queue in SQS: dots become dashes, other punctuation underscores (kombu 5.6.2, transport/SQS.py, `entity_name`, read 2026-11-21). */
function sqsName(name: string): string {
  const [stem, end] = name.endsWith(".fifo") ? [name.slice(0, -".fifo".length), ".fifo"] : [name, ""];
  return `${stem.replaceAll(".", "-").replace(/[!-,/:-@[-^`{-~]/g, "_")}${end}`;
}
