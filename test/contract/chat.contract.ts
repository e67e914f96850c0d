import type { Card } from "@nightshift/model";
import type { Chat } from "@nightshift/ports";
import { beforeEach, describe, expect, it as vitestIt } from "vitest";

/** A chat, and a look at what people in it see. */
export interface ChatUnderTest {
  readonly chat: Chat;
  readonly seen: () => Promise<readonly { readonly ts: string; readonly channel: string; readonly thread: string | undefined; readonly text: string }[]>;
}

/** A card of one text. */
export const say = (summary: string): Card => ({ summary, parts: [] });

/** What every chat must do. `make` gives an empty one with the channels `C1` and `C2`; `within` is what a behaviour runs inside, where time is not the machine's. */
export function chatContract(name: string, make: () => Promise<ChatUnderTest>, within: (work: () => Promise<void>) => Promise<void> = (work) => work()): void {
  const it = (behaviour: string, work: () => Promise<void>) => vitestIt(behaviour, () => within(work));
  describe(`chat on ${name}`, () => {
    let chat: Chat;
    let seen: ChatUnderTest["seen"];
    beforeEach(async () => {
      ({ chat, seen } = await make());
    });

    it("a message is posted in its channel and its reply in its thread", async () => {
      const parent = await chat.post({ channel: "C1", card: say("api: 5xx 12 %"), key: "i/header" });
      await chat.post({ channel: "C1", thread: parent, card: say("rolled back"), key: "i/acted" });
      expect((await seen()).map(({ channel, thread, text }) => [channel, thread, text])).toEqual([
        ["C1", undefined, "api: 5xx 12 %"],
        ["C1", parent, "rolled back"],
      ]);
    });
    it("two posts are two messages, even of one key: looking first is the notifier's part", async () => {
      const first = await chat.post({ channel: "C1", card: say("a"), key: "k" });
      expect(await chat.post({ channel: "C1", card: say("a"), key: "k" })).not.toBe(first);
      expect(await seen()).toHaveLength(2);
    });
    it("a message is found by its key in its channel, and not in another", async () => {
      await chat.post({ channel: "C1", card: say("a"), key: "k1" });
      const ts = await chat.post({ channel: "C1", card: say("b"), key: "k2" });
      expect(await chat.find({ channel: "C1", key: "k2" })).toBe(ts);
      expect(await chat.find({ channel: "C2", key: "k2" })).toBeUndefined();
      expect(await chat.find({ channel: "C1", key: "k3" })).toBeUndefined();
    });
    it("a reply is found in its thread only", async () => {
      const parent = await chat.post({ channel: "C1", card: say("header"), key: "h" });
      const other = await chat.post({ channel: "C1", card: say("another header"), key: "h2" });
      const reply = await chat.post({ channel: "C1", thread: parent, card: say("reply"), key: "r" });
      expect(await chat.find({ channel: "C1", thread: parent, key: "r" })).toBe(reply);
      expect(await chat.find({ channel: "C1", thread: other, key: "r" })).toBeUndefined();
      expect(await chat.find({ channel: "C1", key: "r" })).toBeUndefined();
    });
    it("the newest of a hundred and fifty messages is found, in a channel and in a thread", async () => {
      const parent = await chat.post({ channel: "C1", card: say("header"), key: "h" });
      let reply = "";
      for (let n = 1; n <= 150; n++) reply = await chat.post({ channel: "C1", thread: parent, card: say(`reply ${n}`), key: `r${n}` });
      let message = "";
      for (let n = 1; n <= 150; n++) message = await chat.post({ channel: "C1", card: say(`message ${n}`), key: `m${n}` });
      expect(await chat.find({ channel: "C1", thread: parent, key: "r150" })).toBe(reply);
      expect(await chat.find({ channel: "C1", key: "m150" })).toBe(message);
      expect(await chat.find({ channel: "C1", key: "m51" })).toBeDefined();
    });
    it("a message that was changed shows its new text and is still found", async () => {
      const ts = await chat.post({ channel: "C1", card: say("open"), key: "h" });
      await chat.update({ channel: "C1", ts, card: say("resolved") });
      await chat.update({ channel: "C1", ts, card: say("resolved") });
      expect((await seen()).map((message) => message.text)).toEqual(["resolved"]);
      expect(await chat.find({ channel: "C1", key: "h" })).toBe(ts);
    });
    it("a message that is not there cannot be changed", async () => {
      await expect(chat.update({ channel: "C1", ts: "1.000001", card: say("x") })).rejects.toMatchObject({
        name: "PortError",
        kind: "not-found",
        retryable: false,
      });
    });
    it("hostile text mentions nobody, hides nothing and is cut to what Slack takes", async () => {
      await chat.post({ channel: "C1", card: say(`<!channel> ${"x".repeat(5_000)}\u202E`), key: "k" });
      const text = (await seen())[0]?.text ?? "";
      expect(text.startsWith("&lt;!channel&gt; xxx")).toBe(true);
      expect(text.endsWith("… (cut; the incident record has all of it)")).toBe(true);
      expect(new TextEncoder().encode(text).length).toBe(4_000);
    });
  });
}
