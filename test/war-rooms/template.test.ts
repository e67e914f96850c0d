import { runScenario } from "@nightshift/lab/scenario/run";
import { scenarios } from "@nightshift/lab/scenarios/index";
import { minutes } from "@nightshift/model";
import { expect, test } from "vitest";
import { incidentsOf, recordProblems, recordProblemsOf, templateFields } from "../testing/incident-record.ts";
import { headersIn, openTeam, people, repliesTo } from "./workplace.ts";

// Every scenario is held to a complete record in test/scenarios/scenarios.test.ts; here the checker itself is checked.
test("a record without its first notice, its rollback and its template is seen to lack them", async () => {
  const scenario = scenarios.find((one) => one.name === "healthy-but-5xx");
  if (scenario === undefined) throw new Error("no such scenario");
  const { stage } = await runScenario(scenario, { seed: 1 });
  expect(await recordProblems(stage)).toEqual([]);
  const [incident] = await incidentsOf(stage);
  const forged =
    incident === undefined ? [] : [{ ...incident, entries: incident.entries.filter((entry) => entry.kind !== "acted" && entry.change?.what !== "announced") }];
  const lacks = recordProblemsOf(stage, forged).map((line) => line.replace(/^\S+ /, ""));
  expect(lacks).toEqual(["was never announced", "acted shop-api"]);
}, 60_000);

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
  for (const field of templateFields) expect(template).toContain(`${field}: `);
  expect(template).toContain("Impact: checkout was slow for a fifth of the customers");
  expect(template).toContain("Root Cause: a missing index");
  expect(template).toContain('Prevention: not known yet; a person writes it: /ops field prevention "…"');
});
