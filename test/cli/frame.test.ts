import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { commands } from "@nightshift/cli/commands/index";
import { describe, expect, it } from "vitest";
import { nightshift, root, spawned } from "./harness.ts";

describe("the command line", () => {
  it("lists every command in groups, on less than 30 lines", async () => {
    const { exit, out } = await nightshift([]);
    expect(exit).toBe(0);
    expect(out.length).toBeLessThan(30);
    for (const group of ["Try it", "Set it up", "Run it", "Read it"]) expect(out).toContain(group);
    for (const words of [
      "demo",
      "lab list",
      "lab run",
      "lab serve",
      "replay",
      "init",
      "config check",
      "guard doctor",
      "slack manifest",
      "hold",
      "release",
      "approve",
      "deny",
      "deploy wait",
      "incidents list",
      "incidents show",
      "queues",
      "scale explain",
    ]) {
      expect(out.some((line) => line.startsWith(`  ${words}`))).toBe(true);
    }
  });

  it("names every command in the overview, on a line of its own or on its family's", async () => {
    const { out } = await nightshift([]);
    const missing = commands.filter(({ path: [family = "", ...rest] }) => {
      const words = [family, ...rest].join(" ");
      const own = out.some((line) => line.startsWith(`  ${words}`));
      return !own && !out.some((line) => new RegExp(`; also ${family} (.*, )?${rest.join(" ")}(,|$)`).test(line));
    });
    expect(missing.map(({ path: words }) => words.join(" "))).toEqual([]);
  });

  it("has a help page with an example and exit codes for each command, on less than 30 lines", async () => {
    for (const command of commands) {
      const { exit, out } = await nightshift([...command.path, "--help"]);
      expect(exit).toBe(0);
      expect(out.length).toBeLessThan(30);
      expect(out.join("\n")).toContain("Exit codes\n  0  done");
      expect(out.at(-1)).toMatch(/^Example: np/);
      expect(command.options?.["json"]).toBeUndefined();
    }
  });

  it("has no command file that nobody can call", () => {
    const files = readdirSync(path.join(root, "packages", "cli", "src", "commands"))
      .filter((file) => !file.endsWith(".test.ts"))
      .sort();
    expect(files).toEqual([
      "actor.ts",
      "approve.ts",
      "backup-acknowledge.ts",
      "backup-doctor.ts",
      "backup-drill.ts",
      "backup-grants.ts",
      "backup-list.ts",
      "backup-nights.ts",
      "backup-plan.ts",
      "backup-report.ts",
      "backup-restore.ts",
      "backup-retention.ts",
      "backup-status.ts",
      "backup-take.ts",
      "backup-verify.ts",
      "backup.ts",
      "config-check.ts",
      "demo.ts",
      "deploy-wait.ts",
      "doctor.ts",
      "gate.ts",
      "hold.ts",
      "incidents.ts",
      "index.ts",
      "init.ts",
      "lab-serve.ts",
      "lab.ts",
      "queues.ts",
      "release.ts",
      "replay.ts",
      "scale-doctor.ts",
      "scale-explain.ts",
      "scale-replay.ts",
      "scale-simulate-chart.ts",
      "scale-simulate-play.ts",
      "scale-simulate-trace.ts",
      "scale-simulate.ts",
      "slack-manifest.ts",
    ]);
  });

  it("says its version, which is package.json's", async () => {
    const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
    expect((await nightshift(["--version"])).out).toEqual([version]);
    expect((await nightshift(["version"])).out).toEqual([version]);
  });

  it("asks whether another command was meant", async () => {
    expect(await nightshift(["hodl"])).toEqual({
      exit: 2,
      out: [],
      err: ['There is no command "hodl". Did you mean "hold"? npx nightshift lists them all.'],
      asked: [],
    });
  });

  it("names the commands of a family when only its first word was given", async () => {
    expect(await nightshift(["lab"])).toMatchObject({ exit: 2, err: ['"lab" alone is no command. There are lab list, lab run, lab serve; each has --help.'] });
    const help = await nightshift(["lab", "--help"]);
    expect([help.exit, help.out.length, help.out[0]]).toEqual([0, 4, "npx nightshift lab list: Evenings that the simulated account can play"]);
    expect((await nightshift(["lab", "lst"])).err).toEqual(['There is no command "lab lst". Did you mean "lab list"? npx nightshift lists them all.']);
  });

  it("asks whether another option was meant", async () => {
    const { exit, err } = await nightshift(["hold", "--becuase", "x"]);
    expect(exit).toBe(2);
    expect(err).toEqual(["hold: Unknown option '--becuase'. Did you mean --because? See npx nightshift hold --help."]);
  });

  it("says what was expected when words are missing", async () => {
    const { exit, err } = await nightshift(["deny"]);
    expect(exit).toBe(2);
    expect(err).toEqual(['deny: expected PLAN after the command, got nothing. Example: npx nightshift deny shop-api-43-to-42 --because "we fix forward"']);
  });

  // Three processes, each of which loads the whole command line: seconds of work on a busy machine.
  it("runs as a process: help, a slip, and a broken event on standard input", () => {
    expect(spawned(["--help"]).exit).toBe(0);
    const slip = spawned(["repaly"]);
    expect(slip).toEqual({ exit: 2, out: "", err: 'There is no command "repaly". Did you mean "replay"? npx nightshift lists them all.\n' });
    const cut = spawned(["replay", "-"], '{"source": "aws.ecs", "detail-type":');
    expect(cut.exit).toBe(2);
    expect(cut.out).toBe("");
    expect(cut.err).toMatch(/^standard input: Cannot read this event: the event: expected one event as JSON, got text that ends too early/);
    expect(cut.err.trimEnd()).not.toContain("\n");
  }, 60_000);
});
