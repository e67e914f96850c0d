/// <reference path="../.sst/platform/config.d.ts" />
import { resolve } from "@nightshift/config";
import config from "../nightshift.config.ts";
import { selfAlarms } from "./alarms.ts";
import { permissionBoundary } from "./boundary.ts";
import { functions } from "./functions.ts";
import { inbox } from "./inbox.ts";
import { here } from "./names.ts";
import { pages } from "./pages.ts";
import { secrets } from "./secrets.ts";
import { storage } from "./storage.ts";
import { rolesOf } from "./task-roles.ts";

/** All of Nightshift, for one stage. @throws {ConfigError} with every problem of nightshift.config.ts, before anything is touched. */
export function deploy() {
  const { groups } = resolve(config);
  const { ledger, audit, evidence } = storage();
  const { events, deadLetters, bus } = inbox();
  const { slackToken } = secrets();
  const topic = pages();
  const services = groups.flatMap((group) => group.services.map(({ cluster, name }) => ({ cluster, service: name })));

  functions({
    ledger,
    events,
    deadLetters,
    boundary: permissionBoundary(),
    given: {
      ledgerTable: ledger.name,
      auditTable: audit.name,
      evidenceBucket: evidence.name,
      pageTopicArn: topic.arn,
      deadLetterQueueUrl: deadLetters.url,
      slackTokenParameter: slackToken.name,
      durable: {},
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
      deadLetters: deadLetters.arn,
      pages: topic.arn,
      slackToken: slackToken.arn,
    },
  });
  selfAlarms({ topic, events, deadLetters });
  return { bus: bus.name, pages: topic.arn, ledger: ledger.name, audit: audit.name, evidence: evidence.name, deadLetters: deadLetters.url };
}
