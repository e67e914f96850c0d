import { userInfo } from "node:os";
import { text } from "node:stream/consumers";
import { systemClock, systemPatience } from "@nightshift/aws/clock";
import { realConnections } from "@nightshift/aws/connect";
import type { Place } from "./place.ts";

/** This machine. */
export const machine = (): Place => ({
  environment: process.env,
  user: userName(),
  directory: process.cwd(),
  clock: systemClock,
  patience: systemPatience,
  connections: (region) => realConnections({ region }),
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
