import { account, moment, region, text } from "./fields.ts";
import type { EpochMs } from "@nightshift/model";
import * as z from "zod/mini";

/** What every event of ours carries, whatever it is about. */
export interface EventBase {
  /** The same for every delivery of one event: what duplicates are recognised by. */
  readonly id: string;
  readonly account: string;
  readonly region: string;
  /** When it happened, by the clock of whoever sent it. */
  readonly at: EpochMs;
  /** The name of the archive replay that sent it again; undefined for an event of today. */
  readonly replay: string | undefined;
}

/** The pair that tells what an EventBridge event is about. */
export interface Header {
  readonly source: string;
  readonly detailType: string;
}

/**
 * The fields EventBridge puts around every event ("AWS service event metadata",
 * https://docs.aws.amazon.com/eventbridge/latest/ref/events-structure.html, read 2026-11-21).
 * `version` is "0" in all of them today; another one would mean another structure, so it is refused.
 * `id` is a UUID, but the documented examples are not always one, so any text is taken.
 */
export function envelope<Resources extends z.core.$ZodType, Detail extends z.core.$ZodType>(header: Header, resources: Resources, detail: Detail) {
  return z.object({
    version: z.literal("0"),
    id: text,
    source: z.literal(header.source),
    "detail-type": z.literal(header.detailType),
    account,
    time: moment,
    region,
    "replay-name": z.optional(text),
    resources,
    detail,
  });
}

/** The part of an envelope that every event keeps. */
export function baseOf(raw: {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly time: EpochMs;
  readonly "replay-name"?: string | undefined;
}): EventBase {
  return { id: raw.id, account: raw.account, region: raw.region, at: raw.time, replay: raw["replay-name"] };
}

/** A list of resources that we do not look at. */
export const anyResources = z.array(z.string("an ARN"), "a list of ARNs");
