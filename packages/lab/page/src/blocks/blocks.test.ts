import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { Blocks } from "./blocks.tsx";
import { InputBlock } from "./inputs.tsx";

const drawn = (...blocks: readonly object[]): string => renderToStaticMarkup(createElement(Blocks, { blocks, press: () => undefined }));
const plain = (text: string) => ({ type: "plain_text", text });
const mrkdwn = (text: string) => ({ type: "mrkdwn", text });

describe("Block Kit on the page", () => {
  test("a header is a heading, and its text is no markup", () => {
    expect(drawn({ type: "header", text: plain("*5xx* <b>") })).toBe('<div class="block block-header"><h3>*5xx* &lt;b&gt;</h3></div>');
  });

  test("a section shows its text and fields", () => {
    expect(drawn({ type: "section", text: mrkdwn("a *b*"), fields: [mrkdwn("*State*\nopen")] })).toBe(
      '<div class="block block-section"><span class="words">a <strong>b</strong></span><div class="fields"><div><span class="words"><strong>State</strong>\nopen</span></div></div></div>',
    );
  });

  test("foreign text stays text: no elements, no addresses that run code", () => {
    const html = drawn({ type: "section", text: mrkdwn("<img src=x onerror=alert(1)> <javascript:alert(1)|here> &lt;!channel&gt;") });
    expect(html).not.toMatch(/<img|<a |class="mention"/);
    expect(html).toContain("&lt;!channel&gt;");
  });

  test("buttons are buttons, links open elsewhere, and a question stands before what asks one", () => {
    const html = drawn({
      type: "actions",
      block_id: "b",
      elements: [
        { type: "button", action_id: "ns.ack", text: plain("Acknowledge"), value: "I", style: "primary" },
        { type: "button", action_id: "docs", text: plain("Runbook"), url: "https://e.example/" },
        {
          type: "button",
          action_id: "ns.resolve",
          text: plain("Resolve"),
          confirm: { title: plain("Sure?"), text: plain("Really."), confirm: plain("Yes"), deny: plain("No") },
        },
      ],
    });
    expect(html).toContain('<button type="button" class="button primary">Acknowledge</button>');
    expect(html).toContain('<a class="button" href="https://e.example/" target="_blank" rel="noopener noreferrer">Runbook</a>');
    expect(html).toContain('<dialog aria-label="Sure?"><h2>Sure?</h2>');
  });

  test("a picture of the lab is shown with its words, one from elsewhere is named and not fetched", () => {
    expect(drawn({ type: "image", slack_file: { id: "F1" }, alt_text: "5xx over an hour" })).toContain('<img src="/files/F1" alt="5xx over an hour"/>');
    expect(drawn({ type: "image", image_url: "https://e.example/x.png", alt_text: "a cat" })).toBe(
      '<div class="block block-image"><span class="elsewhere">[picture: a cat]</span></div>',
    );
  });

  test("what the page does not know it names", () => {
    expect(drawn({ type: "video" })).toContain("cannot show a block of type &quot;video&quot;");
    expect(drawn({ type: "actions", elements: [{ type: "datepicker" }] })).toContain("cannot show an element of type &quot;datepicker&quot;");
  });

  test("a form's question has its label, its hint and what was wrong with the answer", () => {
    const block = {
      type: "input",
      block_id: "reason",
      label: plain("Why"),
      hint: plain("One line"),
      optional: true,
      element: { type: "plain_text_input", action_id: "value" },
    };
    const html = renderToStaticMarkup(createElement(InputBlock, { block, problem: "Say why." }));
    expect(html).toMatch(/<label for="([^"]+)">Why<span class="quiet"> \(optional\)<\/span><\/label><input id="\1"/);
    expect(html).toMatch(/aria-invalid="true" aria-describedby="(\S+)-hint \1-problem" type="text" name="reason value"/);
    expect(html).toMatch(/<p class="problem" id="[^"]+">Say why\.<\/p>/);
  });
});
