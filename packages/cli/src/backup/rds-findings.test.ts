import type { DatabaseInstance } from "@nightshift/ports";
import { expect, test } from "vitest";
import { findInRds, type RdsSeen } from "./rds-findings.ts";

// Only what the checks read; the drill's settings are of no matter here.
const drill = {} as NonNullable<RdsSeen["settings"]["drill"]>;
const sound = {
  settings: { name: "shop", instance: "shop-prod", snapshots: undefined, drill },
  instance: { instance: "shop-prod", retentionDays: 7, multiAz: true, encrypted: true, deletionProtection: true } as DatabaseInstance,
  quota: { used: 89, most: 100 },
} satisfies RdsSeen;
const ids = (seen: RdsSeen): readonly string[] => findInRds(seen).map(({ id, severity }) => `${id} ${severity}`);
const withInstance = (over: Partial<DatabaseInstance>): RdsSeen => ({ ...sound, instance: { ...sound.instance, ...over } });

test("an instance with everything in place is passed", () => {
  expect(ids(sound)).toEqual([]);
});

test("each weakness of an instance has its own finding", () => {
  expect(ids({ ...sound, instance: undefined })).toEqual(["R1 danger"]);
  expect(ids(withInstance({ retentionDays: 0 }))).toEqual(["R2 danger"]);
  expect(ids(withInstance({ retentionDays: 1 }))).toEqual([]);
  expect(ids(withInstance({ multiAz: false }))).toEqual(["R3 warning"]);
  expect(ids(withInstance({ encrypted: false }))).toEqual(["R4 warning"]);
  expect(ids(withInstance({ deletionProtection: false }))).toEqual(["R5 warning"]);
  expect(ids({ ...sound, settings: { ...sound.settings, drill: undefined } })).toEqual(["R8 note"]);
});

test("the quota is told from nine tenths on, and as a danger when nothing is left; unknown is not zero", () => {
  expect(ids({ ...sound, quota: { used: 90, most: 100 } })).toEqual(["R6 warning"]);
  expect(ids({ ...sound, quota: { used: 100, most: 100 } })).toEqual(["R6 danger"]);
  expect(ids({ ...sound, quota: undefined })).toEqual([]);
});
