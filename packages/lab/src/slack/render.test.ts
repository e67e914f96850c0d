import { headerCard, replyCard } from "@nightshift/decide/incidents/cards/index";
import { incidentFixture, later } from "@nightshift/decide/incidents/incident.fixture";
import { policyFixture } from "@nightshift/decide/incidents/policy.fixture";
import type { Button, Card, Form, FormField, Part, Rich, RungAlarm, Span } from "@nightshift/model";
import { plainCard, renderCard } from "@nightshift/slack/render/card";
import { renderForm } from "@nightshift/slack/render/form";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkBlocks, checkView, texts } from "./limits-check.ts";

const nasty = [
  "<!channel>",
  "<@U1|bob>",
  "<http://evil.example|runbook>",
  "@here",
  "```",
  "`",
  "*",
  "\u202Eabc",
  "\u05D0\u05D1",
  "&",
  "<",
  "😀",
  "👩‍👩‍👧",
  "\n",
  "",
  " ",
];
const huge = ["x".repeat(10_000), "😀".repeat(255), "&".repeat(4_000), "<!channel>".repeat(1_000)];
const foreign = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: "binary", maxLength: 80 }) },
  { weight: 4, arbitrary: fc.array(fc.constantFrom(...nasty), { maxLength: 6 }).map((all) => all.join("")) },
  { weight: 1, arbitrary: fc.constantFrom(...huge) },
);
const id = fc.oneof(fc.constantFrom("U0ANA", "U1>|<!channel", "", "S0X", "C0Y", "x y"), foreign);
const span: fc.Arbitrary<Span> = fc.oneof(
  foreign,
  foreign.map((bold) => ({ bold })),
  foreign.map((code) => ({ code })),
  fc
    .tuple(
      fc.oneof(fc.constantFrom("https://wiki.example/a?b=1&c=2", "https://x|y>", "javascript:alert(1)", `https://x.example/${"y".repeat(3_000)}`), foreign),
      foreign,
    )
    .map(([link, text]) => ({ link, text })),
  id.map((person) => ({ person })),
  id.map((userGroup) => ({ userGroup })),
  id.map((channel) => ({ channel })),
  fc.constant({ everybody: true } as const),
  foreign.map((words) => ({ moment: later(0), words })),
);
const rich: fc.Arbitrary<Rich> = fc.oneof(foreign, fc.array(span, { maxLength: 5 }));
const button: fc.Arbitrary<Button> = fc.record(
  {
    action: fc.oneof(fc.constantFrom("ns.ack", "ns.resolve", "ns.note", "ns.role", "ns.hold"), foreign),
    text: foreign,
    value: fc.oneof(fc.constantFrom("INC-1", "INC-1|P-2"), foreign),
    style: fc.constantFrom("primary", "danger"),
    confirm: fc.record({ title: foreign, text: foreign, yes: foreign, no: foreign }),
  },
  { requiredKeys: ["action", "text", "value"] },
);
const part: fc.Arbitrary<Part> = fc.oneof(
  foreign.map((text) => ({ kind: "heading" as const, text })),
  rich.map((text) => ({ kind: "text" as const, text })),
  rich.map((text) => ({ kind: "small" as const, text })),
  foreign.map((text) => ({ kind: "code" as const, text })),
  fc.array(rich, { maxLength: 12 }).map((lines) => ({ kind: "lines" as const, lines })),
  fc.array(fc.tuple(foreign, rich), { maxLength: 25 }).map((facts) => ({ kind: "facts" as const, facts })),
  foreign.map((alt) => ({ kind: "image" as const, file: "F0CHART", alt })),
  fc.constant({ kind: "divider" as const }),
  fc.tuple(fc.array(button, { maxLength: 30 }), fc.array(button, { maxLength: 8 })).map(([buttons, more]) => ({ kind: "buttons" as const, buttons, more })),
);
const card: fc.Arbitrary<Card> = fc.record({
  summary: rich,
  parts: fc.oneof({ weight: 19, arbitrary: fc.array(part, { maxLength: 6 }) }, { weight: 1, arbitrary: fc.array(part, { minLength: 30, maxLength: 60 }) }),
});

