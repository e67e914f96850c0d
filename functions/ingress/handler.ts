import { env } from "node:process";
import { systemClock } from "@nightshift/aws/clock";
import { readEnvironment } from "@nightshift/aws/environment";
import { jsonLog } from "@nightshift/runtime/log";
import { renderCard } from "@nightshift/slack/render/card";
import { renderForm } from "@nightshift/slack/render/form";
import type { UrlRequest } from "./body.ts";
import { ingress } from "./entry.ts";
import { doorOver, needed } from "./entry-door.ts";

const door = doorOver({
  environment: readEnvironment(needed),
  account: env,
  now: systemClock.now,
  report: jsonLog,
  showCard: (card) => ({ ...renderCard(card) }),
  showForm: renderForm,
});

export const handler = (event: UrlRequest) => ingress(event, door);
