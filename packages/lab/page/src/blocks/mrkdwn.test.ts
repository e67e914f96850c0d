import { describe, expect, test } from "vitest";
import { readMrkdwn } from "./mrkdwn.ts";

describe("Slack's markup", () => {
  test.each([
    ["escaped text names nobody", "a &lt;!channel&gt; &amp; b", [{ kind: "text", text: "a <!channel> & b" }]],
    ["an entity is read once", "&amp;lt;", [{ kind: "text", text: "&lt;" }]],
    ["headings, lists and tables are shown as typed", "# one\n1. two\n| a | b |", [{ kind: "text", text: "# one\n1. two\n| a | b |" }]],
    ["Markdown's links and pictures are shown as typed", "[x](https://e.example) ![y](z)", [{ kind: "text", text: "[x](https://e.example) ![y](z)" }]],
    ["marks inside words mean nothing", "snake_case_name 2*3*4", [{ kind: "text", text: "snake_case_name 2*3*4" }]],
    ["bold", "*bold*", [{ kind: "bold", pieces: [{ kind: "text", text: "bold" }] }]],
    ["code keeps its marks", "`*a*`", [{ kind: "code", text: "*a*" }]],
    [
      "a fenced block",
      "x ```\na < b\n``` y",
      [
        { kind: "text", text: "x " },
        { kind: "block", text: "a < b" },
        { kind: "text", text: " y" },
      ],
    ],
    ["a link", "<https://e.example|here>", [{ kind: "link", href: "https://e.example", text: "here" }]],
    ["an address that runs code is text", "<javascript:alert(1)|x>", [{ kind: "text", text: "<javascript:alert(1)|x>" }]],
    ["a person", "<@U1>", [{ kind: "mention", what: "person", id: "U1", label: undefined }]],
    ["everybody", "<!channel>", [{ kind: "mention", what: "everybody", id: "channel", label: undefined }]],
    ["a moment", "<!date^1773630000^{time_secs}|03:00>", [{ kind: "moment", at: 1_773_630_000_000, format: "{time_secs}", words: "03:00" }]],
    [
      "a quote",
      "a\n&gt; b\nc",
      [
        { kind: "text", text: "a\n" },
        { kind: "quote", pieces: [{ kind: "text", text: "b" }] },
        { kind: "text", text: "c" },
      ],
    ],
  ])("%s", (_, text, pieces) => {
    expect(readMrkdwn(text)).toEqual(pieces);
  });
});