/** The marks that the adapter writes itself; nothing else may hold an angle bracket. */
const marks =
  /<(?:@[UW][A-Z0-9]+|#[CDG][A-Z0-9]+|!subteam\^S[A-Z0-9]+|!channel|!date\^\d+\^\{date_short_pretty\} \{time\}\|[^<>|]+|https?:\/\/[^<>|\s]+\|[^<>|]+)>/g;
const safe = (text: string): boolean =>
  !/[<>]/.test(text.replace(marks, "")) && !/[\u202A-\u202E\u2066-\u2069]/.test(text) && !/&(?!(?:amp|lt|gt);)/.test(text);

describe("whatever a card holds", () => {
  it("Slack takes it: blocks, total, text; nothing foreign mentions, links or hides, and a plain text is left", () => {
    fc.assert(
      fc.property(card, (it) => {
        const { text, blocks } = renderCard(it);
        expect(checkBlocks(blocks)).toEqual({ error: undefined, messages: [] });
        expect(texts(blocks).reduce((sum, one) => sum + one.text.length, 0)).toBeLessThan(12_000);
        for (const shown of [text, plainCard(it).text, ...texts(blocks).flatMap((one) => (one.type === "mrkdwn" ? one.text : []))])
          expect(safe(shown) ? "" : shown).toBe("");
        for (const whole of [text, plainCard(it).text]) {
          expect(Buffer.byteLength(whole)).toBeLessThanOrEqual(4_000);
          expect(whole).not.toBe("");
        }
      }),
      { seed: 2_026, numRuns: 1_200 },
    );
  }, 60_000);
  it("only explicit marks call people: a card of plain words calls nobody", () => {
    fc.assert(
      fc.property(foreign, foreign, (a, b) => {
        const { text, blocks } = renderCard({
          summary: a,
          parts: [
            { kind: "text", text: b },
            { kind: "facts", facts: [[a, b]] },
            { kind: "code", text: a },
          ],
        });
        const all = [text, ...texts(blocks).flatMap((one) => (one.type === "mrkdwn" ? one.text : []))].join("\n");
        expect(/[<>]|@(?:channel|here|everyone)\b/i.test(all)).toBe(false);
      }),
      { seed: 2_026, numRuns: 1_000 },
    );
  });
  it("Slack takes every form", () => {
    const field: fc.Arbitrary<FormField> = fc.oneof(
      fc.record({
        kind: fc.constant("text" as const),
        name: fc.constantFrom("a", "b", "c"),
        label: foreign,
        long: fc.boolean(),
        optional: fc.boolean(),
        initial: foreign,
        hint: foreign,
      }),
      fc.record({
        kind: fc.constant("choice" as const),
        name: fc.constantFrom("d", "e"),
        label: foreign,
        options: fc.array(fc.tuple(foreign, foreign), { maxLength: 150 }),
        initial: foreign,
      }),
    );
    const form: fc.Arbitrary<Form> = fc.record({
      callback: fc.constant("ns.form.note"),
      title: foreign,
      submit: foreign,
      context: fc.string({ maxLength: 3_000 }),
      parts: fc.array(part, { maxLength: 3 }).map((parts) => parts.filter(({ kind }) => kind !== "buttons")),
      fields: fc.uniqueArray(field, { maxLength: 4, selector: ({ name }) => name }),
    });
    fc.assert(
      fc.property(form, (it) => {
        expect(checkView(renderForm(it))).toEqual({ error: undefined, messages: [] });
      }),
      { seed: 2_026, numRuns: 500 },
    );
  });
});

describe("cards of a storm", () => {
  const alarm = (n: number): RungAlarm => ({
    name: `a${n}${"&".repeat(10_000)}`,
    service: "api",
    value: "ALARM",
    since: later(n),
    reason: "<!channel>".repeat(2_000),
    first: later(0),
    rang: later(0),
    severity: "P1",
    role: "symptom",
    changes: [],
  });
  it("500 alarms with names of 10,000 characters are a header that Slack takes, with its buttons", () => {
    const incident = incidentFixture({ alarms: Array.from({ length: 500 }, (_, n) => alarm(n)), firing: 500, title: "<!channel>".repeat(2_000) });
    const { text, blocks } = renderCard(headerCard(incident, policyFixture(), { now: later(0), place: "room" }));
    expect(checkBlocks(blocks).error).toBeUndefined();
    expect(blocks.length).toBeLessThanOrEqual(12);
    expect(blocks.find(({ type }) => type === "actions")).toBeDefined();
    expect(text).not.toContain("<!channel>");
  });
  it("a reply of 100 long lines is cut, says so, and keeps its question", () => {
    const entries = Array.from({ length: 100 }, (_, n) => ({
      key: `k${n}`,
      at: later(n),
      kind: "asked" as const,
      text: `npx nightshift approve P-${n} ${"x".repeat(2_000)}`,
      announce: true,
    }));
    const { blocks } = renderCard(replyCard(incidentFixture({ entries }), entries, policyFixture()));
    expect(checkBlocks(blocks).error).toBeUndefined();
    expect(JSON.stringify(blocks)).toContain("(cut; the incident record has all of it)");
    expect(blocks.at(-1)?.type).toBe("actions");
  });
});

describe("the lab checks as Slack does", () => {
  const section = (length: number) => ({ type: "section", text: { type: "mrkdwn", text: "x".repeat(length) } });
  const button = (action: string) => ({ type: "actions", elements: [{ type: "button", action_id: action, text: { type: "plain_text", text: "x" } }] });
  it.each<[string, unknown, string | undefined]>([
    ["a section of 3,000", [section(3_000)], undefined],
    ["a section of 3,001", [section(3_001)], "invalid_blocks"],
    ["an empty section", [section(0)], "invalid_blocks"],
    ["50 blocks", Array.from({ length: 50 }, () => ({ type: "divider" })), undefined],
    ["51 blocks", Array.from({ length: 51 }, () => ({ type: "divider" })), "invalid_blocks"],
    ["a header of 150", [{ type: "header", text: { type: "plain_text", text: "x".repeat(150) } }], undefined],
    ["a header of 151", [{ type: "header", text: { type: "plain_text", text: "x".repeat(151) } }], "invalid_blocks"],
    ["a header with markup", [{ type: "header", text: { type: "mrkdwn", text: "x" } }], "invalid_blocks"],
    ["12,672 characters in five blocks", Array.from({ length: 4 }, () => section(3_000)).concat(section(672)), undefined],
    ["12,673 characters in five blocks", Array.from({ length: 4 }, () => section(3_000)).concat(section(673)), "msg_blocks_too_long"],
    ["two buttons of two actions", [button("a"), button("b")], undefined],
    ["two buttons of one action", [button("a"), button("a")], "invalid_blocks"],
    ["a field in a message", [{ type: "input", label: { type: "plain_text", text: "x" }, element: { type: "plain_text_input" } }], "invalid_blocks"],
    ["an unknown block", [{ type: "hologram" }], "invalid_blocks"],
    ["a text instead of blocks", "[]", "invalid_blocks_format"],
  ])("%s", (_what, blocks, error) => {
    expect(checkBlocks(blocks).error).toBe(error);
  });
  it("says where", () => {
    expect(checkBlocks([section(3_001)]).messages).toEqual(["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]);
  });
});
