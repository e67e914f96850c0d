/** A name as an identifier in SQL, whatever it holds. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
/** Text as a literal in SQL, under `standard_conforming_strings` (on since 9.1). */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
