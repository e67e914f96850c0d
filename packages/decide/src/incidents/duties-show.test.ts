import type { Evidenced } from "@nightshift/model";
import { expect, test } from "vitest";
import { type Happening, move, playRoom, sent, word } from "./duties.fixture.ts";

const chart: Evidenced = { kind: "chart", lines: ["Chart"], stored: { key: "incidents/INC-1/opened.png", sha256: "00", type: "image/png" } };
const text: Evidenced = { kind: "logs", lines: ["a line"], stored: { key: "incidents/INC-1/logs.txt", sha256: "00", type: "text/plain" } };
const evidence = (seconds: number, it: Evidenced) =>
  word(seconds, { what: "evidence", evidence: it }, { key: `evidence/opened/${it.kind}`, actor: "nightshift/war-room" });
const shown = (happens: readonly Happening[], until = 10) => {
  const { did } = playRoom({ severity: "P2", happens: [move(0, "shop-5xx", "ALARM"), ...happens], until });
  return did.filter(([, key]) => key.startsWith("shown/"));
};

test("a stored chart is shown once the first notice stands, looked for every five seconds; text is in the thread already", () => {
  expect(shown([sent(1, "header"), evidence(6, chart), evidence(6, text)])).toEqual([[6, "shown/incidents/INC-1/opened.png"]]);
  expect(shown([evidence(6, chart), sent(8, "header")], 30)).toEqual([[8, "shown/incidents/INC-1/opened.png"]]);
});

test("a chart whose row stands is not shown again, whatever became of it", () => {
  expect(shown([sent(1, "header"), sent(2, "file/incidents/INC-1/opened.png"), evidence(6, chart)])).toEqual([]);
});

test("without a first notice there is nowhere to show it", () => {
  expect(shown([evidence(6, chart)], 30)).toEqual([]);
});
