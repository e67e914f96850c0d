import { openingOf } from "@nightshift/runtime/testing/fake-sender";
import type { IncidentRecord } from "@nightshift/model";
import { expect, test } from "vitest";
import { recentIncidents } from "./recent-incidents.ts";

/** Incidents 0 to n-1, of which some cannot be read. */
function shelf(n: number, spoiled: readonly number[] = []) {
  const ids = Array.from({ length: n }, (_, index) => `INC-${String(index).padStart(4, "0")}`);
  const asked: (string | undefined)[] = [];
  return {
    asked,
    incidents: {
      open: async () => {},
      say: async () => true,
      find: async () => undefined,
      list: async (limit: number, { before, unreadable }: { before?: string; unreadable?: (id: string, because: string) => void } = {}) => {
        asked.push(before);
        const page = ids.filter((id) => before === undefined || id < before).slice(-limit);
        const bad = page.filter((id) => spoiled.includes(Number(id.slice(4))));
        for (const id of bad) unreadable?.(id, "a newer release's");
        return page
          .filter((id) => !bad.includes(id))
          .toReversed()
          .map((id): IncidentRecord => ({ opening: openingOf(id), entries: [], alarms: [] }));
      },
    },
  };
}
const always = () => true;
const never = () => false;

test("where nothing counts the newest fifty are enough", async () => {
  const world = shelf(120);
  const { incidents, more } = await recentIncidents(world, never);
  expect([incidents.length, incidents[0]?.id, more, world.asked]).toEqual([50, "INC-0119", false, [undefined]]);
});

test("older ones are read while one of the last fifty counts", async () => {
  const world = shelf(200);
  const { incidents, more } = await recentIncidents(world, ({ id }) => id >= "INC-0140");
  expect([incidents.length, incidents.at(-1)?.id, more, world.asked]).toEqual([150, "INC-0050", false, [undefined, "INC-0150", "INC-0100"]]);
});

test.each([
  [299, 299, true],
  [300, 300, true],
  [301, 300, true],
  [249, 249, false],
])("of %i that count %i are read; more: %s", async (n, read, more) => {
  const seen = await recentIncidents(shelf(n), always);
  expect([seen.incidents.length, new Set(seen.incidents.map(({ id }) => id)).size, seen.more]).toEqual([read, read, more]);
});

test("one that cannot be read is told, and hides none that is older", async () => {
  const seen = await recentIncidents(shelf(60, [30]), never);
  expect(seen.unreadable).toEqual([{ id: "INC-0030", because: "a newer release's" }]);
  expect(seen.incidents.map(({ id }) => id)).toHaveLength(59);
});
