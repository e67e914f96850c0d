import { minutes, ms, seconds } from "@nightshift/model";
import { faultWhere } from "../boundary/fault.ts";
import { roughDelivery } from "../bus/bus.ts";
import { type Scenario, scenario } from "../scenario/scenario.ts";
import { fiveHundreds } from "../world/index.ts";
import { shop } from "./shop.ts";

const bad = ({
  pages,
  ...of
}: Pick<Scenario, "name" | "title" | "source"> & { readonly account: NonNullable<Scenario["account"]>; readonly pages?: readonly string[] }): Scenario =>
  scenario({
    ...of,
    before: (stage) => shop(stage),
    plot: (stage) => stage.at(minutes(1), () => void stage.deploy("shop-api", { bad: true, behaviour: fiveHundreds({ share: 0.15 }) })),
    lasts: minutes(50),
    expected: {
      verdict: "roll-back",
      toBlame: true,
      rollbacks: 1,
      serves: { "shop-api": "before", "shop-worker": "before" },
      tells: ["5xx", "it helped"],
      ...(pages === undefined ? {} : { pages }),
    },
  });

export const roughEvents = bad({
  name: "duplicate-late-reordered-events",
  title: "Events come twice, late and out of order",
  source: "facts/reliability.md 3.2: EventBridge delivers at least once, and in no order",
  account: { delivery: roughDelivery({ duplicate: 0.6, drop: 0, delayUpTo: minutes(1) }) },
});

export const staleReads = bad({
  name: "stale-reads",
  title: "ECS answers with the state of up to ten seconds ago",
  source: "facts/rollback.md 7.2.7: stale reads of up to 10 s",
  account: { staleBy: (operation, random) => (operation.startsWith("ecs:") ? ms(Math.floor(random() * 10_000)) : seconds(0)) },
});

export const ecsThrottled = bad({
  name: "ecs-throttled",
  title: "Half of the account's questions about tasks are refused for their rate",
  source: "facts/platform.md: ECS meters its callers by operation",
  account: { rates: { "ecs:ListTasks": { perSecond: 0.3, burst: 2 }, "ecs:DescribeTasks": { perSecond: 0.3, burst: 2 } } },
});

export const slackDown = bad({
  name: "slack-down",
  title: "Slack is down while it happens: the page goes by SNS, the thread follows",
  source: "decision 21: the notifier sends what the ledger says; a page must not depend on Slack",
  account: { faults: () => faultWhere((at) => at.name.startsWith("slack:"), { kind: "unavailable" }, 40) },
  pages: ["5xx"],
});
