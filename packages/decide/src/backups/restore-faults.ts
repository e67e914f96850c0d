import type { DatabaseManifest } from "@nightshift/model";
import { sourceIsBehind, wasSetBack } from "./compare.ts";

/** Whose fault a failed restore is. `source`: no dump of it can be restored; `target`: the server restored into lacks something; `archive`: it is damaged. */
export interface RestoreFault {
  readonly of: "source" | "target" | "archive" | "unknown";
  readonly sentence: string;
}

interface Reading {
  readonly pattern: RegExp;
  readonly of: RestoreFault["of"];
  readonly say: (found: readonly (string | undefined)[]) => string;
}

/** The server's messages of version 15 to 17 (their sources: src/backend/utils/adt/ri_triggers.c, src/backend/utils/sort/tuplesortvariants.c …), first fit first. */
const readings: readonly Reading[] = [
  {
    pattern: /insert or update on table "(.+?)" violates foreign key constraint "(.+?)"/,
    of: "source",
    say: ([, table, key]) => `rows of ${table} break the foreign key ${key}`,
  },
  { pattern: /could not create unique index "(.+?)"/, of: "source", say: ([, index]) => `there are duplicates under the unique index ${index}` },
  { pattern: /could not create exclusion constraint "(.+?)"/, of: "source", say: ([, name]) => `rows break the exclusion constraint ${name}` },
  {
    pattern: /check constraint "(.+?)" of relation "(.+?)" is violated by some row/,
    of: "source",
    say: ([, name, table]) => `rows of ${table} break the check ${name}`,
  },
  {
    pattern: /new row for relation "(.+?)" violates check constraint "(.+?)"/,
    of: "source",
    say: ([, table, name]) => `rows of ${table} break the check ${name}`,
  },
  {
    pattern: /value for domain (\S+) violates check constraint "(.+?)"/,
    of: "source",
    say: ([, domain, name]) => `values of the domain ${domain} break its check ${name}`,
  },
  { pattern: /column "(.+?)" of relation "(.+?)" contains null values/, of: "source", say: ([, column, table]) => `${table}.${column} holds NULL and may not` },
  {
    pattern: /null value in column "(.+?)" of relation "(.+?)" violates not-null/,
    of: "source",
    say: ([, column, table]) => `${table}.${column} holds NULL and may not`,
  },
  {
    pattern: /new row for relation "(.+?)" violates partition constraint/,
    of: "source",
    say: ([, table]) => `the partition ${table} holds rows of another partition`,
  },
  { pattern: /no partition of relation "(.+?)" found for row/, of: "source", say: ([, table]) => `rows of ${table} fit none of its partitions` },
  {
    pattern: /extension "(.+?)" is not available/,
    of: "target",
    say: ([, name]) => `the server restored into lacks the extension ${name}: use an image that has it`,
  },
  {
    pattern: /could not open extension control file ".*\/(.+?)\.control"/,
    of: "target",
    say: ([, name]) => `the server restored into lacks the extension ${name}: use an image that has it`,
  },
  { pattern: /could not access file "(.+?)"/, of: "target", say: ([, file]) => `the server restored into lacks the library ${file}: use an image that has it` },
  { pattern: /role "(.+?)" does not exist/, of: "target", say: ([, role]) => `the server restored into lacks the role ${role}` },
  { pattern: /collation "(.+?)" for encoding "(.+?)" does not exist/, of: "target", say: ([, name]) => `the server restored into lacks the collation ${name}` },
  {
    pattern: /(No space left on device|could not extend file)/,
    of: "target",
    say: () =>
      "the disk of the server restored into is full: give it a larger one (a night's task gets one by the newest known size; --scratch names another directory)",
  },
  { pattern: /out of shared memory/, of: "target", say: () => "the lock table of the server restored into is full: raise max_locks_per_transaction" },
  {
    pattern: /(permission denied|must be superuser|must be owner|must be able to SET ROLE)/,
    of: "target",
    say: () => "the role that restores may not do all that the dump asks",
  },
  {
    pattern: /(?:function|operator) (.+?) does not exist/,
    of: "source",
    say: ([, name]) =>
      `an index, a view or a check uses ${name?.replace(/\(.*/s, "")} without its schema: it works only with a search_path, which no restore has`,
  },
  {
    pattern: /(?:relation|type|text search configuration) "(.+?)" does not exist/,
    of: "source",
    say: ([, name]) => `a function uses ${name} without its schema: it works only with a search_path, which no restore has`,
  },
  {
    pattern:
      /(unexpected end of (file|data)|could not read from input file|did not find magic string|corrupt|invalid (header|block|archive)|invalid input syntax|invalid byte sequence|missing data for column|extra data after last expected column|syntax error|unterminated|could not uncompress)/i,
    of: "archive",
    say: () => "the archive is damaged: it is not what pg_dump wrote",
  },
];

/** What pg_restore's complaints mean, each once. Details with rows' values are never taken over. */
export function explainRestore(said: string): readonly RestoreFault[] {
  const errors = said.split("\n").filter((line) => /\berror:|ERROR: /i.test(line) && !/errors ignored on restore/.test(line));
  const faults = errors.flatMap((line): readonly RestoreFault[] => {
    for (const { pattern, of, say } of readings) {
      const found = pattern.exec(line);
      if (found !== null) return [{ of, sentence: of === "source" ? `the source itself is broken: ${say(found)}` : say(found) }];
    }
    return [
      {
        of: "unknown",
        sentence: `pg_restore failed: ${line
          .replace(/^.*?error:\s*(?:could not execute query:\s*)?/i, "")
          .replace(/^ERROR:\s*/, "")
          .slice(0, 200)}`,
      },
    ];
  });
  return faults.filter((fault, n) => faults.findIndex(({ sentence }) => sentence === fault.sentence) === n);
}

/** What is wrong at the source although a dump of it may be perfect: told, but no fault of the copy. */
export function findSourceFaults(source: DatabaseManifest): readonly string[] {
  return [
    ...(source.server.dataChecksums ? [] : ["the server keeps no data checksums: damage on its disk can go into a backup unseen"]),
    ...source.validity.invalidIndexes.map((name) => `index ${name} is not valid; a dump leaves it out`),
    ...source.validity.notValidated.map((name) => `constraint ${name} was never validated: older rows may break it`),
    ...source.validity.unpopulated.map((name) => `materialized view ${name} is empty`),
    ...source.sequences
      .filter(sourceIsBehind)
      .map(({ sequence, owner }) => `sequence ${sequence} would give out values that ${owner?.table}.${owner?.column} holds already`),
    ...source.sequences.filter(wasSetBack).map(({ sequence }) => `sequence ${sequence} was set back while the dump ran`),
    ...source.leftOut.map(({ table, because }) => `rows of ${table} are in no backup: ${because}`),
  ];
}
