import { alarmsOf } from "./alarm-picture.ts";
import { chartsOf, marksOf, queuesOf, servicesOf } from "./account-picture.ts";
import type { Picture } from "./picture.ts";
import type { Serving } from "./server.ts";
import { slackOf } from "./slack-picture.ts";

/** Everything that the page shows now. */
export function pictureOf({ session, settings, pace }: Pick<Serving, "session" | "settings" | "pace">): Picture {
  const { stage, scenario, seed, speed, stopped } = session;
  return {
    scenarios: settings.scenarios.map(({ name, title }) => ({ name, title })),
    lab: {
      now: stage.now(),
      speed,
      reached: stopped === undefined ? pace.behind(speed) : undefined,
      scenario: { name: scenario.name, title: scenario.title, seed },
      stopped,
    },
    slack: slackOf(stage),
    services: servicesOf(stage),
    alarms: alarmsOf(stage),
    queues: queuesOf(stage),
    charts: chartsOf(stage),
    marks: marksOf(stage),
  };
}
