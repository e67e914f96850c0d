import type { SlackWorkspace } from "@nightshift/lab/slack/workspace";
import type { Card } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import { beforeEach, describe, expect, it as vitestIt } from "vitest";

/** All that Slack stands behind, and the workspace that it reaches. */
export interface SlackUnderTest {
  readonly ports: Pick<World, "chat" | "rooms" | "files" | "directory" | "replies">;
  readonly slack: SlackWorkspace;
}

/** What the workspace of this contract holds. */
export const settings = {
  channels: [
    { id: "C1", name: "ops" },
    { id: "C2", name: "open", bot: false },
    { id: "G1", name: "closed", kind: "private", bot: false },
  ],
  users: [
    { id: "U1", name: "ana" },
    { id: "U2", name: "guest", guest: "one-channel" },
    { id: "U3", name: "stranger", team: "T0OTHER", guest: "stranger" },
    { id: "U4", name: "left", gone: true },
    { id: "U5", name: "robot", bot: true },
  ],
  groups: { S1: ["U1", "U2"] },
} as const;

const card: Card = {
  summary: "5xx 12 %",
  parts: [
    { kind: "heading", text: "5xx 12 %" },
    { kind: "text", text: [{ bold: "Open" }, " ", { person: "U1" }] },
    { kind: "buttons", buttons: [{ action: "ns.ack", text: "Acknowledge", value: "INC-1", style: "primary" }] },
  ],
};

