import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CUT, slackText } from "./escape.ts";

describe("text for Slack", () => {
  it.each([
    ["a broadcast mention", "<!channel> <!here|here>", "&lt;!channel&gt; &lt;!here|here&gt;"],
    ["a mention of a person, a group or a channel", "<@U1|bob> <!subteam^S1> <#C1>", "&lt;@U1|bob&gt; &lt;!subteam^S1&gt; &lt;#C1&gt;"],
    ["a link under a false name", "<http://evil.example|runbook>", "&lt;http://evil.example|runbook&gt;"],
    ["text that was escaped already", "&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;"],
    ["a bare broadcast word", "mail @channel, @Here and @everyone!", "mail @\u2060channel, @\u2060Here and @\u2060everyone!"],
    ["a broadcast word with a joiner hidden in it", "@\u2060channel", "@\u2060channel"],
    ["a word that only begins like one", "@channels @heretic", "@channels @heretic"],
    ["a direction override", "safe\u202Egnp.exe", "safegnp.exe"],
    ["isolates, marks and a byte order mark", "\uFEFFa\u2066b\u2069c\u200Fd\u061Ce", "abcde"],
    ["control characters and an escape sequence", "a\u0000b\u001B[31mc\u0007\u009Bd", "ab[31mcd"],
    ["foreign line ends", "a\r\nb\rc\u2028d\u0085e", "a\nb\nc\nd\ne"],
    ["half a surrogate pair", "a\uD83Db", "a\uFFFDb"],
    ["hidden tag characters", "a\u{E0041}\u{E0042}b", "ab"],
    ["a family emoji, a tab and a quote", "👩‍👩‍👧\tok\n> said", "👩‍👩‍👧\tok\n&gt; said"],
    ["emphasis", "*bold* `code`", "*bold* `code`"],
    ["nothing", "", "(no text)"],
    ["nothing that can be seen", "\u200B \u202E\n", "(no text)"],
  ])("%s", (_what, given, shown) => {
    expect(slackText(given, 4_000)).toBe(shown);
  });
  it("exactly the limit stays whole, one byte more is cut and says so", () => {
    expect(slackText("a".repeat(4_000), 4_000)).toBe("a".repeat(4_000));
    const cut = slackText("a".repeat(4_001), 4_000);
    expect(cut.endsWith(CUT)).toBe(true);
    expect(new TextEncoder().encode(cut).length).toBe(4_000);
  });
  it("what escaping adds counts, and no entity or emoji is cut in two", () => {
    expect(slackText("&".repeat(12), 60)).toBe("&amp;".repeat(12));
    expect(slackText("&".repeat(13), 60)).toBe(`&amp;&amp;&amp;${CUT}`);
    expect(slackText("😀".repeat(16), 60)).toBe(`😀😀😀😀${CUT}`);
  });
  it("whatever comes in, nothing that Slack would act on comes out, and it fits", () => {
    const nasty = fc
      .array(fc.oneof(fc.constantFrom("<!channel>", "<@U1>", "<http://e|x>", "&", "@here", "\u202E", "\u0000", "`", "😀"), fc.string({ unit: "binary" })))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(nasty, fc.integer({ min: 60, max: 300 }), (text, max) => {
        const shown = slackText(text, max);
        return (
          !/[<>\u202A-\u202E\u2066-\u2069]|(?![\n\t])\p{Cc}/u.test(shown) &&
          !/&(?!(?:amp|lt|gt);)/.test(shown) &&
          !/@(?:channel|here|everyone)\b/i.test(shown) &&
          new TextEncoder().encode(shown).length <= max &&
          shown.length > 0
        );
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
