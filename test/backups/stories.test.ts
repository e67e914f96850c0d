import { runScenario } from "@nightshift/lab/scenario/run";
import { scenarios } from "@nightshift/lab/scenarios/index";
import { describe, expect, it } from "vitest";
import { recordProblems } from "../testing/incident-record.ts";

const stories = scenarios.filter(({ expected }) => expected.backups !== undefined);

describe("every story about backups ends as it should", () => {
  it("there are fourteen", () => {
    expect(stories.length).toBe(14);
  });

  for (const story of stories) {
    it(`${story.name}: ${story.title}`, async () => {
      const { row, problems, stage } = await runScenario(story, { seed: 1 });
      expect(problems).toEqual([]);
      expect(await recordProblems(stage)).toEqual([]);
      expect(row).toMatchObject({ scenario: story.name, verdict: "none", ok: true });
      // A busy machine is slow, and wrong for no reason.
    }, 60_000);
  }
});

describe("a run repeats", () => {
  it("to the byte with the same seed", async () => {
    const play = async () => (await runScenario(nightOf("runner-dies"), { seed: 3 })).stage.lab.historyText();
    expect(await play()).toBe(await play());
  }, 60_000);
});

function nightOf(name: string) {
  const found = stories.find((story) => story.name === name);
  if (found === undefined) throw new Error(`no story is named ${name}`);
  return found;
}
