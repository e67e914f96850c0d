import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { text } from "node:stream/consumers";
import { systemClock, systemPatience } from "@nightshift/aws/clock";
import { realConnections } from "@nightshift/aws/connect";
import { realBrokerConnections } from "@nightshift/brokers";
import type { Place } from "./place.ts";

/** This machine. */
export const machine = (): Place => ({
  environment: process.env,
  user: userName(),
  directory: process.cwd(),
  clock: systemClock,
  patience: systemPatience,
  connections: (region) => realConnections({ region }),
  brokers: { connections: realBrokerConnections, newId: randomUUID },
  input: () => text(process.stdin),
});

/** In a container a user id may have no name at all. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env["USER"] ?? "somebody";
  }
}
