import { type Button, epochMs, type Part, type Rich } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { plainCard, renderCard } from "./card.ts";
import { renderForm } from "./form.ts";
import { markup } from "./spans.ts";

const blocksOf = (...parts: readonly Part[]) => renderCard({ summary: "x", parts }).blocks;
const press = (action: string, over: Partial<Button> = {}): Button => ({ action, text: action, value: "INC-1", ...over });

describe("marks", () => {
  it.each<[string, Rich, string]>([
    ["foreign words", "<!channel> & <@U1>", "&lt;!channel&gt; &amp; &lt;@U1&gt;"],
    ["bold words", [{ bold: "a*b\nc" }], "*a∗b c*"],
    ["bold of nothing", ["a", { bold: " " }, "b"], "ab"],
    ["code", [{ code: "x`<y>" }], "`xˋ&lt;y&gt;`"],
    ["a link", [{ link: "https://wiki.example/a?b=1&c=2", text: "run|book" }], "<https://wiki.example/a?b=1&amp;c=2|run¦book>"],
    ["a link that is none", [{ link: "javascript:alert(1)", text: "book" }], "book"],
    ["a link that would end early", [{ link: "https://x.example/a|b>c", text: "x" }], "<https://x.example/a%7Cb%3Ec|x>"],
    ["a person", [{ person: "U0ANA" }, " ", { userGroup: "S1" }, " ", { channel: "C1" }], "<@U0ANA> <!subteam^S1> <#C1>"],
    ["somebody who is no id", [{ person: "ana>|<!channel" }], "ana&gt;|&lt;!channel"],
    ["everybody", [{ everybody: true }], "<!channel>"],
    ["a moment", [{ moment: epochMs(1_773_630_720_500), words: "03:12:00 UTC" }], "<!date^1773630720^{date_short_pretty} {time}|03:12:00 UTC>"],
    ["a fence", "```a```", "ˋˋˋaˋˋˋ"],
  ])("%s", (_what, given, shown) => {
    expect(markup(given, 3_000)).toBe(shown);
  });
  it("what is too long is cut inside its mark, and says so; one fewer stays whole", () => {
    expect(markup([{ bold: "x".repeat(98) }], 100)).toBe(`*${"x".repeat(98)}*`);
    expect(markup([{ bold: "x".repeat(99) }], 100)).toBe(`*${"x".repeat(56)}*… (cut; the incident record has all of it)`);
  });
});

describe("a card", () => {
  it("keeps the order of its parts, links nothing by itself, and shows colons as they are", () => {
    expect(
      blocksOf(
        { kind: "heading", text: ":fire: a\nb" },
        { kind: "lines", lines: ["1", ["2 ", { bold: "x" }]] },
        { kind: "small", text: "s" },
        { kind: "divider" },
        { kind: "code", text: "a<b" },
      ),
    ).toEqual([
      { type: "header", text: { type: "plain_text", text: ":fire: a b", emoji: false } },
      { type: "section", text: { type: "mrkdwn", text: "1\n2 *x*", verbatim: true } },
      { type: "context", elements: [{ type: "mrkdwn", text: "s", verbatim: true }] },
      { type: "divider" },
      { type: "section", text: { type: "mrkdwn", text: "```a&lt;b```", verbatim: true } },
    ]);
  });
  it("shows eleven facts in two blocks, ten in one", () => {
    const facts = (n: number) => blocksOf({ kind: "facts", facts: Array.from({ length: n }, (_, i) => [`n${i}`, ""] as const) });
    expect(facts(10)).toHaveLength(1);
    expect(facts(11)).toHaveLength(2);
    expect(facts(1)).toEqual([{ type: "section", fields: [{ type: "mrkdwn", text: "*n0*\n(no text)", verbatim: true }] }]);
  });
  it("lines of 3,000 stand in one block, one more begins a second", () => {
    const lines = (last: number) => blocksOf({ kind: "lines", lines: ["x".repeat(1_000), "y".repeat(last)] });
    expect(lines(1_999)).toHaveLength(1);
    expect(lines(2_000)).toHaveLength(2);
  });
  it("stays under the total that Slack takes; where the first text went, a line says so, and the buttons stay", () => {
    const text = (n: number): Part => ({ kind: "text", text: `${n}${"x".repeat(2_900)}` });
    const blocks = blocksOf(text(1), text(2), text(3), text(4), text(5), { kind: "buttons", buttons: [press("ns.ack")] });
    expect(blocks.map(({ type }) => type)).toEqual(["section", "section", "section", "context", "actions"]);
    expect(JSON.stringify(blocks[3])).toContain("(cut; the incident record has all of it)");
  });
  it("of 51 parts leaves 49 and the note", () => {
    const dividers = (n: number) => blocksOf(...Array.from({ length: n }, (): Part => ({ kind: "divider" })));
    expect(dividers(50)).toHaveLength(50);
    expect(dividers(51)).toHaveLength(50);
    expect(dividers(51).at(-1)?.type).toBe("context");
  });
  it("as plain text tells all that its blocks tell", () => {
    const parts: readonly Part[] = [
      { kind: "heading", text: "H" },
      { kind: "facts", facts: [["a", "b"]] },
      { kind: "lines", lines: ["1", "2"] },
      { kind: "buttons", buttons: [press("a")] },
    ];
    expect(plainCard({ summary: "S", parts })).toEqual({ text: "S\n*H*\na: b\n1\n2", blocks: [] });
    expect(plainCard({ summary: "", parts: [] }).text).toBe("(no text)");
  });
});

