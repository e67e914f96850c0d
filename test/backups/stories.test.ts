import type { Scenario } from "@nightshift/lab/scenario/scenario";
import { runScenario } from "@nightshift/lab/scenario/run";
import * as nights from "@nightshift/lab/scenarios/backups-night";
import * as snapshots from "@nightshift/lab/scenarios/backups-snapshots";
import { describe, expect, it } from "vitest";

const stories: readonly Scenario[] = [...Object.values(nights), ...Object.values(snapshots)];

describe("every story about backups ends as it should", () => {
  for (const story of stories) {
    it(`${story.name}: ${story.title}`, async () => {
      const { row, problems } = await runScenario(story, { seed: 1 });
      expect(problems).toEqual([]);
      expect(row.ok).toBe(true);
    }, 60_000);
  }
});
