import { type Delivery, epochMs, type Evidenced } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { expect, test } from "vitest";
import { type ShowWorld, showChart } from "./show.ts";

const chart: Evidenced = { kind: "chart", lines: ["Chart of what rang"], stored: { key: "incidents/i/opened.png", sha256: "s", type: "image/png" } };
const at = { channel: "C1", thread: "1.1" };

function stage(upload: ShowWorld["files"]["upload"]) {
  const rows = new Map<string, Delivery>();
  const world: ShowWorld = {
    clock: { now: () => epochMs(1_773_630_720_000) },
    evidence: {
      save: async (key) => ({ key, sha256: "" }),
      savePicture: async (key) => ({ key, sha256: "" }),
      picture: async () => new Uint8Array([1, 2]),
    },
    deliveries: {
      all: async () => [...rows.values()],
      begin: async (_incident, row) => {
        const before = rows.get(row.key);
        return before?.state !== "sent" && (before?.tries ?? 0) === row.tries - 1 && rows.set(row.key, row).has(row.key);
      },
      settle: async (_incident, key, how) => {
        const row = rows.get(key);
        if (row !== undefined) rows.set(key, { ...row, ...how });
      },
    },
    files: { upload },
  };
  return { world, rows };
}

test("a chart is shown once, with words for those who cannot see it", async () => {
  const uploads: unknown[] = [];
  const { world } = stage(async (file) => `F${uploads.push(file)}`);
  expect(await showChart(world, "INC-1", { evidence: chart, at })).toBe(true);
  expect(await showChart(world, "INC-1", { evidence: chart, at })).toBe(true);
  expect(uploads).toEqual([
    { channel: "C1", thread: "1.1", name: "INC-1-031200.png", bytes: new Uint8Array([1, 2]), alt: "Chart of what rang", title: "Chart of what rang" },
  ]);
});

test("after a crash in the middle it is not uploaded again: perhaps it stands there", async () => {
  let uploads = 0;
  const { world } = stage(async () => {
    uploads += 1;
    throw new TypeError("killed");
  });
  await expect(showChart(world, "INC-1", { evidence: chart, at })).rejects.toThrow("killed");
  expect(await showChart(world, "INC-1", { evidence: chart, at })).toBe(true);
  expect(uploads).toBe(1);
});

test("a refusal is told, and may be tried again", async () => {
  let allowed = false;
  const { world, rows } = stage(async () => {
    if (allowed) return "F1";
    throw new PortError("denied", "slack:files.upload", "C1", "missing_scope");
  });
  expect(await showChart(world, "INC-1", { evidence: chart, at })).toBe("slack:files.upload on C1: missing_scope");
  expect(rows.get("file/incidents/i/opened.png")?.state).toBe("parked");
  allowed = true;
  expect(await showChart(world, "INC-1", { evidence: chart, at })).toBe(true);
  expect(rows.get("file/incidents/i/opened.png")).toMatchObject({ state: "sent", ts: "F1" });
});

test("words without a picture show nothing", async () => {
  const { world } = stage(() => Promise.reject(new Error("not called")));
  expect(await showChart(world, "INC-1", { evidence: { kind: "logs", lines: ["l"] }, at })).toBe("no picture was stored");
});
