import { hold } from "@nightshift/decide/control";
import { foldIncident } from "@nightshift/decide/incidents/fold";
import { openIncident } from "@nightshift/runtime/incidents";
import { emptyControl, hours, minutes, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { later, stage, THREE, told } from "../../test/testing/worker-stage.ts";

describe("what stops it", () => {
  test.each(["shop-worker", "shop", "all"])("a hold of %s: nothing is sent, and it goes on when the hold ends", (scope) =>
    stage({ workers: 2, busy: 4 }, async (it) => {
      it.waiting = 400;
      await it.world.control.replace(hold(emptyControl, { scope, by: "lead", because: "migration", at: THREE, until: later(THREE, hours(1)) }, THREE));
      await it.run(4);
      expect(it.effects).toEqual([]);
      expect(it.logged.at(-1)).toMatchObject({ decided: "hold", because: [expect.stringContaining("lead holds")] });
      it.now = later(THREE, minutes(61));
      it.waiting = 400;
      await it.run(1);
      expect(it.effects).toEqual(["desired 12"]);
    }),
  );

  test("a hold that comes between the look and the call", () =>
    stage({ workers: 3 }, async (it) => {
      it.before = (effect) => {
        if (!effect.startsWith("protect ")) return;
        it.before = undefined;
        holding = it.world.control.read().then(async (state) => {
          await it.world.control.replace(hold(state, { scope: "all", by: "lead", because: "stop", at: it.now, until: undefined }, it.now));
        });
      };
      let holding: Promise<void> | undefined;
      const { scaling } = it.world;
      const protect: typeof scaling.protect = async (...all) => {
        await scaling.protect(...all);
        await holding;
      };
      for (let n = 0; n < 8; n++) {
        it.now = later(it.now, seconds(15));
        await it.lookOver({ ...it.world, scaling: { ...scaling, protect } });
      }
      expect(holding).toBeDefined();
      expect(it.effects.some((one) => one.startsWith("desired "))).toBe(false);
      expect(it.desired).toBe(3);
    }));

  test("a rollback that took the service over between two effects", () =>
    stage({ workers: 3 }, async (it) => {
      const { scaling, control } = it.world;
      const protect: typeof scaling.protect = async (...all) => {
        await scaling.protect(...all);
        const state = await control.read();
        const lease = {
          resource: "shop-worker",
          holder: "guard/shop/43",
          purpose: "rollback" as const,
          epoch: state.epoch + 1,
          until: later(it.now, minutes(30)),
        };
        await control.replace({ ...state, version: state.version + 1, epoch: lease.epoch, leases: [lease] });
      };
      for (let n = 0; n < 8; n++) {
        it.now = later(it.now, seconds(15));
        await it.lookOver({ ...it.world, scaling: { ...scaling, protect } });
      }
      expect(it.effects.some((one) => one.startsWith("protect "))).toBe(true);
      expect(it.effects.some((one) => one.startsWith("desired "))).toBe(false);
      expect(it.logged.at(-1)?.["because"]).toEqual([expect.stringContaining("guard/shop/43 is rolling shop-worker back")]);
    }));

  test("another scaler on the service, which is told once and is over when it is gone", () =>
    stage({ workers: 2, busy: 4 }, async (it) => {
      it.rival = "Application Auto Scaling keeps service/prod/shop-worker between 1 and 10";
      it.waiting = 400;
      await it.run(4);
      expect(it.effects).toEqual([]);
      expect((await told(it)).map(({ group, needsPerson, lines }) => [group, needsPerson, lines.length])).toEqual([["shop", true, 1]]);
      it.rival = undefined;
      it.waiting = 0;
      await it.run(80);
      expect((await told(it)).map(({ state, lines }) => [state, lines[1]])).toEqual([["resolved", "shop-worker: no other scaler works on it any more."]]);
    }));
});

describe("an unknown broker", () => {
  test("is told in the incident that an alarm of the service opened, which keeps its title", () =>
    stage({ workers: 2 }, async (it) => {
      const alarm = {
        id: "INC-261121-0259-shop",
        group: "shop",
        service: "shop-worker",
        severity: "P3",
        title: "shop-worker-backlog rings",
        openedAt: THREE,
        by: "alarms",
      } as const;
      await openIncident(it.world, alarm);
      it.brokerDown = "Redis did not answer within 2 s";
      await it.run(6);
      const incidents = (await it.world.incidents.list(10)).map(foldIncident);
      expect(incidents.map(({ id, title, severity }) => [id, title, severity])).toEqual([["INC-261121-0259-shop", "shop-worker-backlog rings", "P2"]]);
    }));

  test("for ten minutes: nothing is done, one notice, and its end is told", () =>
    stage({ workers: 4, busy: 0 }, async (it) => {
      it.brokerDown = "Redis did not answer within 2 s";
      await it.run(40);
      expect(it.effects).toEqual([]);
      expect(await told(it)).toMatchObject([{ group: "shop", needsPerson: true, lines: [expect.stringContaining("Redis did not answer within 2 s")] }]);
      it.brokerDown = undefined;
      await it.run(4);
      expect(await told(it)).toMatchObject([{ state: "resolved", lines: [expect.anything(), "shop-worker: the broker can be read again."] }]);
    }));
});
