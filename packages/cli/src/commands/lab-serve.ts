import { type Asked, type Command, isOn, Refusal, textOf, textsOf } from "../frame/command.ts";

/** What the page begins with: a bad deployment that health checks do not see. */
const FIRST = "healthy-but-5xx";

/** The simulated account in the browser. */
export const labServe: Command = {
  path: ["lab", "serve"],
  group: "Try it",
  summary: "The simulated account and its Slack in the browser, on this machine alone",
  more: [
    "Serves a page on the loopback: Slack on the left, the account on the right. Scenarios are started from the page. It runs until Ctrl-C.",
    "POST /events takes an EventBridge event; POST /slack/commands, /slack/interactivity and /slack/events take requests signed with the secret of a",
    "real Slack app, when SLACK_SIGNING_SECRET holds it. Nothing is sent to Slack or AWS.",
  ],
  options: {
    port: { type: "text", value: "N", says: "the port; 0 takes a free one", default: "4180" },
    speed: { type: "text", value: "X", says: "simulated seconds in a real one, 0 (paused) to 600", default: "5" },
    "slack-id": { type: "texts", value: "REAL=LAB", says: "an id of the real workspace, and the lab's that it stands for" },
    seed: { type: "text", value: "N", says: "a whole number; another one, another evening", default: "1" },
  },
  example: "npx nightshift lab serve --port 4180 --speed 10",
  run: async (asked) => {
    const port = numberOf(asked, "port", 65_535);
    const speed = numberOf(asked, "speed", 600);
    const seed = numberOf(asked, "seed", 999_999_999);
    const [{ serveLab }, { scenarios }] = await Promise.all([import("@nightshift/lab/serve/server"), import("@nightshift/lab/scenarios/index")]);
    const scenario = scenarios.find(({ name }) => name === FIRST);
    if (scenario === undefined) throw new Error(`the scenario ${FIRST} is gone`);
    const secret = process.env["SLACK_SIGNING_SECRET"] ?? "";
    const ids = idsOf(asked);
    if (secret === "" && Object.keys(ids).length > 0)
      throw new Refusal("lab serve: --slack-id is for a real Slack app: put its signing secret into SLACK_SIGNING_SECRET.");
    const real = secret === "" ? undefined : { signingSecret: secret, ids };
    const served = await serveLab({
      port,
      speed,
      seed,
      scenario,
      scenarios,
      real,
    }).catch((error: unknown) => {
      throw isTaken(error) ? new Refusal(`lab serve: port ${port} is taken by another program. Choose one with --port, or --port 0 for any free one.`) : error;
    });
    asked.io.out(isOn(asked, "json") ? JSON.stringify({ url: served.url }) : `The lab is at ${served.url} (${speed}× real time). Ctrl-C ends it.`);
    await stopped();
    await served.close();
    return 0;
  },
};

const isTaken = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "EADDRINUSE";

/** A number of at most nine digits. @throws {Refusal} with the bounds. */
function numberOf(asked: Asked, name: string, most: number): number {
  const word = textOf(asked, name) ?? "";
  const pattern = name === "speed" ? /^\d{1,3}(\.\d)?$/ : /^\d{1,9}$/;
  if (!pattern.test(word) || Number(word) > most) throw new Refusal(`lab serve: --${name} "${word}" is not a number from 0 to ${most}.`);
  return Number(word);
}

/** Which real id stands for which of the lab's. @throws {Refusal} where it is not two ids. */
function idsOf(asked: Asked): Readonly<Record<string, string>> {
  return Object.fromEntries(
    textsOf(asked, "slack-id").map((pair) => {
      const [, real, lab] = /^([A-Z][A-Z0-9]{5,20})=([A-Z][A-Z0-9]{3,20})$/.exec(pair) ?? [];
      if (real === undefined || lab === undefined)
        throw new Refusal(`lab serve: --slack-id "${pair}" is not two Slack ids. Example: --slack-id T012AB3C4=T0LAB`);
      return [real, lab];
    }),
  );
}

/** Until the person or the system ends the program. */
const stopped = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
