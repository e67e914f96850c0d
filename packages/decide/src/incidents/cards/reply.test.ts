import { buttons, type Entry, epochMs } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { incidentFixture, later } from "../incident.fixture.ts";
import { policyFixture } from "../policy.fixture.ts";
import { digestCard } from "./digest.ts";
import { replyCard } from "./reply.ts";
import { mergedCard, roomIntroCard } from "./room.ts";
import { rich, shown } from "./show.fixture.ts";

const policy = policyFixture();
const entry = (at: number, text: string, over: Partial<Entry> = {}): Entry => ({ key: `k${at}`, at: later(at), kind: "note", text, announce: true, ...over });
const paged = (people: readonly string[], by: readonly ("slack-mention" | "sns")[]): Entry =>
  entry(60, "Tier 1 is called.", { kind: "paged", change: { what: "paged", tier: 1, by, people } });
const asks = entry(
  9,
  "A person must say yes: press Approve or Deny, or /ops approve P-7f3a (or npx nightshift approve P-7f3a). Without an answer within 10 m the deployment stays.",
  { kind: "asked" },
);

describe("a reply", () => {
  it("tells each line with its time, said to be UTC once, further lines below it", () => {
    const card = replyCard(incidentFixture(), [entry(0, "first"), entry(83, "logs:\nGET / 500\nGET / 500")], policy);
    expect(shown(card)).toBe("03:12:00 UTC  first\n03:13:23  logs:\n    GET / 500\n    GET / 500");
    expect(rich(card.summary)).toBe("[shop-api] first (and 1 more)");
  });
  it("writes twenty further lines out and counts the rest", () => {
    const text = (lines: number) =>
      shown(replyCard(incidentFixture(), [entry(0, ["logs", ...Array.from({ length: lines }, (_, n) => `l${n + 1}`)].join("\n"))], policy));
    expect(text(20).endsWith("    l20")).toBe(true);
    expect(text(21).endsWith("    l20\n    and 1 more")).toBe(true);
  });
  it("calls who is paged by mention, in its summary too, and nobody who is paged another way", () => {
    const card = replyCard(incidentFixture(), [paged(["ana", "U0MEMBER", "somebody"], ["slack-mention", "sns"])], policy);
    expect(shown(card)).toBe("03:13:00 UTC  @U0ANA @U0MEMBER somebody Tier 1 is called.");
    expect(rich(card.summary)).toBe("[shop-api] @U0ANA @U0MEMBER somebody Tier 1 is called.");
    expect(shown(replyCard(incidentFixture(), [paged(["ana"], ["sns"])], policy))).toBe("03:13:00 UTC  Tier 1 is called.");
    expect(shown(replyCard(incidentFixture(), [paged(["@channel"], ["slack-mention"])], policy))).toBe("03:13:00 UTC  @everybody Tier 1 is called.");
  });
  it("a page ends with its command, so that it can be copied, and says no name twice", () => {
    const text = "ana (tier 1, On-Call Engineer): please take it. Press Acknowledge on the first message, or say: /ops ack INC-1";
    const page = (said: string): Entry => ({ ...paged(["ana"], ["slack-mention"]), text: said });
    const card = replyCard(incidentFixture(), [page(text)], policy);
    expect(shown(card)).toBe("03:13:00 UTC  @U0ANA (tier 1, On-Call Engineer): please take it. Press Acknowledge on the first message, or say: /ops ack INC-1");
    expect(rich(card.summary)).toBe(
      "[shop-api] @U0ANA (tier 1, On-Call Engineer): please take it. Press Acknowledge on the first message, or say: /ops ack INC-1",
    );
    expect(shown(replyCard(incidentFixture(), [page(`Nobody has acknowledged for 5 m. ${text}`)], policy))).toBe(
      `03:13:00 UTC  @U0ANA Nobody has acknowledged for 5 m. ${text}`,
    );
  });
  it("a line that names a person does not call them", () => {
    expect(shown(replyCard(incidentFixture(), [entry(0, "ana <@U0ANA> @channel")], policy))).toBe("03:12:00 UTC  ana <@U0ANA> @channel");
  });
  it("a question about a plan can be answered by a press, bound to incident and plan", () => {
    const card = replyCard(incidentFixture({ entries: [asks] }), [entry(1, "seen"), asks], policy);
    const [row] = card.parts.filter((part) => part.kind === "buttons");
    expect(row?.buttons.map(({ action, value }) => [action, value])).toEqual([
      [buttons.approve, "INC-260316-0312-shop-api-7f3a|P-7f3a"],
      [buttons.deny, "INC-260316-0312-shop-api-7f3a|P-7f3a"],
    ]);
    expect(row?.buttons[0]?.confirm?.text).toContain("approve P-7f3a");
  });
  it("a question keeps its buttons when a word was said on another plan", () => {
    const other = entry(20, "lead denied the plan P-9.", { kind: "answered", key: "answered/P-9" });
    expect(shown(replyCard(incidentFixture({ entries: [asks, other] }), [asks], policy))).toContain("[Approve] [Deny]");
    const same = entry(20, "lead denied the plan P-7f3a.", { kind: "answered", key: "answered/P-7f3a" });
    expect(shown(replyCard(incidentFixture({ entries: [asks, same] }), [asks], policy))).not.toContain("[");
  });
  it.each([
    ["was answered", { entries: [asks, entry(20, "lead denied the plan.", { kind: "answered" })] }],
    ["belongs to what is over", { state: "resolved" as const, entries: [asks] }],
  ])("a question that %s has no buttons", (_what, over) => {
    expect(shown(replyCard(incidentFixture(over), [asks], policy))).not.toContain("[");
  });
  it("an acknowledgement that runs out can be renewed by a press", () => {
    const still = entry(9, "ana: are you still on it?", { kind: "asked", key: "still-there/1/1" });
    expect(shown(replyCard(incidentFixture({ entries: [still] }), [still], policy))).toContain("[Still on it] [Resolve]");
    expect(shown(replyCard(incidentFixture(), [entry(9, "May I?", { kind: "asked" })], policy))).not.toContain("[");
  });
});

