import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { type EpochMs, type Ms, minutes } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";

/** How far a request's time may be off, either way. Source: "Verifying requests from Slack", https://docs.slack.dev/authentication/verifying-requests-from-slack, read 2026-11-21. */
const FRESH: Ms = minutes(5);

/** What a signature is checked over: the body's own bytes, and two headers as they came. */
export interface Signed {
  readonly body: Uint8Array;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
}

/** What is worth checking: well formed, and no more than five minutes off either way. Everything else is refused before a secret is read for it. */
export const looksSigned = ({ timestamp, signature }: Signed, now: EpochMs): boolean =>
  timestamp !== undefined &&
  /^\d{1,11}$/.test(timestamp) &&
  /^v0=[0-9a-f]{64}$/.test(signature ?? "") &&
  !guard("request is fresh", Math.abs(now - Number(timestamp) * 1_000) > FRESH);

/** Whether the signature was made over these very bytes with one of our secrets (two while one replaces the other). No secret, or a blank one, makes nothing Slack's. */
export function isSlacks({ body, timestamp, signature }: Signed, secrets: readonly string[]): boolean {
  // The empty key would make anybody's signature a good one.
  const usable = secrets.filter((secret) => secret.trim() !== "");
  if (usable.length === 0 || timestamp === undefined || signature === undefined) return false;
  const matches = usable.map((secret) => sameText(signature, signatureOf(secret, timestamp, body)));
  return !guard("request is signed by Slack", !matches.includes(true));
}

/** `v0=` and the HMAC over version, time and body. */
export const signatureOf = (secret: string, timestamp: string, body: Uint8Array): string =>
  `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:`).update(body).digest("hex")}`;

/** Takes the same time wherever the two differ. Lengths are no secret. */
function sameText(given: string, ours: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(ours)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** What a signature is remembered by: a hash, so that whoever reads the ledger holds no signature. */
export const nonceOf = ({ timestamp = "", signature = "" }: Signed): string => createHash("sha256").update(`${timestamp}:${signature}`).digest("hex");

/** Four letters that name a request to a person. */
export const shortName = (key: string): string => createHash("sha256").update(key).digest("hex").slice(0, 4);
