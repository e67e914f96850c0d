import { type Entry, epochMs, type Evidenced } from "@nightshift/model";
import { expect, test } from "vitest";
import { tellDone, tellNotShown } from "./proof.ts";

const chart: Evidenced = {
  kind: "chart",
  lines: ["Chart of what rang, 02:27:00 to 03:12:00 UTC"],
  stored: { key: "incidents/INC-1/opened.png", sha256: "s", type: "image/png" },
};
const unread: Evidenced = { kind: "chart", lines: ["chart: could not be read: not allowed"] };

function record() {
  const said: Entry[] = [];
  const world = { clock: { now: () => epochMs(0) }, incidents: { say: async (_id: string, entry: Entry) => said.push(entry) > 0 } };
  return { said, world: world as unknown as Parameters<typeof tellDone>[0] }; // Only these two are touched.
}

test("a chart that has a picture is shown, not told; one that has none is told", async () => {
  const { said, world } = record();
  await tellDone(world, {
    id: "INC-1",
    duty: { kind: "evidence", key: "evidence/opened", moment: "opened" },
    done: { kind: "evidence", pieces: [chart, unread] },
  });
  expect(said.map(({ text, announce }) => [text, announce])).toEqual([
    ["Chart of what rang, 02:27:00 to 03:12:00 UTC", false],
    ["chart: could not be read: not allowed", true],
    ["Evidence was collected: 2 pieces.", false],
  ]);
  expect(said[0]?.change).toEqual({ what: "evidence", evidence: chart });
});

test("a picture that cannot be shown is told, and where it is kept", async () => {
  const { said, world } = record();
  await tellNotShown(world, "INC-1", { evidence: chart, because: "files.upload: missing_scope" });
  expect(said.map(({ text, announce }) => [text, announce])).toEqual([
    ["Chart of what rang, 02:27:00 to 03:12:00 UTC\nIt could not be shown here (files.upload: missing_scope); it is kept as incidents/INC-1/opened.png.", true],
  ]);
});
