import { stripVTControlCharacters } from "node:util";
import { existsSync } from "node:fs";
import path from "node:path";
import { commands } from "@nightshift/cli/commands/index";
import { frameOf } from "@nightshift/cli/demo/frame";
import { tryNext } from "@nightshift/cli/demo/summary";
import { scenarios } from "@nightshift/lab/scenarios/index";
import { describe, expect, it } from "vitest";
import { nightshift, root } from "./harness.ts";

describe("the demo", () => {
  it("ends with four different lines of the incident", async () => {
    const { exit, out } = await nightshift(["demo", "--fast"]);
    expect(exit).toBe(0);
    expect(out.filter((line) => line === "What happened")).toHaveLength(1);
    const summary = out.slice(out.indexOf("What happened"));
    const told = ["seen", "blamed", "done", "verified"].map((name) => summary.find((line) => line.startsWith(`  ${name} `))?.slice(12));
    expect(new Set(told).size).toBe(4);
    for (const line of told) expect(line).toMatch(/\w{2}/);
    expect(told[0]).toContain("5xx");
    expect(told[1]).toContain("worse than before");
    expect(told[2]).toContain("accepted by ECS");
    expect(summary.join(" ").replace(/\s+/g, " ")).toContain("it helped.");
    expect(told[3]).not.toContain("P2");
  });

  it("names only things that exist under what to try next", () => {
    for (const [command] of tryNext) {
      const words = command.split(" ");
      const found = commands.find(({ path: verb }) => verb.every((word, i) => words[i] === word));
      expect(found, command).toBeDefined();
      const rest = words.slice(found?.path.length);
      if (words[0] === "replay") expect(existsSync(path.join(root, rest[0] ?? "nothing"))).toBe(true);
      if (command.startsWith("lab run")) expect(scenarios.map(({ name }) => name)).toContain(rest[0]);
    }
  });

  it("draws frames that neither wrap nor scroll", () => {
    const long = `ecs:${"StopServiceDeployment ".repeat(4)}`;
    const services = Array.from({ length: 12 }, (_, i) => ({
      name: `service-${i}`,
      shares: [{ revision: `${"x".repeat(40)}:1`, share: 1, bad: false }],
      errors: 1,
    }));
    const view = { clock: "03:12:00", services, calls: [long, long], thread: Array.from({ length: 30 }, () => "first\nsecond ".repeat(9)) };
    for (const [columns, rows] of [
      [80, 24],
      [140, 40],
    ] as const) {
      const frame = frameOf(view, { columns, rows });
      expect(frame.length).toBeLessThan(rows);
      for (const line of frame) expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(columns);
      for (const line of frame) expect(line).not.toContain("\n");
    }
  });
});
