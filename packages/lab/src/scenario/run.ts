import { epochMs } from "@nightshift/model";
import type { guard } from "../../../../functions/guard/automation.ts";
import type { scaler } from "../../../../functions/scaler/automation.ts";
import type { AccountSettings, LabAccount } from "../account.ts";
import { loadAdapters } from "../connections.ts";
import { names } from "../install.ts";
import type { Recorded } from "../kernel.ts";
import { type DynaliteStore, startDynalite } from "../services/dynamodb/dynalite.ts";
import { beginScenario } from "./begin.ts";
import { type Row, rowOf } from "./row.ts";
import type { Scenario } from "./scenario.ts";
import type { Stage } from "./stage.ts";

/** How a scenario is played. */
export interface Playing {
  readonly seed: number;
  /** Faults on top of the scenario's own, for sweeps. */
  readonly faults?: AccountSettings["faults"];
  /** Told of every AWS call with its answer (`AccountSettings.tap`). */
  readonly tap?: AccountSettings["tap"];
  /** Rougher (or calmer) delivery of events than the scenario's own, for sweeps. */
  readonly delivery?: AccountSettings["delivery"];
  /** A broken guard in place of the real one: shows that the checkers see what it does. */
  readonly plays?: typeof guard;
  /** A broken scaler in place of the real one. */
  readonly scales?: typeof scaler;
  /** Where the ledger's and the audit's tables are: the lab's own store (default), or dynalite behind the SDK's own client (decision 17). */
  readonly tables?: "memory" | "dynalite";
  /** Called as things happen, for whoever watches; returns a promise to hold the story. */
  readonly watch?: (stage: Stage, news: readonly Recorded[]) => Promise<void>;
}

/** One scenario, played to its end. */
export interface ScenarioRun {
  readonly stage: Stage;
  readonly row: Row;
  /** Why `row.ok` is false; empty when it is true. */
  readonly problems: readonly string[];
  /** How many requests dynalite answered; 0 with the tables in memory. */
  readonly asked: number;
}

/** Plays a scenario in an account of its own and reads the result from the account's history. */
export async function runScenario(scenario: Scenario, { seed, watch, plays, scales, tables, ...rough }: Playing): Promise<ScenarioRun> {
  await loadAdapters();
  const { faults, tap, delivery } = rough;
  const settings = { ...(faults === undefined ? {} : { faults }), ...(tap === undefined ? {} : { tap }), ...(delivery === undefined ? {} : { delivery }) };
  const { stage } = beginScenario(scenario, { seed, plays, scales, ...settings });
  const engine = tables === "dynalite" ? await ontoDynalite(stage.lab) : undefined;
  try {
    scenario.plot(stage);
    await playOut(stage, scenario, watch);
    await engine?.check();
  } finally {
    await engine?.close();
  }
  const { row, problems } = rowOf(scenario, stage, seed);
  return { stage, row, problems, asked: engine?.answered() ?? 0 };
}

/** Puts a real engine where clients find DynamoDB; the lab's own store goes on as its shadow, for streams and checkers. */
async function ontoDynalite(lab: LabAccount): Promise<DynaliteStore> {
  const store = await startDynalite({ clock: lab.clock, shadow: lab.dynamodb, tables: [names.ledger, names.audit] });
  lab.register(store);
  return store;
}

/** How much of the story passes between two glances of whoever watches. */
const GLANCE = 1_000;

async function playOut(stage: Stage, scenario: Scenario, watch: Playing["watch"]): Promise<void> {
  const end = epochMs(stage.now() + scenario.lasts);
  if (watch === undefined) return stage.lab.runUntil(end);
  let told = 0;
  for (let at: number = stage.now() + GLANCE; at <= end; at += GLANCE) {
    await stage.lab.runUntil(epochMs(at));
    const news = stage.lab.history.slice(told);
    told += news.length;
    await watch(stage, news);
  }
}
