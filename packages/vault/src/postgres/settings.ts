import type { Session } from "./session.ts";

/**
 * What every session of ours is set to, so that a row gives the same text, and thus the same hash, on the source and on its copy.
 * `search_path` is empty as in a restore: what does not work without a path would not restore either. `row_security` off makes
 * a policy that would hide rows an error. One scan a session (`max_parallel_workers_per_gather`): how much work goes on at once is ours to say.
 */
const settings: readonly (readonly [name: string, value: string])[] = [
  ["client_encoding", "UTF8"],
  ["extra_float_digits", "3"],
  ["timezone", "UTC"],
  ["datestyle", "ISO, MDY"],
  ["intervalstyle", "iso_8601"],
  ["bytea_output", "hex"],
  ["lc_monetary", "C"],
  ["xmloption", "content"],
  ["xmlbinary", "base64"],
  ["search_path", ""],
  ["row_security", "off"],
  ["jit", "off"],
  ["max_parallel_workers_per_gather", "0"],
  ["synchronize_seqscans", "off"],
  ["statement_timeout", "0"],
  ["idle_in_transaction_session_timeout", "0"],
  ["default_transaction_read_only", "on"],
  ["lock_timeout", "5s"],
];
/** Settings that only some majors have: a dead client is noticed within a second (14), a long transaction is not ended (17). */
const since: readonly (readonly [major: number, name: string, value: string])[] = [
  [14, "client_connection_check_interval", "1s"],
  [17, "transaction_timeout", "0"],
];

/** Settles a session before its first transaction. */
export async function settleSession(session: Session, major: number): Promise<void> {
  const all = [...settings, ...since.filter(([from]) => major >= from).map(([, name, value]) => [name, value] as const)];
  // SET takes no parameters; names and values are our own constants.
  for (const [name, value] of all) await session.query(`set ${name} = '${value}'`);
}
