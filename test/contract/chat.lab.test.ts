// Loaded beforehand: the adapter loads it at its first call, which takes real time, and the lab's time does not wait for that.
import "@slack/web-api";
import { createAccount, type LabAccount } from "@nightshift/lab/account";
import { slackChat } from "@nightshift/slack";
import { chatContract } from "./chat.contract.ts";

let account: LabAccount;

chatContract(
  "the lab",
  async () => {
    account = createAccount({ seed: 7 });
    const { slack } = account;
    return {
      chat: slackChat({ token: async () => "xoxb-lab", slackApiUrl: "https://slack.com/api/", fetch: account.slackFetch("contract") }),
      seen: async () =>
        slack.channels
          .flatMap((channel) => channel.messages.flatMap((message) => [message, ...message.replies]))
          .map(({ ts, channel, threadTs, text }) => ({ ts, channel, thread: threadTs, text })),
    };
  },
  (work) => account.run(work),
);
