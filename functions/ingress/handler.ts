import { env } from "node:process";
import { systemClock } from "@nightshift/aws/clock";
import { readEnvironment } from "@nightshift/aws/environment";
import { resolve } from "@nightshift/config";
import { jsonLog } from "@nightshift/runtime/log";
import { renderCard } from "@nightshift/slack/render/card";
import { renderForm } from "@nightshift/slack/render/form";
import config from "../../nightshift.config.ts";
import type { UrlRequest } from "./body.ts";
import { ingress } from "./entry.ts";
import { doorOver } from "./entry-door.ts";

const environment = readEnvironment(["AWS_REGION", "LEDGER_TABLE", "COMMANDS_QUEUE_URL", "SLACK_SIGNING_PARAMETER", "SLACK_TOKEN_PARAMETER"]);
const { incidents, groups, people } = resolve(config);

const door = doorOver({
  environment,
  account: env,
  identity: incidents.slack,
  names: {
    services: groups.flatMap((group) => group.services.map((service): string => service.name)),
    groups: groups.map((group) => group.group),
    people: people.map((person) => person.name),
    zone: incidents.zone,
  },
  now: systemClock.now,
  report: jsonLog,
  showCard: (card) => ({ ...renderCard(card) }),
  showForm: renderForm,
});

export const handler = (event: UrlRequest) => ingress(event, door);
