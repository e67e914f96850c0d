import { foldIncident } from "@nightshift/decide/incidents/fold";
import { postMortemMarkdown } from "@nightshift/decide/incidents/post-mortem";
import { worldFor } from "@nightshift/lab/install/reach";
import type { Recorded } from "@nightshift/lab/kernel";
import { runScenario } from "@nightshift/lab/scenario/run";
import type { Stage } from "@nightshift/lab/scenario/stage";
import { scenarios } from "@nightshift/lab/scenarios/index";
import { textOf } from "@nightshift/lab/slack/read";
import { type Incident, minutes } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { headersIn, openTeam, people, repliesTo } from "./workplace.ts";

/** The nine fields of the template (`facts/incidents.md` 6). */
const FIELDS = ["Severity", "Start Time", "End Time", "Duration", "Symptoms", "Root Cause", "Impact", "Resolution", "Prevention"];
const QUESTIONS = ["What went well", "What went badly", "Action items"];

const incidentsOf = (stage: Stage): Promise<readonly Incident[]> =>
  stage.lab.run(async () => (await worldFor(stage.lab, stage.world, "test").incidents.list(100)).map(foldIncident));

interface Act {
  readonly at: number;
  readonly what: "acted" | "called";
  readonly about: string;
}

/** What Nightshift did in this account by itself, in the order it happened: what changed production, who was called, what was announced. */
function automaticActions(stage: Stage): readonly Act[] {
  const call = (line: Recorded) => (line.kind === "call" && line.result === "ok" && line.mutating ? line : undefined);
  return stage.lab.history.flatMap((line): readonly Act[] => {
    const made = call(line);
    if (made?.service === "sns") return [{ at: line.at, what: "called", about: "sns" }];
    if (made?.service !== "ecs" || made.caller !== "guard" || !["UpdateService", "StopServiceDeployment"].includes(made.operation)) return [];
    const input = JSON.stringify(made.input);
    return [{ at: line.at, what: "acted", about: [...stage.services.keys()].find((service) => input.includes(service)) ?? "none" }];
  });
}

const chosen = ["healthy-but-5xx", "ask-mode-approved", "no-last-known-good", "database-outage-at-exposure", "slack-down"];

describe.each(chosen)("%s", (name) => {
  test("has a complete template in the room and in the post-mortem, and every automatic action in its timeline, in order", async () => {
    const scenario = scenarios.find((one) => one.name === name);
    if (scenario === undefined) throw new Error(`no scenario is named ${name}`);
    const { stage } = await runScenario(scenario, { seed: 1 });
    const incidents = await incidentsOf(stage);
    expect(incidents.length).toBeGreaterThan(0);
    for (const incident of incidents) {
      const draft = postMortemMarkdown(incident, stage.now());
      expect([...draft.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual(expect.arrayContaining([...FIELDS, "Timeline", ...QUESTIONS]));
      for (const section of draft.split(/^## /m).slice(1)) expect(section.split("\n").slice(1).join("").trim()).not.toBe("");
      const told = stage.lab.slack.channels.flatMap((channel) => channel.messages.filter((one) => textOf(one).includes(incident.id)));
      const thread = told.flatMap((one) => one.replies.map(textOf)).join("\n");
      if (incident.state === "resolved") for (const field of FIELDS) expect(thread).toContain(`${field}: `);
      expect(incident.entries.some((entry) => entry.change?.what === "announced")).toBe(true);
    }
    expect(missing(stage, incidents)).toEqual([]);
  }, 60_000);
});

/** Actions without a line of their own at their time or shortly after, each line counted once and in order. */
function missing(stage: Stage, incidents: readonly Incident[]): readonly string[] {
  const lines = incidents.flatMap((one) => one.entries).toSorted((a, b) => a.at - b.at);
  const lost: string[] = [];
  const next = { acted: 0, called: 0 };
  for (const { at, what, about } of automaticActions(stage)) {
    const found = lines.findIndex(
      (line, index) =>
        index >= next[what] &&
        Math.abs(line.at - at) <= 60_000 &&
        (what === "acted" ? line.kind === "acted" && line.text.includes(about) : line.kind === "paged" && /SNS/.test(line.text)),
    );
    if (found < 0) lost.push(`${new Date(at).toISOString()} ${what} ${about}`);
    else next[what] = found + 1;
  }
  return lost;
}

test("a rollback stands in the timeline before its proof, and the template comes last", async () => {
  const scenario = scenarios.find((one) => one.name === "healthy-but-5xx");
  if (scenario === undefined) throw new Error("no such scenario");
  const { stage } = await runScenario(scenario, { seed: 7 });
  const [incident] = await incidentsOf(stage);
  const kinds = incident?.entries.map((entry) => (entry.key.startsWith("template/") ? "template" : entry.kind)) ?? [];
  const order = [kinds.indexOf("acted"), kinds.indexOf("verified"), kinds.indexOf("template")];
  expect(order.every((at) => at >= 0)).toBe(true);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(incident?.entries.map((entry) => entry.at)).toEqual(incident?.entries.map((entry) => entry.at).toSorted((a, b) => a - b));
});

test("what people wrote stands in the room's template, and what nobody wrote says how to", async () => {
  const place = await openTeam(["svc-01"], "P2");
  place.ring("svc-01/slow");
  await place.pass(minutes(1));
  const [header] = headersIn(place);
  await place.mention(people.ana, 'field impact "checkout was slow for a fifth of the customers"', header?.ts ?? "");
  await place.mention(people.ana, 'field root-cause "a missing index"', header?.ts ?? "");
  place.ring("svc-01/slow", "OK");
  await place.pass(minutes(7));
  const template = repliesTo(headersIn(place)[0]).find((text) => text.includes("Prevention: ")) ?? "";
  for (const field of FIELDS) expect(template).toContain(`${field}: `);
  expect(template).toContain("Impact: checkout was slow for a fifth of the customers");
  expect(template).toContain("Root Cause: a missing index");
  expect(template).toContain('Prevention: not known yet; a person writes it: /ops field prevention "…"');
});
