import { type Digest, type EpochMs, minutes, ms, type MetricQuery } from "@nightshift/model";
import type { Alarms, Images, Logs, Metrics, Targets } from "@nightshift/ports";
import { describe, expect, it } from "vitest";

/** What is looked at during a watch, as arranged before. */
export interface WatchingStage {
  readonly targets: Targets;
  readonly metrics: Metrics;
  readonly alarms: Alarms;
  readonly logs: Logs;
  readonly images: Images;
  /** A group with exactly these targets registered. */
  readonly targetGroup: { readonly arn: string; readonly ids: readonly string[] };
  /** A series whose minutes from `from` hold exactly these sums. */
  readonly series: { readonly query: MetricQuery; readonly from: EpochMs; readonly sums: readonly number[] };
  readonly alarm: { readonly name: string; readonly value: "OK" | "ALARM" | "INSUFFICIENT_DATA" };
  /** A stream that ends in these lines, as written; none holds a secret. */
  readonly stream: { readonly group: string; readonly stream: string; readonly lines: readonly string[] };
  readonly image: { readonly name: string; readonly digest: Digest };
}

/** What every implementation shows about targets, metrics, alarms, logs and images. */
export function watchingContract(name: string, make: () => Promise<WatchingStage>): void {
  describe(`watching on ${name}`, () => {
    it("every target of a group is told with a state of ours", async () => {
      const { targets, targetGroup } = await make();
      const found = await targets.health(targetGroup.arn);
      expect(found.map((target) => target.id).sort()).toEqual([...targetGroup.ids].sort());
      for (const { group, state } of found) {
        expect(group).toBe(targetGroup.arn);
        expect(["initial", "healthy", "unhealthy", "unused", "draining", "unavailable"]).toContain(state);
      }
    });

    it("a target group that does not exist is not found", async () => {
      const { targets, targetGroup } = await make();
      await expect(targets.health(`${targetGroup.arn.slice(0, -8)}00000000`)).rejects.toMatchObject({ name: "PortError", kind: "not-found" });
    });

    it("metrics come oldest first, minute by minute, for each series asked", async () => {
      const { metrics, series } = await make();
      const to = (series.from + minutes(series.sums.length)) as EpochMs; // a sum of two numbers of ours
      const [found, empty] = await metrics.read([series.query, { ...series.query, id: "nothing", metric: "NoSuchMetric" }], series.from, to);
      expect(found?.points).toEqual(series.sums.map((value, i) => ({ at: series.from + minutes(i), value })));
      expect([found?.id, found?.complete, empty?.id, empty?.points]).toEqual([series.query.id, true, "nothing", []]);
    });

    it("an alarm is told with its state and the moment it changed; an unknown name is left out", async () => {
      const { alarms, alarm } = await make();
      const found = await alarms.describe([alarm.name, "no-such-alarm"]);
      expect(found.map(({ name: one, value }) => ({ name: one, value }))).toEqual([alarm]);
      expect(found[0]?.since).toBeGreaterThan(ms(0));
    });

    it("the end of a log comes oldest first, and only as much as asked", async () => {
      const { logs, stream } = await make();
      expect(await logs.tail(stream.group, stream.stream, 100)).toEqual(stream.lines);
      expect(await logs.tail(stream.group, stream.stream, 2)).toEqual(stream.lines.slice(-2));
    });

    it("a log that does not exist is not found", async () => {
      const { logs, stream } = await make();
      await expect(logs.tail(stream.group, "no/such/stream", 10)).rejects.toMatchObject({ name: "PortError", kind: "not-found" });
    });

    it("an image is there, a digest that was never pushed is not, and a registry we cannot ask is unknown", async () => {
      const { images, image } = await make();
      expect(await images.exists(image.name, image.digest)).toBe(true);
      expect(await images.exists(image.name, `sha256:${"0".repeat(64)}` as Digest)).toBe(false); // a digest by its form
      expect(await images.exists("ghcr.io/shop/api:v1", image.digest)).toBeUndefined();
    });
  });
}
