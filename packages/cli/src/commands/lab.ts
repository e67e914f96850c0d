import { linesOf } from "@nightshift/lab/slack/read";
import type { ScenarioRun } from "@nightshift/lab/scenario/run";
import type { Scenario } from "@nightshift/lab/scenario/scenario";
import { ms, sayLength } from "@nightshift/model";
import { type Asked, type Command, isOn, Refusal, textOf } from "../frame/command.ts";
import { answer, bothEnds, screenful, table, wrap } from "../frame/format.ts";
import { nearest } from "../frame/nearest.ts";

const long = { type: "switch", says: "one line a scenario, however many" } as const;

/** More scenarios than fit a screen are summed up. */
const SCREEN = 24;

/** The scenarios of the simulated account. */
export const labList: Command = {
  path: ["lab", "list"],
  group: "Try it",
  summary: "Evenings that the simulated account can play",
  options: { long },
  example: "npx nightshift lab list --long",
  run: async (asked) => {
    const scenarios = await allScenarios();
    const said = scenarios.map(({ name, title, source, expected }) => ({ name, title, source, expected: expected.verdict, toBlame: expected.toBlame }));
    const rows = scenarios.map(({ name, expected, title }) => [name, expected.verdict, title]);
    answer(asked, said, isOn(asked, "long") ? table(["scenario", "expected", "what happens"], rows) : byVerdict(scenarios, asked));
    return 0;
  },
};

/** Names under the verdict that they must end in: fits a screen, however many there are. */
function byVerdict(scenarios: readonly Scenario[], asked: Asked): readonly string[] {
  const width = Math.max(60, Math.min(asked.io.columns, 140));
  const groups = [...Map.groupBy(scenarios, ({ expected }) => expected.verdict)];
  return [
    ...groups.flatMap(([verdict, members]) =>
      wrap(members.map(({ name }) => name).join("  "), width, { first: `${verdict.padEnd(17)}`, rest: " ".repeat(17) }),
    ),
    `${scenarios.length} scenarios, under the verdict each must end in; --long tells what happens in each.`,
  ];
}

/** Plays scenarios and checks each against the simulated account's own history. */
export const labRun: Command = {
  path: ["lab", "run"],
  group: "Try it",
  summary: "Play one scenario or all of them, and check the outcome",
  more: ["The same seed gives the same story, to the byte. With --json: one line of JSON a scenario, as soon as it ended."],
  words: "SCENARIO|--all",
  maxWords: 1,
  options: {
    all: { type: "switch", says: "every scenario" },
    long: { ...long, says: "one line a scenario, however many; of a single one all that was said" },
    seed: { type: "text", value: "N", says: "a whole number; another one, another evening", default: "1" },
  },
  example: "npx nightshift lab run healthy-but-5xx --seed 7",
  exits: { 1: "a scenario did not end as it must" },
  run: async (asked) => {
    const chosen = await chosenScenarios(asked);
    const seed = seedOf(asked);
    const { runScenario } = await import("@nightshift/lab/scenario/run");
    const runs: ScenarioRun[] = [];
    for (const [i, scenario] of chosen.entries()) {
      asked.io.progress(`${"█".repeat(Math.round((20 * i) / chosen.length)).padEnd(20, "░")} ${i} of ${chosen.length}  ${scenario.name}`);
      const run = await runScenario(scenario, { seed });
      runs.push(run);
      if (isOn(asked, "json")) asked.io.out(JSON.stringify(run.row));
    }
    asked.io.progress(undefined);
    if (!isOn(asked, "json")) for (const line of runLines(runs, asked)) asked.io.out(line);
    return runs.every((run) => run.row.ok) ? 0 : 1;
  },
};

const allScenarios = async (): Promise<readonly Scenario[]> => (await import("@nightshift/lab/scenarios/index")).scenarios;

