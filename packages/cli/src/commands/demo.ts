import { setTimeout as pause } from "node:timers/promises";
import { runScenario } from "@nightshift/lab/scenario/run";
import type { Stage } from "@nightshift/lab/scenario/stage";
import { healthyBut5xx } from "@nightshift/lab/scenarios/healthy-but-5xx";
import { minutes } from "@nightshift/model";
import { frameOf, NARROWEST } from "../demo/frame.ts";
import { newsOf } from "../demo/plain.ts";
import { checksOf, summaryOf, toldIn } from "../demo/summary.ts";
import { type View, viewOf } from "../demo/view.ts";
import type { Command, Io } from "../frame/command.ts";

/** Real milliseconds for each simulated second: twelve minutes in about half a minute. */
const PACE_MS = 42;
/** The story ends a little after ECS is steady again. */
const LASTS = minutes(12);

export const demo: Command = {
  path: ["demo"],
  group: "Try it",
  summary: "watch a bad deployment being rolled back, in a simulated account (this is npm start)",
  options: {
    fast: { type: "switch", says: "no delays" },
    seed: { type: "text", value: "N", says: "another evening", default: "1" },
  },
  example: "npm start -- --fast",
  exits: { 1: "the good revision does not serve, the thread is incomplete, or it took too long" },
  run: async ({ options, io }) => {
    const began = performance.now();
    const screen = io.terminal && io.columns >= NARROWEST && options["json"] !== true ? onScreen(io) : onLines(io, options["json"] === true);
    const run = await runScenario(
      { ...healthyBut5xx, lasts: LASTS },
      {
        seed: Number(options["seed"]),
        watch: async (stage) => {
          screen(stage);
          if (options["fast"] !== true) await pause(PACE_MS);
        },
      },
    );
    const checks = checksOf(run, (performance.now() - began) / 1_000);
    if (options["json"] === true) io.out(JSON.stringify({ ...run.row, checks }));
    else for (const line of summaryOf(run, { checks, told: await toldIn(run.stage), columns: io.columns })) io.out(line);
    return checks.every(({ holds }) => holds) ? 0 : 1;
  },
};

/** Redraws one screen in place. */
function onScreen(io: Io): (stage: Stage) => void {
  let drawn = 0;
  return (stage) => {
    const frame = frameOf(viewOf(stage), { columns: io.columns, rows: process.stdout.rows ?? 40 });
    const up = drawn === 0 ? "" : `\u001b[${drawn}A`;
    io.draw?.(`${up}${frame.map((line) => `\u001b[2K${line}`).join("\n")}${"\n\u001b[2K".repeat(Math.max(0, drawn - frame.length))}\n`);
    drawn = Math.max(drawn, frame.length);
  };
}

/** Prints what is new, line by line. */
function onLines(io: Io, silent: boolean): (stage: Stage) => void {
  let before: View | undefined;
  return (stage) => {
    const now = viewOf(stage);
    if (!silent) for (const line of newsOf(before, now)) io.out(line);
    before = now;
  };
}
