import { expect, test } from "vitest";
import { readCommand } from "./grammar.ts";

test.each([
  ["statsu", "/ops status api"],
  ["rollbakc api", "/ops rollback api --dry-run"],
  ["xyzzy", "/ops help rollback"],
])("the example for %s is one of the verb that was most likely meant", (text, example) => {
  expect(readCommand(text, { services: ["api"], people: [] })).toMatchObject({ kind: "help", wrong: { example } });
});
