import { epochMs } from "@nightshift/model";
import { expect, test } from "vitest";
import { idFor, nameBeside, unfit } from "./names.ts";

const at = epochMs(Date.UTC(2026, 2, 14, 2, 0, 41));

test("a backup is named after its minute, so that the same minute finds it again", () => {
  expect(idFor("shop", "safety", at)).toEqual({ id: "shop-260314-0200-safety", scheduled: Date.UTC(2026, 2, 14, 2, 0, 0) });
});

test("a database beside the one that serves keeps its stamp within 63 bytes", () => {
  expect(nameBeside("shop", "restored", at)).toBe("shop_restored_260314_0200");
  expect(nameBeside("ü".repeat(40), "before", at)).toBe(`${"ü".repeat(22)}_before_260314_0200`);
  expect(nameBeside("a".repeat(63), "restored", at)).toHaveLength(63);
});

test("a name that could leave its folder is refused", () => {
  expect([unfit("shop"), unfit("shop_2.eu-1")]).toEqual([undefined, undefined]);
  for (const name of ["../shop", "shop/data", "", ".hidden", "a b"]) expect(unfit(name)).toContain("cannot name a folder");
});
