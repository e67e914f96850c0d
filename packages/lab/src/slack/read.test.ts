import { expect, test } from "vitest";
import { linesOf } from "./read.ts";

const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } });

test("a message is read from its blocks, top to bottom, without marks", () => {
  const blocks = [
    { type: "header", text: { type: "plain_text", text: "[shop-api] P2" } },
    section("*03:12:08*  5xx &gt; 5 %\nsee <https://example.com/x|the dashboard>"),
    {
      type: "section",
      fields: [
        { type: "mrkdwn", text: "a" },
        { type: "mrkdwn", text: "b" },
      ],
    },
    { type: "context", elements: [{ type: "mrkdwn", text: "<!date^1773630720^{time}|03:12 UTC> &amp; more" }] },
    { type: "actions", elements: [{ type: "button", text: { type: "plain_text", text: "Acknowledge" } }] },
    { type: "divider" },
  ];
  expect(linesOf({ text: "summary", blocks })).toEqual(["[shop-api] P2", "03:12:08  5xx > 5 %", "see the dashboard", "a", "b", "03:12 UTC & more"]);
});

test("without blocks its text is what there is", () => {
  expect(linesOf({ text: "a\nb", blocks: undefined })).toEqual(["a", "b"]);
  expect(linesOf({ text: "a", blocks: [] })).toEqual(["a"]);
});
