// Loaded beforehand: the adapter loads it at its first call, which takes real time, and the lab's time does not wait for that.
import "@slack/web-api";
import { createAccount, type LabAccount } from "@nightshift/lab/account";
import { serveSlack } from "@nightshift/lab/slack/transport";
import { SlackWorkspace } from "@nightshift/lab/slack/workspace";
import { epochMs } from "@nightshift/model";
import { slackPorts } from "@nightshift/slack";
import { afterEach, describe, expect, it } from "vitest";
import { settings, slackPortsContract } from "./chat-ports.contract.ts";

const token = async () => "xoxb-lab";
let account: LabAccount;

slackPortsContract(
  "the lab",
  async () => {
    account = createAccount({ seed: 7, slack: settings });
    return { ports: slackPorts({ token, slackApiUrl: "https://slack.com/api/", fetch: account.slackFetch("contract") }), slack: account.slack };
  },
  (work) => account.run(work),
);

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});
const overHttp = async () => {
  const slack = new SlackWorkspace(() => epochMs(1_795_230_840_000), settings);
  const served = await serveSlack(slack);
  open.push(served);
  return { ports: slackPorts({ token, slackApiUrl: served.url }), slack, served };
};
slackPortsContract("the lab over HTTP", overHttp);

describe("what Slack refuses is mended once", () => {
  const card = {
    summary: "5xx",
    parts: [
      { kind: "image" as const, file: "F0", alt: "chart" },
      { kind: "text" as const, text: "Open" },
    ],
  };
  /** A workspace that does not take blocks of these types. */
  const without = async (...types: readonly string[]) => {
    const slack = new SlackWorkspace(() => epochMs(1_795_230_840_000), settings);
    const calls: string[] = [];
    const fetch = async (url: string | URL, init?: { readonly body?: string | FormData }) => {
      const form = new URLSearchParams(String(init?.body ?? ""));
      const method = new URL(url).pathname.split("/").at(-1) ?? "";
      const blocks: unknown = JSON.parse(form.get("blocks") ?? "[]");
      calls.push(`${method} ${form.has("blocks") ? "with" : "without"} blocks`);
      const refused = Array.isArray(blocks) && blocks.some((block: { readonly type: string }) => types.includes(block.type));
      const answer = refused
        ? { ok: false, error: "invalid_blocks" }
        : slack.answer(method, { ...Object.fromEntries(form), ...(form.has("blocks") ? { blocks } : {}) }).body;
      return new Response(JSON.stringify(answer), { headers: { "content-type": "application/json" } });
    };
    return { ports: slackPorts({ token, slackApiUrl: "https://slack.com/api/", fetch }), calls, slack };
  };
  it("a picture that is not ready does not cost the rest", async () => {
    const { ports, calls, slack } = await without("image");
    await ports.chat.post({ channel: "C1", card, key: "k" });
    expect(calls).toEqual(["chat.postMessage with blocks", "chat.postMessage with blocks"]);
    expect(slack.channels.find(({ id }) => id === "C1")?.messages).toMatchObject([{ blocks: [{ type: "section" }] }]);
  });
  it("blocks that are refused altogether become plain text, and that is tried once", async () => {
    const { ports, calls, slack } = await without("image", "section");
    const ts = await ports.chat.post({ channel: "C1", card, key: "k" });
    expect(calls).toEqual(["chat.postMessage with blocks", "chat.postMessage with blocks", "chat.postMessage without blocks"]);
    expect(slack.message("C1", ts)?.text).toBe("5xx\n(picture) chart\nOpen");
  });
  it("a channel that cannot be joined is the refusal that it was", async () => {
    const slack = new SlackWorkspace(() => epochMs(0), { channels: [{ id: "C2", name: "x", bot: false }] });
    const fetch = async (url: string | URL) => {
      const method = new URL(url).pathname.split("/").at(-1) ?? "";
      const body = method === "conversations.join" ? { ok: false, error: "missing_scope" } : slack.answer(method, { channel: "C2", text: "x" }).body;
      return new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });
    };
    const { chat } = slackPorts({ token, slackApiUrl: "https://slack.com/api/", fetch });
    await expect(chat.post({ channel: "C2", card, key: "k" })).rejects.toMatchObject({ kind: "denied", message: expect.stringContaining("not_in_channel") });
  });
});
