import { hours, minutes, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { type AccountSettings, createAccount } from "../account.ts";
import { type BusEvent, roughDelivery } from "./bus.ts";

const event = (source: string) => ({ source, detailType: "Something", resources: ["arn:1"], detail: { n: 1 } });
const delivered = async (
  settings: Partial<AccountSettings>,
  sources: readonly string[],
): Promise<{ readonly events: readonly BusEvent[]; readonly lost: number }> => {
  const account = createAccount({ seed: 3, ...settings });
  const events: BusEvent[] = [];
  account.bus.rule({ name: "r", pattern: { source: [{ prefix: "aws." }] }, target: (one) => events.push(one) });
  sources.forEach((source, i) => {
    account.clock.in(seconds(i), () => account.kernel.emit(event(source)));
  });
  await account.pass(hours(1));
  return { events, lost: account.history.filter((line) => line.kind === "world" && line.what === "event-lost").length };
};
const many = (source: string): string[] => Array.from({ length: 40 }, () => source);

describe("the bus", () => {
  test("fills in what AWS fills in, and delivers what a rule matches", async () => {
    const { events } = await delivered({}, ["aws.ecs", "own.source"]);
    expect(events).toEqual([
      {
        version: "0",
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        "detail-type": "Something",
        source: "aws.ecs",
        account: "111122223333",
        time: "2026-11-02T10:00:00Z",
        region: "eu-central-1",
        resources: ["arn:1"],
        detail: { n: 1 },
      },
    ]);
  });

  test("a manifest's patterns become rules", async () => {
    const account = createAccount({ seed: 1 });
    const seen: string[] = [];
    account.bus.rules(
      [
        {
          name: "guard",
          kind: "durable",
          does: "",
          events: [{ source: ["aws.ecs"] }, { source: ["aws.cloudwatch"] }],
          uses: [],
          timeoutSeconds: 1,
          memoryMb: 128,
        },
      ],
      (one) => seen.push(one.source),
    );
    for (const source of ["aws.ecs", "aws.cloudwatch", "aws.s3"]) account.kernel.emit(event(source));
    await account.pass(minutes(1));
    expect(seen.sort()).toEqual(["aws.cloudwatch", "aws.ecs"]);
  });

  test("a rough way duplicates and reorders, and loses nothing of a durable source", async () => {
    const { events, lost } = await delivered({ delivery: roughDelivery({ duplicate: 0.5, drop: 0.9, delayUpTo: seconds(30) }) }, many("aws.ecs"));
    expect(new Set(events.map((one) => one.id)).size).toBe(40);
    expect(events.length).toBeGreaterThan(45);
    expect(events.map((one) => one.time)).not.toEqual(events.map((one) => one.time).sort());
    expect(lost).toBe(0);
  });

  test("a source that AWS delivers at best effort may lose events", async () => {
    const { events, lost } = await delivered({ delivery: roughDelivery({ duplicate: 0, drop: 0.5, delayUpTo: seconds(1) }) }, many("aws.codedeploy"));
    expect(lost).toBeGreaterThan(5);
    expect(events.length + lost).toBe(40);
  });

  test("a recorded event is delivered as it stands", async () => {
    const account = createAccount({ seed: 1 });
    const seen: BusEvent[] = [];
    account.bus.rule({ name: "all", pattern: {}, target: (one) => seen.push(one) });
    const old: BusEvent = {
      version: "0",
      id: "x",
      "detail-type": "t",
      source: "s",
      account: "1",
      time: "2020-01-01T00:00:00Z",
      region: "r",
      resources: [],
      detail: {},
    };
    account.bus.deliver(old);
    await account.pass(minutes(1));
    expect(seen).toEqual([old]);
  });
});