/** What rooms, files, people and replies must do, and how chat mends what Slack refuses. `within` is what a behaviour runs inside, where time is not the machine's. */
export function slackPortsContract(
  name: string,
  make: () => Promise<SlackUnderTest>,
  within: (work: () => Promise<void>) => Promise<void> = (work) => work(),
): void {
  const it = (behaviour: string, work: () => Promise<void>) => vitestIt(behaviour, () => within(work));
  describe(`Slack on ${name}`, () => {
    let ports: SlackUnderTest["ports"];
    let slack: SlackWorkspace;
    beforeEach(async () => {
      ({ ports, slack } = await make());
    });
    const channel = (id: string) => slack.channels.find((one) => one.id === id);
    const messages = (id: string) => channel(id)?.messages ?? [];

    it("a card is a message with blocks, and its summary is what a telephone shows", async () => {
      await ports.chat.post({ channel: "C1", card, key: "k" });
      expect(messages("C1")).toMatchObject([
        { text: "5xx 12 %", blocks: [{ type: "header" }, { type: "section", text: { text: "*Open* <@U1>" } }, { type: "actions" }] },
      ]);
    });
    it("a card without blocks takes the old blocks away", async () => {
      const ts = await ports.chat.post({ channel: "C1", card, key: "k" });
      await ports.chat.update({ channel: "C1", ts, card: { summary: "gone", parts: [] } });
      expect(messages("C1")).toMatchObject([{ text: "gone", blocks: undefined }]);
    });
    it("a reply that the channel sees, too", async () => {
      const thread = await ports.chat.post({ channel: "C1", card, key: "h" });
      await ports.chat.post({ channel: "C1", thread, card, key: "r", broadcast: true });
      expect(messages("C1")[0]?.replies).toMatchObject([{ broadcast: true, threadTs: thread }]);
    });
    it("a reply to a message that a person deleted is taken back, and says that the thread is gone", async () => {
      const thread = await ports.chat.post({ channel: "C1", card, key: "h" });
      slack.remove("C1", thread);
      await expect(ports.chat.post({ channel: "C1", thread, card, key: "r" })).rejects.toMatchObject({
        kind: "not-found",
        message: expect.stringContaining("thread_not_found"),
      });
      expect(messages("C1")).toEqual([]);
    });
    it("a lost reply of a thread that is gone is found where Slack put it", async () => {
      const thread = await ports.chat.post({ channel: "C1", card, key: "h" });
      slack.remove("C1", thread);
      const stray = await ports.chat.post({ channel: "C1", card, key: "r" });
      expect(await ports.chat.find({ channel: "C1", thread, key: "r" })).toBe(stray);
      expect(await ports.chat.find({ channel: "C1", thread, key: "other" })).toBeUndefined();
    });
    it("the app joins a public channel that it is not in, and is not let into a private one", async () => {
      await ports.chat.post({ channel: "C2", card, key: "k" });
      expect(messages("C2")).toHaveLength(1);
      await expect(ports.chat.post({ channel: "G1", card, key: "k" })).rejects.toMatchObject({ kind: "not-found" });
    });

    it("a room gets its name, people, topic, bookmark and pin; what stands already is no error", async () => {
      const room = await ports.rooms.create("INC 260316 Shop/API: 5xx 12 %!");
      expect(channel(room)?.name).toBe("inc-260316-shop-api-5xx-12");
      await ports.rooms.invite(room, ["U1"]);
      await ports.rooms.invite(room, ["U1", "U2", "U9"]);
      await ports.rooms.invite(room, []);
      await ports.rooms.topic(room, `P1 <!channel> ${"&".repeat(400)}`);
      await ports.rooms.bookmark(room, "Runbook", "https://wiki.example/a|b");
      const ts = await ports.chat.post({ channel: room, card, key: "h" });
      await ports.rooms.pin(room, ts);
      await ports.rooms.pin(room, ts);
      const made = channel(room);
      expect(made?.members).toEqual(["U0LAB", "U1", "U2"]);
      expect(made?.topic.startsWith("P1 &lt;!channel&gt; &amp;")).toBe(true);
      expect(made?.topic.length).toBeLessThanOrEqual(250);
      expect(made?.bookmarks).toEqual([{ title: "Runbook", link: "https://wiki.example/a%7Cb" }]);
      expect(made?.pins).toEqual([ts]);
    });
    it("a name of 80 is taken whole, one that exists is a conflict", async () => {
      const name = "a".repeat(80);
      expect(channel(await ports.rooms.create(`${name}b`))?.name).toBe(name);
      await expect(ports.rooms.create(name)).rejects.toMatchObject({ name: "PortError", kind: "conflict", retryable: false });
    });
    it("a hundred people are invited at once, one more is refused before anything is sent", async () => {
      const people = Array.from({ length: 101 }, () => "U1");
      await ports.rooms.invite("C1", people.slice(1));
      await expect(ports.rooms.invite("C1", people)).rejects.toMatchObject({ kind: "invalid" });
    });
    it("a bookmark leads to the web and nowhere else", async () => {
      await expect(ports.rooms.bookmark("C1", "x", "javascript:alert(1)")).rejects.toMatchObject({ kind: "invalid" });
    });

    it("a file arrives whole, described, in its thread", async () => {
      const thread = await ports.chat.post({ channel: "C1", card, key: "h" });
      const bytes = Uint8Array.from({ length: 5_000 }, (_, n) => n % 256);
      const id = await ports.files.upload({ channel: "C1", thread, name: "chart.png", bytes, alt: `5xx over time ${"x".repeat(2_000)}`, title: "5xx" });
      expect(slack.files).toMatchObject([{ id, name: "chart.png", title: "5xx", channel: "C1", thread }]);
      expect(Buffer.from(slack.files[0]?.bytes ?? []).equals(Buffer.from(bytes))).toBe(true);
      expect(slack.files[0]?.alt.length).toBe(1_000);
      expect(messages("C1")[0]?.replies).toMatchObject([{ files: [id] }]);
    });
    it("a file is not shared where the app is not in", async () => {
      const file = { channel: "C2", name: "x.txt", bytes: Uint8Array.of(1), alt: "x", title: "x" };
      await expect(ports.files.upload(file)).rejects.toMatchObject({ kind: "denied", outcomeUnknown: false });
    });

    it("people: members, guests, bots, and those who left", async () => {
      expect(await ports.directory.groupMembers("S1")).toEqual(["U1", "U2"]);
      await expect(ports.directory.groupMembers("S9")).rejects.toMatchObject({ kind: "not-found" });
      const user = (id: string) => ports.directory.user(id);
      expect(await user("U1")).toEqual({ id: "U1", team: "T0LAB", guest: false, bot: false, gone: false });
      expect(await user("U2")).toMatchObject({ guest: true });
      expect(await user("U3")).toMatchObject({ team: "T0OTHER", guest: true });
      expect(await user("U4")).toMatchObject({ gone: true });
      expect(await user("U5")).toMatchObject({ bot: true });
      await expect(user("U9")).rejects.toMatchObject({ kind: "not-found" });
    });
    it("a person is written to directly, in one conversation; a bot and somebody who left are not", async () => {
      const direct = await ports.directory.directMessage("U1");
      expect(await ports.directory.directMessage("U1")).toBe(direct);
      await ports.chat.post({ channel: direct, card, key: "k" });
      expect(messages(direct)).toHaveLength(1);
      for (const user of ["U4", "U5"]) await expect(ports.directory.directMessage(user)).rejects.toMatchObject({ kind: "denied" });
    });
    it("the token says whose it is, until it is revoked", async () => {
      expect(await ports.directory.whoAmI()).toEqual({ team: "T0LAB", user: "U0LAB" });
      slack.tokenRevoked = true;
      await expect(ports.directory.whoAmI()).rejects.toMatchObject({ kind: "denied", message: expect.stringContaining("token_revoked") });
    });

    it("an answer is seen by who asked, by all, or stands in place of the message", async () => {
      const ts = await ports.chat.post({ channel: "C1", card, key: "k" });
      const url = slack.responseUrl({ channel: "C1", user: "U1", message: ts });
      await ports.replies.respond(url, { summary: "only you", parts: [] });
      await ports.replies.respond(url, { summary: "all", parts: [] }, { inChannel: true });
      await ports.replies.respond(url, { summary: "instead", parts: [] }, { replace: true });
      expect(messages("C1").map(({ text, only }) => [text, only])).toEqual([
        ["instead", undefined],
        ["only you", "U1"],
        ["all", undefined],
      ]);
    });
    it("a request is answered five times, not six, and nobody but Slack is written to", async () => {
      const url = slack.responseUrl({ channel: "C1", user: "U1" });
      for (let n = 0; n < 5; n++) await ports.replies.respond(url, card);
      await expect(ports.replies.respond(url, card)).rejects.toMatchObject({ kind: "not-found", retryable: false });
      await expect(ports.replies.respond("https://evil.example/x", card)).rejects.toMatchObject({ kind: "invalid" });
    });
    it("what only one person shall see is in no history", async () => {
      await ports.rooms.invite("C1", ["U1"]);
      await ports.replies.ephemeral("C1", "U1", card);
      expect(messages("C1")).toMatchObject([{ only: "U1" }]);
      expect(await ports.chat.find({ channel: "C1", key: "k" })).toBeUndefined();
    });
    it("while Slack is down everything may have happened, but for an upload, which nobody saw", async () => {
      slack.down = true;
      await expect(ports.chat.post({ channel: "C1", card, key: "k" })).rejects.toMatchObject({ kind: "timeout", outcomeUnknown: true });
      await expect(ports.rooms.create("x")).rejects.toMatchObject({ kind: "timeout" });
      await expect(ports.files.upload({ channel: "C1", name: "x", bytes: Uint8Array.of(1), alt: "x", title: "x" })).rejects.toMatchObject({
        kind: "unavailable",
      });
      await expect(ports.replies.respond(slack.responseUrl({ channel: "C1", user: "U1" }), card)).rejects.toMatchObject({ kind: "timeout" });
    });
  });
}
