import { EventError, parseEvent } from "@nightshift/events";
import type { BusEvent } from "../bus/bus.ts";
import type { LabAccount } from "../account.ts";
import { seededUuid } from "../time/chance.ts";
import { HttpRefusal } from "./http.ts";

/**
 * An event as EventBridge would deliver it; what it leaves out of the envelope (version, id, account, region, time,
 * resources) is the lab's. @throws {HttpRefusal} 400, with the first thing that is wrong.
 */
export function eventFrom(raw: unknown, { kernel }: Pick<LabAccount, "kernel">): BusEvent {
  const envelope = {
    version: "0",
    id: seededUuid(kernel.random("pasted events")),
    account: kernel.accountId,
    region: kernel.region,
    time: new Date(kernel.clock.now()).toISOString().replace(/\.\d{3}Z$/, "Z"),
    resources: [],
  };
  const whole = typeof raw === "object" && raw !== null && !Array.isArray(raw) ? { ...envelope, ...raw } : raw;
  try {
    parseEvent(whole);
  } catch (error) {
    if (error instanceof EventError) throw new HttpRefusal(400, error.message);
    throw error;
  }
  // The parser has just read every field of the envelope.
  return whole as BusEvent;
}
