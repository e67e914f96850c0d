import { minutes } from "@nightshift/model";
import { type Scenario, scenario } from "../scenario/scenario.ts";
import type { Stage } from "../scenario/stage.ts";
import { fiveHundreds } from "../world/index.ts";
import { answers, holds } from "./people.ts";
import { shop } from "./shop.ts";

const deployBad = (stage: Stage) => stage.at(minutes(1), () => void stage.deploy("shop-api", { bad: true, behaviour: fiveHundreds({ share: 0.15 }) }));

export const held = scenario({
  name: "held",
  title: "A person holds everything: a bad deployment is told, not touched",
  source: "decision 1: a hold stops every automatic effect, rollbacks included",
  before: (stage) => shop(stage),
  plot: (stage) => {
    holds(stage, minutes(0.5), "all", "database maintenance until noon");
    deployBad(stage);
  },
  lasts: minutes(40),
  expected: {
    verdict: "held",
    toBlame: true,
    rollbacks: 0,
    serves: { "shop-api": "deployed", "shop-worker": "before" },
    tells: ["5xx", "database maintenance until noon"],
  },
});

export const shadowMode = scenario({
  name: "shadow-mode",
  title: "In shadow mode the thread says what would have been done",
  source: "facts/rollback.md 6.4: a new install starts in shadow mode; decision 2",
  before: (stage) => shop(stage, { mode: "shadow" }),
  plot: deployBad,
  lasts: minutes(40),
  expected: {
    verdict: "roll-back",
    toBlame: true,
    rollbacks: 0,
    serves: { "shop-api": "deployed", "shop-worker": "before" },
    tells: ["5xx", "Shadow mode", "would have been rolled back"],
  },
});

const asked = (of: Pick<Scenario, "name" | "title" | "plot" | "expected">): Scenario =>
  scenario({
    ...of,
    source: "decision 2: in ask mode nothing is done without a word, and silence keeps the deployment",
    before: (stage) => shop(stage, { mode: "ask" }),
    lasts: minutes(45),
  });

export const askApproved = asked({
  name: "ask-mode-approved",
  title: "In ask mode a person says yes, and the rollback helps",
  plot: (stage) => {
    deployBad(stage);
    answers(stage, minutes(7.5), "approved");
  },
  expected: {
    verdict: "ask",
    toBlame: true,
    rollbacks: 1,
    serves: { "shop-api": "before", "shop-worker": "before" },
    tells: ["5xx", "nightshift approve", "it helped"],
  },
});

export const askDenied = asked({
  name: "ask-mode-denied",
  title: "In ask mode a person says no: the deployment stays",
  plot: (stage) => {
    deployBad(stage);
    answers(stage, minutes(7.5), "denied");
  },
  expected: { verdict: "ask", toBlame: true, rollbacks: 0, serves: { "shop-api": "deployed", "shop-worker": "before" }, tells: ["5xx", "lead denied"] },
});

export const askUnanswered = asked({
  name: "ask-mode-unanswered",
  title: "In ask mode nobody answers: the deployment stays",
  plot: deployBad,
  expected: { verdict: "ask", toBlame: true, rollbacks: 0, serves: { "shop-api": "deployed", "shop-worker": "before" }, tells: ["5xx", "Nobody answered"] },
});
