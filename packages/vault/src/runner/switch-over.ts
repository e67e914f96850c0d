/** A restored database and the one that it may replace. */
export interface SwitchOver {
  /** The restored database's name. */
  readonly restored: string;
  /** The name that the application uses; absent: the restored one has its own. */
  readonly serving: string | undefined;
  /** What the one that serves now is called afterwards. */
  readonly putAside: string;
  /** The safety copy that was taken first. */
  readonly safety: string | undefined;
}

/** The exact steps from a restored database to one that serves: by rename, so that going back is a rename too. Nothing of it is done by itself. */
export function switchOverSteps({ restored, serving, putAside, safety }: SwitchOver): readonly string[] {
  if (serving === undefined) return [`Point the application at the database ${quoted(restored)}; analyze it first: ANALYZE;`];
  return [
    `In ${quoted(restored)}: ANALYZE; (a restored database has no statistics)`,
    "Stop what writes: scale the services to 0, or put them into maintenance.",
    `In another database of that server: ALTER DATABASE ${quoted(serving)} ALLOW_CONNECTIONS false;`,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${literal(serving)};`,
    `ALTER DATABASE ${quoted(serving)} RENAME TO ${quoted(putAside)};`,
    `ALTER DATABASE ${quoted(restored)} RENAME TO ${quoted(serving)};`,
    "Start the services again, and look whether they are well.",
    `To go back: the two renames the other way round, then ALTER DATABASE ${quoted(serving)} ALLOW_CONNECTIONS true;`,
    ...(safety === undefined ? [] : [`What was written between the backup and now is in ${quoted(putAside)}, and in the safety copy ${safety}.`]),
    `When nobody needs it any more: DROP DATABASE ${quoted(putAside)};`,
  ];
}

/** An identifier as SQL takes it, whatever is in it. */
export const quoted = (name: string): string => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);
/** A text as SQL takes it. */
export const literal = (text: string): string =>
  text.includes("\\") ? `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'` : `'${text.replaceAll("'", "''")}'`;
