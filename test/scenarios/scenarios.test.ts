import { runScenario } from "@nightshift/lab/scenario/run";
import { scenarios } from "@nightshift/lab/scenarios/index";
import { describe, expect, it } from "vitest";
import { guard } from "../../functions/guard/automation.ts";
import { recordProblems } from "../testing/incident-record.ts";

/** A scenario by its name. @throws when there is none. */
const story = (name: string) => {
  const found = scenarios.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no scenario is named ${name}`);
  return found;
};

describe("every story ends as it should", () => {
  it("there are at least 24, each under a name of its own", () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(24);
    expect(new Set(scenarios.map((one) => one.name)).size).toBe(scenarios.length);
  });

  // Those about backups are played in test/backups.
  for (const scenario of scenarios.filter(({ expected }) => expected.backups === undefined)) {
    for (const seed of [1, 7]) {
      it(`${scenario.name}, seed ${seed}: ${scenario.title}`, async () => {
        const { row, problems, stage } = await runScenario(scenario, { seed });
        expect(problems).toEqual([]);
        expect(await recordProblems(stage)).toEqual([]);
        expect(row).toMatchObject({
          scenario: scenario.name,
          seed,
          verdict: scenario.expected.verdict,
          ok: true,
          wrongTarget: 0,
          noOp: 0,
          double: 0,
          overNewer: 0,
        });
        // A storm of two thousand events is honest work for a busy machine.
      }, 60_000);
    }
  }
});

describe("a run repeats", () => {
  it("to the byte with the same seed, and differs with another", async () => {
    const play = async (seed: number) => {
      const { stage, row } = await runScenario(story("worker-only-failure"), { seed });
      return { history: stage.lab.historyText(), row };
    };
    const first = await play(7);
    expect(await play(7)).toEqual(first);
    const other = await play(8);
    expect(other.history).not.toBe(first.history);
    expect({ ...other.row, seed: 7 }).not.toEqual(first.row);
  });
});

describe("a broken decision is seen", () => {
  type Guard = typeof guard;
  const broken = (changes: Partial<Guard>): Guard => ({ ...guard, ...changes });

  it("a guard that never acts leaves the bad revision serving", async () => {
    const decide: Guard["decide"] = (facts, settings) => {
      const verdict = guard.decide(facts, settings);
      return { kind: "leave", reason: "passed", because: ["all is well"], breaches: [], blame: undefined, severity: verdict.severity, otherwise: undefined };
    };
    const { row, problems } = await runScenario(story("healthy-but-5xx"), { seed: 1, plays: broken({ decide }) });
    expect(row).toMatchObject({ ok: false, verdict: "passed", autoRollback: false });
    expect(problems.join()).toContain("expected before");
  });

  it("a guard that goes back to the oldest revision it knows puts the wrong bytes back", async () => {
    const decide: Guard["decide"] = (facts, settings) => {
      const verdict = guard.decide(facts, settings);
      const oldest = facts.prepared.members[0]?.known.toSorted((a, b) => a.firstSeen - b.firstSeen)[0];
      if (verdict.kind !== "roll-back" || oldest === undefined) return verdict;
      const members = verdict.plan.members.map(({ service, cluster, expectDeployment, from }) => ({
        how: "redeploy" as const,
        service,
        cluster,
        expectDeployment,
        from,
        to: oldest.identity,
        taskDefinition: oldest.identity.taskDefinition,
      }));
      return { ...verdict, plan: { ...verdict.plan, members } };
    };
    const { row } = await runScenario(story("known-good-in-between"), { seed: 1, plays: broken({ decide }) });
    expect(row).toMatchObject({ ok: false, wrongTarget: 1 });
    expect((await runScenario(story("known-good-in-between"), { seed: 1 })).row).toMatchObject({ ok: true, wrongTarget: 0 });
  });

  it("a guard that blames the deployment for everything rolls back a good one", async () => {
    const decide: Guard["decide"] = (facts, settings) => {
      const verdict = guard.decide(facts, settings);
      if (verdict.kind !== "ask" || verdict.plan === undefined) return verdict;
      return { ...verdict, kind: "roll-back", plan: verdict.plan, consent: "given" };
    };
    const { row } = await runScenario(story("traffic-spike"), { seed: 1, plays: broken({ decide }) });
    expect(row).toMatchObject({ ok: false, autoRollback: true, wrongTarget: 1, overNewer: 1 });
  });
});
