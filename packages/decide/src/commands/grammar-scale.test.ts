import { hours, type Ms } from "@nightshift/model";
import { expect, test } from "vitest";
import { type GrammarContext, readCommand } from "./grammar.ts";

const context: GrammarContext = { services: ["shop-api", "shop-worker"], groups: ["shop"], people: ["ana"] };

test.each<[string, string, Ms | undefined, number | undefined]>([
  ["scale shop-worker 6", "6", undefined, undefined],
  ["scale shop-worker 6 --for 2h", "6", hours(2), undefined],
  ["scale shop-worker 6 for 2h", "6", hours(2), undefined],
  ["scale shop-worker auto --max 30 --for 8h", "auto", hours(8), 30],
  ["scale shop-worker 25 max 30 FOR 1d", "25", hours(24), 30],
  ["scale shop-worker +2 --max=9999", "+2", undefined, 9_999],
])("%s: the length and the bound may be said with and without dashes", (text, to, lasts, max) => {
  expect(readCommand(text, context)).toMatchObject({ kind: "command", command: { verb: "scale", service: "shop-worker", to, lasts, max } });
});

test.each([
  ["scale shop-worker 4 max 0", { token: "0", position: 5, because: "is not a number of workers: 1 to 9999" }],
  ["scale shop-worker 4 max 10000", { token: "10000", position: 5, because: "is not a number of workers: 1 to 9999" }],
  ["scale shop-worker 4 max", { token: "max", position: 4, because: "needs a value, such as --max 12" }],
  ["scale shop-worker 4 for ever", { token: "ever", position: 5, because: "is not a length: a number and m, h or d, such as 30m, 2h or 1d, up to 30d" }],
  ["scale shop-worker 4 for 2h --for 3h", { token: "--for", position: 6, because: "is there twice" }],
  ["scale for 2h", { token: "for", position: 2, because: "is not a service here" }],
  ["rollback shop-api to 41", { token: "to", position: 3, because: "is one word too many: rollback <service> [--to revision] [--dry-run]" }],
])("%s is sent back", (text, wrong) => {
  expect(readCommand(text, context)).toMatchObject({ kind: "help", wrong });
});
