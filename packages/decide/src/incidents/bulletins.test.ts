import { epochMs } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { bulletinOf, dueBulletins } from "./bulletins.ts";

const nine = { digest: { hour: 9, minute: 0 }, timeZone: "Europe/Berlin" };
/** Tuesday 2026-03-17, 09:00 in Berlin. */
const tuesday = 1_773_734_400_000;
const keys = (at: number, policy: Parameters<typeof dueBulletins>[1] = nine) => dueBulletins(epochMs(at), policy).map((one) => one.key);

describe("bulletins", () => {
  test("the digest is due from its minute on, for three hours", () => {
    expect(keys(tuesday - 1)).toEqual([]);
    expect(keys(tuesday)).toEqual(["bulletin/handoff/2026-03-17"]);
    expect(keys(tuesday + 3 * 3_600_000 - 1)).toEqual(["bulletin/handoff/2026-03-17"]);
    expect(keys(tuesday + 3 * 3_600_000)).toEqual([]);
  });
  test("on Mondays the weekly report comes with it", () => {
    expect(keys(tuesday - 86_400_000)).toEqual(["bulletin/handoff/2026-03-16", "bulletin/weekly/2026-03-16"]);
    expect(keys(tuesday + 86_400_000)).toEqual(["bulletin/handoff/2026-03-18"]);
  });
  test("nine o'clock follows the clocks into summer", () => {
    // 2026-03-29: clocks go forward in Berlin, so that nine o'clock comes an hour earlier in UTC.
    const summer = Date.UTC(2026, 2, 30, 7, 0, 0);
    expect(keys(summer - 1)).toEqual([]);
    expect(keys(summer)).toEqual(["bulletin/handoff/2026-03-30", "bulletin/weekly/2026-03-30"]);
  });
  test("the date is that of the team's own day", () => {
    expect(keys(Date.UTC(2026, 2, 16, 20, 0, 0), { digest: { hour: 9, minute: 0 }, timeZone: "Pacific/Auckland" })).toEqual(["bulletin/handoff/2026-03-17"]);
  });
  test("a key that names no bulletin is none", () => {
    expect(bulletinOf("bulletin/weekly/2026-03-16")).toEqual({ kind: "weekly", key: "bulletin/weekly/2026-03-16" });
    expect(bulletinOf("bulletin/daily/2026-03-16")).toBeUndefined();
    expect(bulletinOf("INC-1")).toBeUndefined();
    const key = "bulletin/backup/shop/shop-261121-0200-nightly";
    expect(bulletinOf(key)).toEqual({ kind: "backup", key, of: "shop", id: "shop-261121-0200-nightly" });
    expect(bulletinOf("bulletin/backup/shop")).toBeUndefined();
  });
});
