import { systemPatience } from "@nightshift/aws/clock";
import { resolve } from "@nightshift/config";
import { incidentCards } from "@nightshift/decide/incidents/cards/index";
import { ms, seconds } from "@nightshift/model";
import { jsonLog, pingAddress } from "@nightshift/runtime";
import config from "../../nightshift.config.ts";
import { lambdaWorldWithSlack, onFirstUse } from "../world.ts";
import { type OutboxBatch, tellBatch } from "./entry.ts";
import { manifest } from "./manifest.ts";

const { incidents: policy, backups } = resolve(config);
const world = onFirstUse(() => lambdaWorldWithSlack(["OUTBOX_QUEUE_URL"]));
const render = incidentCards(policy);

export const handler = (batch: OutboxBatch, context?: { getRemainingTimeInMillis(): number }) =>
  tellBatch(batch, {
    world: world(),
    policy,
    tellNight: async (from, night) => (await import("@nightshift/runtime/backup-card")).backupCard(from, night, backups.databases),
    render,
    remaining: context === undefined ? seconds(manifest.timeoutSeconds) : ms(context.getRemainingTimeInMillis()),
    pause: systemPatience.pause,
    ping: pingAddress,
    log: jsonLog,
  });
