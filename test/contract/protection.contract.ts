import { type Ms, minutes, ms, seconds, type ServiceRef } from "@nightshift/model";
import type { Fleets, Scaling } from "@nightshift/ports";
import { describe, expect, it } from "vitest";

/** A worker service at rest with twelve running tasks, and time that can pass. */
export interface ProtectionStage {
  readonly fleets: Fleets;
  readonly scaling: Scaling;
  readonly ref: ServiceRef;
  pass(length: Ms): Promise<void>;
  /** Has Fargate reclaim so many tasks. */
  reclaim(count: number): Promise<void>;
}

/** What ECS shows about protection, and which tasks a lower count stops. Proven in the lab alone: nothing else models it. */
export function protectionContract(name: string, make: () => Promise<ProtectionStage>): void {
  const settled = async ({ fleets, ref, pass }: ProtectionStage) => {
    await pass(minutes(3));
    return fleets.tasks(ref);
  };
  const running = async ({ fleets, ref }: ProtectionStage) => (await fleets.tasks(ref)).live.map((task) => task.arn);

  describe(`protection on ${name}`, () => {
    it("lasts for the minutes asked, rounded up, and then no longer", async () => {
      const stage = await make();
      const { fleets, scaling, ref, pass } = stage;
      const [first = "", second = ""] = await running(stage);
      await scaling.protect(ref, [first], seconds(61));
      const until = async (arn: string) => (await fleets.tasks(ref)).live.find((task) => task.arn === arn)?.protectedUntil;
      const one = await fleets.tasks(ref);
      const [state] = await fleets.describe([ref]);
      const left = (one.live.find((task) => task.arn === first)?.protectedUntil ?? 0) - (state?.at ?? 0);
      expect(left).toBeGreaterThan(119_000);
      expect(left).toBeLessThanOrEqual(120_000);
      expect(await until(second)).toBeUndefined();
      await pass(minutes(2));
      expect(await until(first)).toBeUndefined();
    });

    it("of all but three decides whom a count of nine stops", async () => {
      const stage = await make();
      const all = await running(stage);
      const victims = [all[0], all[5], all[11]];
      await stage.scaling.protect(
        stage.ref,
        all.filter((arn) => !victims.includes(arn)),
        minutes(10),
      );
      await stage.scaling.setDesired(stage.ref, 9);
      const { live, stopped } = await settled(stage);
      expect(live.length).toBe(9);
      expect(stopped.map((task) => task.arn).toSorted()).toEqual(victims.toSorted());
      expect(new Set(stopped.map((task) => task.code))).toEqual(new Set(["ServiceSchedulerInitiated"]));
    });

    it("without it, any task may be stopped", async () => {
      const stage = await make();
      const all = await running(stage);
      await stage.scaling.setDesired(stage.ref, 9);
      const { live } = await settled(stage);
      expect(live.length).toBe(9);
      expect(live.map((task) => task.arn)).not.toEqual(all.slice(0, 9));
    });

    it("holds a lower count up until it ends or is taken back", async () => {
      const stage = await make();
      const all = await running(stage);
      await stage.scaling.protect(stage.ref, all, minutes(10));
      await stage.scaling.setDesired(stage.ref, 2);
      expect((await settled(stage)).live.length).toBe(12);
      await stage.scaling.unprotect(stage.ref, all.slice(0, 4));
      expect((await settled(stage)).live.length).toBe(8);
      await stage.pass(minutes(5));
      expect((await settled(stage)).live.length).toBe(2);
    });

    it("of more tasks than are wanted is blocked, and says so", async () => {
      const stage = await make();
      const all = await running(stage);
      await stage.scaling.protect(stage.ref, all.slice(0, 2), minutes(10));
      await stage.scaling.setDesired(stage.ref, 2);
      await expect(stage.scaling.protect(stage.ref, all.slice(2, 3), minutes(10))).rejects.toMatchObject({
        kind: "conflict",
        message: expect.stringContaining("DEPLOYMENT_BLOCKED"),
      });
    });

    it("of a task that is gone is an error that names it; taking it back is none", async () => {
      const stage = await make();
      const all = await running(stage);
      await stage.scaling.setDesired(stage.ref, 11);
      const { live } = await settled(stage);
      const gone = all.filter((arn) => !live.some((task) => task.arn === arn));
      expect(gone.length).toBe(1);
      await expect(stage.scaling.protect(stage.ref, gone, minutes(5))).rejects.toMatchObject({
        kind: "not-found",
        message: expect.stringContaining(gone[0]?.split("/").at(-1) ?? "?"),
      });
      await stage.scaling.unprotect(stage.ref, gone);
    });

    it("does not keep Fargate from reclaiming Spot; what comes instead is Spot again", async () => {
      const stage = await make();
      const before = await stage.fleets.tasks(stage.ref);
      expect([before.live.length, before.live.filter((task) => task.spot).length]).toEqual([12, 10]);
      await stage.scaling.protect(stage.ref, await running(stage), minutes(10));
      await stage.reclaim(3);
      await stage.pass(ms(500));
      const during = await stage.fleets.tasks(stage.ref);
      expect(during.live.filter((task) => task.status === "stopping").length).toBe(3);
      const after = await settled(stage);
      expect([after.live.length, after.live.filter((task) => task.spot).length]).toEqual([12, 10]);
      expect(after.stopped.map((task) => task.code)).toEqual(["SpotInterruption", "SpotInterruption", "SpotInterruption"]);
    });
  });
}
