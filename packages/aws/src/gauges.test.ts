import { epochMs, type ScalingFigures } from "@nightshift/model";
import { expect, it } from "vitest";
import { gaugesFrom } from "./gauges.ts";

const at = epochMs(1_795_251_600_000);
const unknown: ScalingFigures & { readonly desired: number | undefined } = {
  waiting: undefined,
  reserved: undefined,
  running: undefined,
  dueSoon: undefined,
  arrivals: undefined,
  completions: undefined,
  serviceSeconds: undefined,
  startSeconds: 40,
  workers: undefined,
  starting: 1,
  draining: 0,
  worstNowSeconds: undefined,
  worstAfterSeconds: undefined,
  desired: undefined,
};

async function published(figures: Partial<typeof unknown>): Promise<readonly unknown[]> {
  const lines: string[] = [];
  await gaugesFrom((line) => void lines.push(line)).publish("worker", at, { ...unknown, ...figures });
  return lines.map((line) => JSON.parse(line));
}

it("depth, wait and workers are four metrics of one service, in one line; other figures stand beside them", async () => {
  expect(await published({ waiting: 12, worstNowSeconds: 3.5, workers: 4, desired: 5, arrivals: 0.25 })).toEqual([
    {
      _aws: {
        Timestamp: 1_795_251_600_000,
        CloudWatchMetrics: [
          {
            Namespace: "Nightshift",
            Dimensions: [["Service"]],
            Metrics: [
              { Name: "Waiting", Unit: "Count" },
              { Name: "Wait", Unit: "Seconds" },
              { Name: "Workers", Unit: "Count" },
              { Name: "DesiredWorkers", Unit: "Count" },
            ],
          },
        ],
      },
      Service: "worker",
      Waiting: 12,
      Wait: 3.5,
      Workers: 4,
      DesiredWorkers: 5,
      arrivals: 0.25,
      startSeconds: 40,
      starting: 1,
      draining: 0,
    },
  ]);
});

it("what is unknown, or no number, is left out and never zero; zero is told", async () => {
  const [line] = await published({ waiting: undefined, worstNowSeconds: Number.POSITIVE_INFINITY, workers: 0 });
  expect(line).toMatchObject({ _aws: { CloudWatchMetrics: [{ Metrics: [{ Name: "Workers", Unit: "Count" }] }] }, Workers: 0 });
  expect(line).not.toHaveProperty("Waiting");
  expect(line).not.toHaveProperty("Wait");
});

it("where nothing is known nothing is written", async () => {
  expect(await published({})).toEqual([]);
});
