import { seconds } from "@nightshift/model";

/** A watch that does not answer must not hold up what it watches. */
const PATIENCE = seconds(2);

/** Tells an address outside that we live; any answer will do. @throws when none comes within two seconds, or an error status. */
export async function pingAddress(url: string): Promise<void> {
  const answer = await fetch(url, { method: "POST", signal: AbortSignal.timeout(PATIENCE) });
  if (!answer.ok) throw new Error(`The heartbeat address answered ${answer.status}, 2xx was expected: check heartbeatUrl in nightshift.config.ts.`);
}
