import { createHash } from "node:crypto";
import type { SchemaManifest } from "@nightshift/model";

/** How pg_dump begins each object in plain text; kept by every major so far. */
const header = /^-- (?:Data for )?Name: (?<name>.*); Type: (?<type>.*?); Schema: (?<schema>.*?); Owner: (?<owner>.*)$/;
/** Lines that depend on who dumps and when, not on the database: session settings, and the random tokens of \restrict (15.14, 17.6 and later). */
const noise = /^(SET default_(tablespace|table_access_method|with_oids) = .*|\\(un)?restrict .*)$/;

/** The digest of every object in the text of `pg_dump --schema-only`. Neither its order nor comments of the text itself count; COMMENT ON does. */
export function digestSchema(text: string): SchemaManifest {
  const bodies = new Map<string, string[]>();
  for (const { object, body } of splitObjects(text)) bodies.set(object, [...(bodies.get(object) ?? []), body]);
  const objects = [...bodies]
    .map(([object, found]) => ({ object, digest: sha256(found.toSorted().join("\n\0")).slice(0, 16) }))
    .toSorted((a, b) => (a.object < b.object ? -1 : 1));
  return { sha256: sha256(objects.map(({ object, digest }) => `${digest} ${object}\n`).join("")), objects };
}

/** Each object with its text, without the frame of dashes. What comes before the first is the session's. */
function splitObjects(text: string): readonly { readonly object: string; readonly body: string }[] {
  const all = text.split("\n");
  const end = all.lastIndexOf("-- PostgreSQL database dump complete");
  // The frame's first line of dashes, too: it would belong to whichever object comes last.
  const lines = end < 0 ? all : all.slice(0, end - 1);
  const starts = lines.flatMap((line, n) => {
    const found = lines[n - 1] === "--" && lines[n + 1] === "--" ? header.exec(line)?.groups : undefined;
    return found === undefined ? [] : [{ n, object: nameOf(found) }];
  });
  return starts.map(({ n, object }, index) => {
    const next = starts[index + 1]?.n;
    const body = lines.slice(n + 2, next === undefined ? lines.length : next - 1);
    return {
      object,
      body: body
        .filter((line) => !noise.test(line) && line !== "-- PostgreSQL database dump complete")
        .join("\n")
        .trim(),
    };
  });
}

/** The owner belongs to the object; in the text it is a statement of its own. */
const nameOf = (found: Record<string, string>): string => {
  const { name = "", type = "", schema = "" } = found;
  return schema === "-" ? `${type} ${name}` : `${type} ${schema}.${name}`;
};

const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");
