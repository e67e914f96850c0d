import type { DatabaseManifest } from "@nightshift/model";

/** What was seen at the source that is no difference and that somebody should know; names only, never a value. */
export function findingsOf(contents: DatabaseManifest): readonly string[] {
  const { validity, leftOut, settings, server } = contents;
  const few = (names: readonly string[]): string => `${names.slice(0, 5).join(", ")}${names.length > 5 ? ` and ${names.length - 5} more` : ""}`;
  const about = (what: string, names: readonly string[]): readonly string[] => (names.length === 0 ? [] : [`${what}: ${few(names)}`]);
  return [
    ...about("not in any dump", leftOut.map(({ table, because }) => `${table} (${because})`)),
    ...about("indexes that are invalid at the source", validity.invalidIndexes),
    ...about("constraints that were never validated at the source", validity.notValidated),
    ...about("materialized views without contents at the source", validity.unpopulated),
    ...about("settings that a dump leaves out, kept in the manifest", settings.map(({ role, name }) => (role === undefined ? name : `${name} of ${role}`))),
    ...(server.dataChecksums ? [] : ["the server has no data checksums: damage on its disk can go into a dump unseen"]),
  ];
}