describe("after Slack was away", () => {
  const away = { from: later(0), to: later(1_200) };
  it("one message tells how long, and everything since", () => {
    const card = digestCard(incidentFixture(), [entry(3, "a"), entry(4, "b")], { away, policy });
    expect(shown(card)).toBe("*Slack was away for 20 m* (03:12:00 UTC to 03:32:00 UTC). Meanwhile:\n03:12:03  a\n03:12:04  b");
    expect(rich(card.summary)).toBe("● [shop-api] [P2] 5xx 12.4 % (> 5 %): Slack was away for 20 m; 2 lines since");
  });
  it("forty lines stand there, and where the others are", () => {
    const lines = (n: number) =>
      shown(
        digestCard(
          incidentFixture(),
          Array.from({ length: n }, (_, i) => entry(i, `line ${i}`)),
          { away, policy },
        ),
      );
    expect(lines(40)).not.toContain("more in the record");
    expect(lines(41).endsWith("line 39\nand 1 more in the record: /ops show INC-260316-0312-shop-api-7f3a")).toBe(true);
  });
  it("a question that still waits keeps its buttons", () => {
    expect(shown(digestCard(incidentFixture({ entries: [asks] }), [asks], { away, policy }))).toContain("[Approve] [Deny]");
  });
});

it("a merged incident's thread leads to the other one", () => {
  const into = { id: "INC-2", title: "RDS is down" };
  expect(shown(mergedCard(incidentFixture(), into, policy))).toBe("This is part of *INC-2: RDS is down* now. Please go on there.");
  expect(shown(mergedCard(incidentFixture(), { ...into, where: "https://x.slack.com/1" }, policy))).toContain("<https://x.slack.com/1|INC-2: RDS is down>");
});
it("a room says what it is for and what can be said in it", () => {
  expect(shown(roomIntroCard(incidentFixture({ openedAt: epochMs(0) }), policy))).toContain("Stop everything automatic: `/ops hold all`");
});
