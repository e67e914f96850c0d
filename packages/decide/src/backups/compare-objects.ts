import type { Check, CheckName, Difference } from "./compare.ts";

/** Text in another encoding is other text. */
export const encoding: Check = ({ server: was }, { server: is }) =>
  was.encoding === is.encoding ? [] : [{ check: "encoding", kind: "other", sentence: `the copy's encoding is ${is.encoding}, the source's ${was.encoding}` }];

/** Order and case of letters. */
export const locale: Check = ({ server: was }, { server: is }) =>
  [
    { what: "collation", was: plainLocale(was.collate), is: plainLocale(is.collate) },
    { what: "character classes", was: plainLocale(was.ctype), is: plainLocale(is.ctype) },
    { what: "locale provider", was: was.localeProvider, is: is.localeProvider },
  ].flatMap((each): readonly Difference[] =>
    each.was === each.is ? [] : [{ check: "locale", kind: "other", sentence: `the copy's ${each.what} is ${each.is}, the source's ${each.was}` }],
  );

/** Systems write one locale's encoding in two ways: `en_US.UTF-8`, `en_US.utf8`. */
const plainLocale = (name: string): string => name.replace(/\.(.*)$/, (_, set: string) => `.${set.toLowerCase().replaceAll("-", "")}`);

/** Every definition, object by object. */
export const schema: Check = (source, restored, { withoutExtensions = [] }) => {
  if (source.server.major !== restored.server.major) {
    const sentence = `definitions of PostgreSQL ${source.server.major} cannot be held against those of ${restored.server.major}`;
    return [{ check: "schema", kind: "not comparable", sentence }];
  }
  if (source.schema.sha256 === restored.schema.sha256) return [];
  const passed = new Set(withoutExtensions.flatMap((name) => [`EXTENSION ${name}`, `COMMENT EXTENSION ${name}`]));
  const was = new Map(source.schema.objects.map(({ object, digest }) => [object, digest]));
  const is = new Map(restored.schema.objects.map(({ object, digest }) => [object, digest]));
  const differences = [...new Set([...was.keys(), ...is.keys()])].toSorted().flatMap((object): readonly Difference[] => {
    if (passed.has(object) || was.get(object) === is.get(object)) return [];
    if (!is.has(object)) return [{ check: "schema", kind: "missing", sentence: `${object} is missing` }];
    if (!was.has(object)) return [{ check: "schema", kind: "extra", sentence: `${object} is not in the source` }];
    return [{ check: "schema", kind: "other", sentence: `${object} is defined otherwise than in the source` }];
  });
  // Two digests that differ while every object is equal: one of the two was damaged.
  if (differences.length > 0 || passed.size > 0) return differences;
  return [{ check: "schema", kind: "not comparable", sentence: "the digest of all definitions does not fit its parts" }];
};

/** Extensions and their versions; a newer one than the source's is none of the copy's faults: a restore takes what the server has. */
export const extensions: Check = (source, restored, { withoutExtensions = [] }) => {
  const is = new Map(restored.extensions.map(({ name, version }) => [name, version]));
  const was = new Set(source.extensions.map(({ name }) => name));
  return [
    ...source.extensions
      .filter(({ name }) => !withoutExtensions.includes(name))
      .flatMap(({ name, version }): readonly Difference[] => {
        const found = is.get(name);
        if (found === undefined) return [{ check: "extensions", kind: "missing", sentence: `extension ${name} is missing` }];
        if (!isOlder(found, version)) return [];
        return [{ check: "extensions", kind: "older", sentence: `extension ${name} is ${found}, the source's ${version}` }];
      }),
    ...restored.extensions
      .filter(({ name }) => !was.has(name))
      .map(({ name }): Difference => ({ check: "extensions", kind: "extra", sentence: `extension ${name} is not in the source` })),
  ];
};

/** By numbers between the dots; what is no number is compared as text, and counts as older when it differs. */
function isOlder(version: string, than: string): boolean {
  const left = version.split(/[.-]/);
  const right = than.split(/[.-]/);
  for (let n = 0; n < Math.max(left.length, right.length); n += 1) {
    const [a = "0", b = "0"] = [left[n], right[n]];
    if (a === b) continue;
    return /^\d+$/.test(a) && /^\d+$/.test(b) ? Number(a) < Number(b) : true;
  }
  return false;
}

/** How many, and what they hold. */
export const largeObjects: Check = ({ largeObjects: was }, { largeObjects: is }) => {
  if (was.count !== is.count) {
    const kind = is.count < was.count ? "missing" : "extra";
    return [{ check: "large objects", kind, sentence: `there are ${is.count} large objects, the source had ${was.count}` }];
  }
  return was.hash === is.hash ? [] : [{ check: "large objects", kind: "other", sentence: "large objects hold something else than in the source" }];
};

/** Whether what is there also works. */
export const validity: Check = ({ validity: was }, { validity: is }) => [
  ...is.invalidIndexes.map((name): Difference => ({ check: "validity", kind: "not valid", sentence: `index ${name} is not valid` })),
  ...compareLists(was.notValidated, is.notValidated, (name, kind) => ({
    check: "validity",
    kind: kind === "extra" ? "not valid" : "other",
    sentence: kind === "extra" ? `constraint ${name} is not validated` : `constraint ${name} is validated or gone; in the source it is not validated`,
  })),
  ...compareLists(was.unpopulated, is.unpopulated, (name, kind) => ({
    check: "validity",
    kind: kind === "extra" ? "not valid" : "other",
    sentence: kind === "extra" ? `materialized view ${name} is empty` : `materialized view ${name} is filled or gone; in the source it is empty`,
  })),
];

/** The newest moment of each column that is watched. */
export const freshness: Check = (source, restored) =>
  source.freshness.flatMap((was): readonly Difference[] => {
    const is = restored.freshness.find(({ table, column }) => table === was.table && column === was.column);
    if (is?.newest === was.newest && is !== undefined) return [];
    const kind = is?.newest === undefined ? "missing" : was.newest !== undefined && is.newest < was.newest ? "older" : "other";
    return [{ check: "freshness", table: was.table, kind, sentence: `the newest ${was.column} of ${was.table} is not the source's` }];
  });

/** Settings that belong to the database itself. */
export const settings: Check = (source, restored) => {
  const list = (all: typeof source.settings): readonly string[] =>
    all.map(({ role, name, value }) => `${name}${role === undefined ? "" : ` of role ${role}`}\0${value}`);
  return compareLists(list(source.settings), list(restored.settings), (entry, kind) => ({
    check: "settings" satisfies CheckName,
    kind,
    sentence:
      kind === "missing" ? `the database's setting ${nameOf(entry)} is missing or other` : `the database's setting ${nameOf(entry)} is not so in the source`,
  }));
};

// A setting's value may be a secret (an extension's key): only its name is told.
const nameOf = (entry: string): string => entry.split("\0", 1)[0] ?? "";

function compareLists(was: readonly string[], is: readonly string[], tell: (name: string, kind: "missing" | "extra") => Difference): readonly Difference[] {
  return [
    ...was.filter((name) => !is.includes(name)).map((name) => tell(name, "missing")),
    ...is.filter((name) => !was.includes(name)).map((name) => tell(name, "extra")),
  ];
}