async function chosenScenarios(asked: Asked): Promise<readonly Scenario[]> {
  const scenarios = await allScenarios();
  const [name] = asked.words;
  if (isOn(asked, "all") && name === undefined) return scenarios;
  if (isOn(asked, "all") || name === undefined) throw new Refusal("lab run: name one scenario, or say --all. `npx nightshift lab list` shows them.");
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found !== undefined) return [found];
  const close = nearest(
    name,
    scenarios.map((scenario) => scenario.name),
  );
  throw new Refusal(`There is no scenario "${name}".${close === undefined ? "" : ` Did you mean "${close}"?`} \`npx nightshift lab list\` shows them.`);
}

function seedOf(asked: Asked): number {
  const word = textOf(asked, "seed") ?? "1";
  if (!/^\d{1,9}$/.test(word)) throw new Refusal(`--seed "${word}" is not a whole number from 0 to 999999999.`);
  return Number(word);
}

function runLines(runs: readonly ScenarioRun[], asked: Asked): readonly string[] {
  const rows = runs.map(({ row }) => [
    row.ok ? "ok" : "NOT OK",
    row.scenario,
    row.verdict,
    length(row.alarmToCallMs),
    length(row.trafficRestoredMs),
    length(row.steadyMs),
    row.awsCalls === null ? "–" : String(row.awsCalls),
  ]);
  const headings = ["", "scenario", "verdict", "to call", "traffic", "steady", "calls"];
  const problems = runs.flatMap(({ row, problems: found }) => found.map((problem) => `${row.scenario}: ${problem}`));
  const bad = runs.filter(({ row }) => !row.ok).length;
  const [only] = runs;
  if (runs.length === 1 && only !== undefined) {
    const measured = ["", ...table(headings, rows), ...problems];
    const said = thread(only, asked);
    return [...(isOn(asked, "long") ? said : bothEnds(said, "--long", measured.length)), ...measured];
  }
  const total = `${runs.length} scenarios, ${bad} not ok`;
  if (isOn(asked, "long") || runs.length <= SCREEN) return [...table(headings, rows), ...problems, total];
  const shown =
    bad === 0
      ? []
      : table(
          headings,
          rows.filter(([state]) => state !== "ok"),
        );
  return [...screenful([...shown, ...problems], "--long"), ...sums(runs), `${total}; --long shows each.`];
}

/** The verdicts, and the slowest of each clock. */
function sums(runs: readonly ScenarioRun[]): readonly string[] {
  const verdicts = [...Map.groupBy(runs, ({ row }) => row.verdict)].map(([verdict, members]) => `${verdict} ${members.length}`);
  const slowest = (clock: "alarmToCallMs" | "trafficRestoredMs" | "steadyMs"): string => length(Math.max(0, ...runs.map(({ row }) => row[clock] ?? 0)));
  const calls = Math.max(0, ...runs.map(({ row }) => row.awsCalls ?? 0));
  return [
    verdicts.join(" · "),
    `slowest: breach to call ${slowest("alarmToCallMs")}, traffic restored ${slowest("trafficRestoredMs")}, steady ${slowest("steadyMs")}; at most ${calls} AWS calls to the rollback`,
  ];
}

const length = (clock: number | null): string => (clock === null ? "–" : sayLength(ms(clock)));

/** What the simulated Slack holds at the end: the thread that the team would have read. */
function thread({ stage }: ScenarioRun, asked: Asked): readonly string[] {
  const width = Math.max(60, Math.min(asked.io.columns, 140));
  const messages = stage.lab.slack.channels.flatMap((channel) => channel.messages);
  const lines = messages.flatMap((message) => [
    ...linesOf(message).flatMap((line) => wrap(line, width, { rest: "  " })),
    ...message.replies.flatMap(linesOf).flatMap((line) => wrap(line, width, { first: "  ", rest: " ".repeat(12) })),
  ]);
  return lines.length === 0 ? ["Nothing was said: nobody had to read anything."] : lines;
}
