import fc from "fast-check";
import { expect, it } from "vitest";
import { type GrammarContext, readCommand } from "./grammar.ts";
import { exampleOf } from "./help.ts";
import { cutWords } from "./lexer.ts";
import { sayCommand } from "./say.ts";
import { verbNames, verbs } from "./verbs.ts";

const context: GrammarContext = {
  services: ["shop-api", "shop-worker"],
  groups: ["shop"],
  people: ["ana", "lead"],
  incidents: ["INC-261121-0314-shop", "INC-261121-0201-search"],
  databases: ["shop-prod"],
  zone: "prod",
};

/** What a text says, whatever the order of its options, its quotes and its case: the oracle of "exactly grammatical". */
const essence = (text: string, by: "user" | "text"): readonly string[] =>
  cutWords(text)
    .tokens.flatMap(({ text: word, user }) => ((by === "user" ? user : undefined) ?? word).replace(/^--([a-z-]+)=/i, "--$1 ").split(/\s+/))
    .map((word) =>
      word
        .toLowerCase()
        .replace(/^@/, "")
        .replaceAll(/["'“”„‟«»″]/g, ""),
    )
    .filter((word) => word !== "" && word !== "--for" && word !== "--env" && word !== "prod" && word !== "--sev" && word !== "p3")
    .toSorted();

/** Hours and days that come out the same are the same. */
const sameLengths = (words: readonly string[]): readonly string[] =>
  words.map((word) => {
    const [, count, unit] = /^(\d+)([mhd])$/.exec(word) ?? [];
    return count === undefined ? word.replaceAll("-", "") : `${Number(count) * (unit === "m" ? 1 : unit === "h" ? 60 : 1_440)} minutes`;
  });

const valid = fc.constantFrom(
  ...verbNames.map((verb) => exampleOf(verb, context).slice("/ops ".length)),
  "rollback shop-api --to 41 --reason “bad build” --yes",
  "scale shop-worker −1 --for 30m",
  "role ic <@U123|bob>",
  "page shop-api it is slow",
  "hold all 90m",
  "merge INC-261121-0201-search into INC-261121-0314-shop",
);
const splinter = fc.constantFrom(
  "--",
  "—",
  '"',
  "“",
  "<@U1|x>",
  "&lt;",
  "<",
  ">",
  "|",
  "=",
  " ",
  "\t",
  "\u200b",
  "\u202e",
  "\0",
  "*",
  "all",
  "prod",
  "--yes",
  "--reason",
  "--to",
  "\u{1f525}",
  "INC-",
  "0",
  "-",
  "é",
);
const anything = fc.string({ unit: "binary", maxLength: 300 });
/** A valid command with something put in, taken out or put in place of something, up to three times. */
const mutated = fc
  .tuple(valid, fc.array(fc.tuple(fc.nat(), fc.nat(4), fc.oneof(splinter, fc.string({ unit: "grapheme", maxLength: 4 }))), { minLength: 1, maxLength: 3 }))
  .map(([text, changes]) =>
    changes.reduce((now, [where, cut, put]) => {
      const at = now.length === 0 ? 0 : where % (now.length + 1);
      return now.slice(0, at) + put + now.slice(at + cut);
    }, text),
  );

it("reads ten thousand commands without throwing, and acts on none that is not exactly grammatical", () => {
  let commands = 0;
  let refusals = 0;
  fc.assert(
    fc.property(fc.oneof({ weight: 2, arbitrary: mutated }, { weight: 1, arbitrary: anything }, { weight: 1, arbitrary: valid }), (text) => {
      const read = readCommand(text, context);
      if (read.kind === "help") {
        refusals += 1;
        if (read.wrong === undefined) return true;
        const example = readCommand(read.wrong.example.slice("/ops ".length), context);
        return (
          read.wrong.example.startsWith("/ops ") &&
          (example.kind === "command" || example.wrong === undefined) &&
          JSON.stringify(read.card).includes("Nothing was done")
        );
      }
      commands += 1;
      if (!verbs[read.command.verb].changes) return true;
      // In a person's place a mention is its id, in text it is read.
      expect([sameLengths(essence(text, "user")), sameLengths(essence(text, "text"))]).toContainEqual(
        sameLengths(essence(sayCommand(read.command, read.flags), "text")),
      );
      return true;
    }),
    { seed: 20261121, numRuns: 10_000 },
  );
  // The generators reach both sides.
  expect(commands).toBeGreaterThan(2_000);
  expect(refusals).toBeGreaterThan(2_000);
});

it("reads back whatever it writes", () => {
  fc.assert(
    fc.property(valid, (text) => {
      const read = readCommand(text, context);
      if (read.kind === "help") return;
      expect(readCommand(sayCommand(read.command, read.flags), context)).toEqual(read);
    }),
    { seed: 20261121, numRuns: 300 },
  );
});

it("reads the longest text in no time", () => {
  for (const piece of ['"', "<@U1|", "<", "--reason ", "a=", "&amp;", "“x”"])
    expect(readCommand(piece.repeat(Math.floor(4_000 / piece.length)), context).kind).toBe("help");
});
