import { buttons, forms } from "@nightshift/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { office, type Office } from "../../test/testing/office.ts";

/** Everything a click could change, but for the note that this request was taken, its record and its answer. */
const changed = ({ writes }: Office): readonly string[] =>
  writes.filter((call) => !["claims.claim", "audit.append"].includes(call) && !call.startsWith("replies."));

describe("a button that somebody made up has no effect", () => {
  test.each([
    ["an unknown button", "ns.delete-everything", "INC-1"],
    ["no value", buttons.ack, ""],
    ["a value of another form", buttons.ack, "INC-1|plan|more"],
    ["a plan where none belongs", buttons.ack, "INC-1|shop-api-43-to-42"],
    ["no plan where one belongs", buttons.approve, "INC-1"],
    ["a service for an incident", buttons.ack, "shop-api"],
    ["an incident that there is not", buttons.ack, "INC-260314-0300-shop-api-none"],
    ["an inherited name", "constructor", "INC-1"],
    ["a script", buttons.approve, "<script>|x"],
  ])("%s", (_, action, value) =>
    office(async (it) => {
      expect(await it.press(action, value)).toMatch(/Nothing was (done|changed)\./);
      expect(changed(it)).toEqual([]);
    }),
  );
});

describe("a form that somebody made up has no effect", () => {
  test.each<[string, string, string, Readonly<Record<string, string>>]>([
    ["an unknown form", "ns.form.delete", "INC-1", {}],
    ["an inherited name", "toString", "INC-1", {}],
    ["an unknown service", forms.rollback, "-", { service: "payroll", to: "", how: "do", reason: "x" }],
    ["an unknown severity", forms.severity, "INC-1", { severity: "P0" }],
    ["an unknown part", forms.role, "INC-1", { role: "king", person: "me" }],
    ["an endless silence", forms.silence, "-", { scope: "shop-api", lasts: "999d", reason: "x" }],
    ["an unknown scope", forms.silence, "-", { scope: "payroll", lasts: "1h", reason: "x" }],
    ["a context of another form", forms.note, "{}|x", { text: "hello" }],
    ["an empty note", forms.note, "INC-1", { text: " " }],
  ])("%s", (_, callback, value, fields) =>
    office(async (it) => {
      const says = await it.ask({ kind: "form", text: callback, value, fields });
      expect(says).toMatch(/Nothing was (done|changed)\./);
      expect(changed(it)).toEqual([]);
    }),
  );
});

test("a thousand made-up buttons and forms: no throw, an answer each, no effect", () =>
  office(async (it) => {
    const word = fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom("INC-1", "shop-api", "|", "-", "P1", "1h", "__proto__"));
    const request = fc.record({
      kind: fc.constantFrom("button" as const, "form" as const, "shortcut" as const),
      text: fc.oneof(word, fc.constantFrom(...Object.values(buttons), ...Object.values(forms))),
      value: fc.oneof(
        word,
        fc.tuple(word, word).map(([a, b]) => `${a}|${b}`),
      ),
      fields: fc.dictionary(fc.constantFrom("service", "to", "text", "severity", "role", "person", "lasts", "scope", "count", "__proto__"), word, {
        maxKeys: 6,
      }),
    });
    await fc.assert(
      fc.asyncProperty(request, async (made) => {
        expect(await it.ask(made)).not.toBe("");
      }),
      { numRuns: 1_000, seed: 3 },
    );
    expect(changed(it)).toEqual([]);
  }));

test.each([
  ["nothing", "null"],
  ["a list", "[]"],
  ["no key", '{"kind":"slash","at":1,"asker":{"user":"U","team":"T","app":"A"}}'],
  ["an unknown kind", '{"key":"k","kind":"event","at":1,"asker":{"user":"U","team":"T","app":"A"}}'],
  ["no moment", '{"key":"k","kind":"slash","at":"now","asker":{"user":"U","team":"T","app":"A"}}'],
  ["nobody", '{"key":"k","kind":"slash","at":1,"asker":{"team":"T","app":"A"}}'],
])("a message with %s goes to the dead-letter queue by its field's name", async (_, body) => {
  const { readRequest } = await import("./request.ts");
  expect(() => readRequest(body)).toThrow(/^commands: \w+: expected /);
});
