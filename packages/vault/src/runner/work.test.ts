import { expect, test } from "vitest";
import { readAddress } from "./address.ts";
import { targetOf } from "./work.ts";

const source = readAddress("postgres://app:secret@prod.internal:5433/shop");
const target = (text: string | undefined) => targetOf({ do: "restore", ...(text === undefined ? {} : { target: text }) }, source);

test("a target is an endpoint that takes the source's user and password; what it leaves out is the source's", () => {
  expect(target("verify.internal")).toEqual({ ...source, host: "verify.internal" });
  expect(target("verify.internal:5434/copy")).toEqual({ ...source, host: "verify.internal", port: 5434, database: "copy" });
});

test("no target, or one with a password in it, is refused without repeating it", () => {
  expect(() => target(undefined)).toThrow("needs a target");
  expect(() => target("postgres://me:other@host/shop")).toThrow(/^(?!.*other).*needs a target/);
});
