import { createHash } from "node:crypto";
import { PortError } from "@nightshift/ports";
import { describe, expect, it } from "vitest";
import { fieldsOf } from "./read.ts";
import { storedText, textStored } from "./texts.ts";

const row = (stored: Readonly<Record<string, unknown>>) => fieldsOf({ pk: "SCALE#worker", sk: "STATE", ...stored });
/** Text that packing cannot make much smaller, the same every time. */
const noise = (length: number): string =>
  Array.from({ length: Math.ceil(length / 44) }, (_, n) => createHash("sha256").update(String(n)).digest("base64")).join("");

describe("a value kept as one text", () => {
  it("is plain JSON up to 1,000 characters, and packed above", () => {
    const sized = (length: number) => ({ a: "x".repeat(length - '{"a":""}'.length) });
    expect(Object.entries(storedText("state", sized(1_000), "w")).map(([name, text]) => [name, text !== undefined])).toEqual([
      ["state", true],
      ["statePacked", false],
    ]);
    const packed = storedText("state", sized(1_001), "w");
    expect([packed["state"], String(packed["statePacked"]).length < 200]).toEqual([undefined, true]);
    expect(textStored(row(packed), "state").value).toEqual(sized(1_001));
  });

  it("comes back without what is no number", () => {
    const stored = storedText("state", { wait: Number.POSITIVE_INFINITY, rate: Number.NaN, tiny: 5e-324, zero: 0 }, "w");
    expect(textStored(row(stored), "state").value).toEqual({ tiny: 5e-324, zero: 0 });
  });

  it("that does not fit even packed is refused with both sizes", () => {
    expect(() => storedText("state", { a: noise(500_000) }, "the scaling state of worker")).toThrow(
      /ledger:write on the scaling state of worker: it has \d{6} bytes packed, and a row holds 350000/,
    );
  });

  it.each(["{", "[]", "7", "null"])("that somebody broke (%s) is refused by the row's name", (text) => {
    const read = () => textStored(row({ state: text }), "state");
    expect(read).toThrow(PortError);
    expect(read).toThrow("pk=SCALE#worker sk=STATE");
  });

  it("that is missing is refused by the row's name", () => {
    expect(() => textStored(row({}), "state")).toThrow("attribute state holds nothing where a text belongs");
  });
});
