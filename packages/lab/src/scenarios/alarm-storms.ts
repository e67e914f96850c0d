import { type NightshiftConfig, onAlarm } from "@nightshift/config";
import { minutes, type Ms, ms, seconds } from "@nightshift/model";
import { scenario } from "../scenario/scenario.ts";
import type { Stage } from "../scenario/stage.ts";
import { tellAlarm } from "../world/alarm-events.ts";
import { shop } from "./shop.ts";

/** The shop, whose api has alarms of its own beside what the guard reads. */
const shopWithAlarms = (stage: Stage): NightshiftConfig => ({
  ...shop(stage),
  incidents: {
    alarms: [
      onAlarm("shop-api/down", { service: "shop-api", severity: "P1", role: "down" }),
      onAlarm("shop-api/*", { service: "shop-api", severity: "P2", role: "symptom" }),
    ],
  },
});

const tell = (stage: Stage, after: Ms, name: string, value: "ALARM" | "OK"): void => stage.at(after, () => tellAlarm(stage.lab.kernel, name, value));

/** Serves all the time: nothing was deployed. */
const untouched = { "shop-api": "before", "shop-worker": "before" } as const;

const STORM = 1_000;

export const alarmStorm = scenario({
  name: "alarm-storm",
  title: "A thousand alarms of one service ring within a minute, and are quiet again ten minutes later",
  source: "issue 3: one message absorbs a storm; facts/incidents.md G1",
  before: shopWithAlarms,
  plot: (stage) => {
    for (let n = 0; n < STORM; n++) {
      const name = `shop-api/check-${String(n).padStart(4, "0")}`;
      tell(stage, ms(minutes(1) + 60 * n), name, "ALARM");
      tell(stage, ms(minutes(11) + 60 * n), name, "OK");
    }
  },
  lasts: minutes(20),
  expected: { verdict: "none", toBlame: false, serves: untouched, rollbacks: 0, tells: ["1000 alarms ring", "All 1000 alarms are clear", "resolved"] },
});

export const outageUnanswered = scenario({
  name: "outage-unanswered",
  title: "An outage at night and nobody answers: tier by tier is called, to the minute",
  source: "requirements I4; facts/incidents.md 7.6: P1 at 0, 5, 15 and 30 minutes",
  before: shopWithAlarms,
  plot: (stage) => {
    tell(stage, minutes(1), "shop-api/down", "ALARM");
    tell(stage, minutes(43), "shop-api/down", "OK");
  },
  lasts: minutes(60),
  expected: {
    verdict: "none",
    toBlame: false,
    serves: untouched,
    rollbacks: 0,
    tells: ["P1", "Every tier was called", "resolved"],
    pages: ["Nobody has acknowledged for 15 m", "Nobody has acknowledged for 30 m"],
  },
});

export const slackAwayInAnOutage = scenario({
  name: "slack-away-in-an-outage",
  title: "Slack does not answer for twenty minutes while an outage begins: SNS at once, one message when it is back",
  source: "issue 3: Slack fully down for 20 minutes during a P1; invariant 25",
  before: shopWithAlarms,
  plot: (stage) => {
    stage.at(seconds(30), () => {
      stage.lab.slack.down = true;
    });
    tell(stage, minutes(1), "shop-api/down", "ALARM");
    stage.at(minutes(21), () => {
      stage.lab.slack.down = false;
    });
    tell(stage, minutes(25), "shop-api/down", "OK");
  },
  lasts: minutes(45),
  expected: { verdict: "none", toBlame: false, serves: untouched, rollbacks: 0, tells: ["P1", "Slack was away", "resolved"], pages: ["shop-api/down"] },
});
