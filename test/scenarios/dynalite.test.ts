import { textOf } from "@nightshift/lab/slack/read";
import { names } from "@nightshift/lab/install";
import { runScenario } from "@nightshift/lab/scenario/run";
import type { Stage } from "@nightshift/lab/scenario/stage";
import { scenarios } from "@nightshift/lab/scenarios/index";
import { keyPrefixes } from "@nightshift/model";
import { describe, expect, it } from "vitest";

const field = (from: unknown, name: string): unknown => (typeof from === "object" && from !== null ? Reflect.get(from, name) : undefined);

/** What the incidents' ledger items say, whole, by key. */
const incidents = (stage: Stage): readonly object[] =>
  stage.lab.dynamodb
    .table(names.ledger)
    .items.filter((item) => String(field(item, "pk")).startsWith(keyPrefixes.incident))
    .toSorted((a, b) => (id(a) < id(b) ? -1 : 1));
const id = (item: unknown): string => `${String(field(item, "pk"))} ${String(field(item, "sk"))}`;

/** What people read: every message of every channel with its thread. */
const told = (stage: Stage): readonly string[] =>
  stage.lab.slack.channels.flatMap((channel) => channel.messages.flatMap((message) => [message, ...message.replies].map(textOf)));

const five = ["healthy-but-5xx", "mutable-latest-after-completion", "ask-mode-approved", "known-bad-redeployed", "duplicate-late-reordered-events"];

describe("on a real engine, over HTTP, with the SDK's own client (decision 17)", () => {
  for (const name of five) {
    it(`${name} ends as it does on the lab's own store`, async () => {
      const scenario = scenarios.find((one) => one.name === name);
      if (scenario === undefined) throw new Error(`no scenario is named ${name}`);
      const memory = await runScenario(scenario, { seed: 1 });
      const engine = await runScenario(scenario, { seed: 1, tables: "dynalite" });
      expect(engine.problems).toEqual([]);
      expect(engine.row.ok).toBe(true);
      expect(memory.asked).toBe(0);
      expect(engine.asked).toBeGreaterThan(50);
      expect(engine.row).toEqual(memory.row);
      expect(incidents(memory.stage).length).toBeGreaterThan(0);
      expect(incidents(engine.stage)).toEqual(incidents(memory.stage));
      expect(told(engine.stage)).toEqual(told(memory.stage));
      // Hundreds of calls over HTTP, an evening twice: seconds of work, and more on a busy machine.
    }, 60_000);
  }
});
