import { expect, it } from "vitest";
import { readNames } from "./entry-names.ts";

it("reads the names that the stacks wrote", () => {
  expect(readNames('{"services":["shop-api"],"groups":["shop"],"people":["ana"],"zone":"prod"}')).toEqual({
    services: ["shop-api"],
    groups: ["shop"],
    people: ["ana"],
    zone: "prod",
  });
});

it.each([undefined, "", "{", "[]", '{"services":"shop-api","people":[1]}'])("checks no names where there are none: %j", (written) => {
  expect(readNames(written)).toEqual({ services: [], groups: [], people: [] });
});