describe("buttons", () => {
  const elements = (buttons: readonly Button[], more: readonly Button[] = []) => {
    const [block] = blocksOf({ kind: "buttons", buttons, more });
    return block?.type === "actions" ? block.elements : [];
  };
  it("carry action, value, style and question", () => {
    expect(elements([press("ns.ack", { style: "primary", confirm: { title: "t", text: "x", yes: "y", no: "n" } })])).toEqual([
      {
        type: "button",
        action_id: "ns.ack",
        text: { type: "plain_text", text: "ns.ack", emoji: false },
        value: "INC-1",
        style: "primary",
        confirm: {
          title: { type: "plain_text", text: "t", emoji: false },
          text: { type: "plain_text", text: "x", emoji: false },
          confirm: { type: "plain_text", text: "y", emoji: false },
          deny: { type: "plain_text", text: "n", emoji: false },
        },
      },
    ]);
  });
  it("go into a menu from the second of the rest on, each with its own action in the value", () => {
    expect(elements([press("a")], [press("b")]).map(({ type }) => type)).toEqual(["button", "button"]);
    expect(elements([press("a")], [press("ns.note"), press("ns.hold")])[1]).toEqual({
      type: "overflow",
      action_id: "ns.more",
      options: [
        { text: { type: "plain_text", text: "ns.note", emoji: false }, value: "ns.note|INC-1" },
        { text: { type: "plain_text", text: "ns.hold", emoji: false }, value: "ns.hold|INC-1" },
      ],
    });
  });
  it("whose value fits no menu stand in the row, and what is too long for a button is left out whole", () => {
    const long = press("ns.note", { value: "x".repeat(68) });
    expect(elements([], [press("b"), press("c"), long]).map(({ type }) => type)).toEqual(["button", "overflow"]);
    expect(elements([], [press("b"), press("c"), press("ns.note", { value: "x".repeat(67) })]).map(({ type }) => type)).toEqual(["overflow"]);
    expect(elements([press("a", { value: "x".repeat(2_000) })])).toHaveLength(1);
    expect(elements([press("a", { value: "x".repeat(2_001) })])).toHaveLength(0);
  });
  it("of one action stand in a message once", () => {
    expect(blocksOf({ kind: "buttons", buttons: [press("a"), press("a")] }, { kind: "buttons", buttons: [press("a")] })).toHaveLength(1);
  });
});

describe("a form", () => {
  const form = { callback: "ns.form.x", title: "A title that is rather long", submit: "Go", context: "c", parts: [], fields: [] };
  it("asks a question a block, named as the field", () => {
    const { blocks, ...view } = renderForm({
      ...form,
      fields: [
        { kind: "text", name: "why", label: "Why", long: false, optional: true, hint: "one line" },
        {
          kind: "choice",
          name: "how",
          label: "How",
          options: [
            ["a", "A"],
            ["b", "B"],
          ],
          initial: "b",
        },
        { kind: "choice", name: "none", label: "None", options: [] },
      ],
    });
    expect(view).toMatchObject({ type: "modal", callback_id: "ns.form.x", title: { text: "A title that is rather …" }, private_metadata: "c" });
    expect(blocks).toMatchObject([
      { type: "input", block_id: "why", optional: true, element: { type: "plain_text_input", multiline: false }, hint: { text: "one line" } },
      { type: "input", block_id: "how", element: { type: "static_select", initial_option: { value: "b" }, options: [{ value: "a" }, { value: "b" }] } },
      { type: "context" },
    ]);
  });
  it("whose context would not come back whole is not shown at all", () => {
    expect(renderForm({ ...form, context: "x".repeat(3_000) }).private_metadata).toHaveLength(3_000);
    expect(() => renderForm({ ...form, context: "x".repeat(3_001) })).toThrow("carries 3001 characters of context, and Slack takes 3000");
  });
});
