import { rowsOf } from "@nightshift/lab/scenario/backups";
import { runScenario } from "@nightshift/lab/scenario/run";
import { DATABASE } from "@nightshift/lab/scenarios/databases";
import { scenarios } from "@nightshift/lab/scenarios/index";
import { describe, expect, it } from "vitest";
import { literally } from "./literally.ts";
import { acceptedCalls, linesSaid } from "./read-stage.ts";
import { recordProblems } from "../testing/incident-record.ts";

const stories = scenarios.filter(({ expected }) => expected.backups !== undefined);

describe("every story about backups ends as it should", () => {
  it("there are fourteen", () => {
    expect(stories.length).toBe(14);
  });

  it("six of them are held to the word", () => {
    const names = stories.map(({ name }) => name);
    expect(Object.keys(literally).filter((name) => names.includes(name))).toHaveLength(6);
  });

  for (const story of stories) {
    it(`${story.name}: ${story.title}`, async () => {
      const { row, problems, stage } = await runScenario(story, { seed: 1 });
      expect(problems).toEqual([]);
      expect(await recordProblems(stage)).toEqual([]);
      expect(row).toMatchObject({ scenario: story.name, verdict: "none", ok: true });
      const words = literally[story.name];
      if (words === undefined) return;
      const known = rowsOf(stage, DATABASE).toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const rows = known.map(({ id, state, because }) => [id, state, ...(because === undefined ? [] : [because])]);
      expect({ told: linesSaid(stage.lab), calls: acceptedCalls(stage.lab), rows }).toEqual(words);
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
