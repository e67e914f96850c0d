import { type BackupRecord, backupId, epochMs, minutes, ms, type RecoverySample, seconds } from "@nightshift/model";
import { describe, expect } from "vitest";
import { backupRow } from "../testing/backup-rows.ts";
import { at, type Behaviour, ten } from "./ledger-stage.ts";

/** Backups as the ledger knows them, and what could have been lost. */
export function backupsContract(it: Behaviour): void {
  describe("the book of backups", () => {
    it("a row comes back as it was written, and what was left out stays unknown", async ({ one, other, mine }) => {
      const whole = backupRow(mine, 1, {
        copies: [{ region: "eu-west-1", where: "arn:aws:rds:eu-west-1:123456789012:snapshot:x", at: at(9) }],
        lockedUntil: at(99),
      });
      expect(await one.backupBook.find(mine, whole.id)).toBeUndefined();
      expect(await one.backupBook.replace(whole)).toBe(true);
      expect(await other.backupBook.find(mine, whole.id)).toEqual(whole);
      const running: BackupRecord = {
        ...({ id: backupId(`${mine}-261122-0200-nightly`), of: mine, kind: "rds-snapshot", series: "nightly", state: "running", proof: "none" } as const),
        ...{ scheduled: at(0), times: {}, version: 1 },
      };
      expect(await one.backupBook.replace(running)).toBe(true);
      expect(await other.backupBook.find(mine, running.id)).toEqual(running);
    });
    it("of ten that read the same row one writes; a first row replaces none, a later one needs the one before", async ({ one, both, mine }) => {
      expect(await one.backupBook.replace(backupRow(mine, 2))).toBe(false);
      expect(await one.backupBook.replace(backupRow(mine, 1))).toBe(true);
      expect(await one.backupBook.replace(backupRow(mine, 1))).toBe(false);
      const won = await Promise.all(ten.map((n) => both(n).backupBook.replace(backupRow(mine, 2, { rows: n }))));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await one.backupBook.find(mine, backupRow(mine, 1).id))?.version).toBe(2);
    });
    it("what is left out of a later row is forgotten", async ({ one, other, mine }) => {
      await one.backupBook.replace(backupRow(mine, 1, { because: "the newest row is 9 h old" }));
      await one.backupBook.replace(backupRow(mine, 2));
      expect(await other.backupBook.find(mine, backupRow(mine, 1).id)).toEqual(backupRow(mine, 2));
    });
    it("all of one database come oldest first, and none of another's, nor its samples", async ({ one, other, mine }) => {
      const night = (day: number, of = mine) =>
        backupRow(of, 1, { id: backupId(`${of}-2611${day}-0200-nightly`), scheduled: epochMs(at(0) + day * 86_400_000) });
      for (const row of [night(21), night(19), night(20), night(18, `${mine}-2`)]) await one.backupBook.replace(row);
      await one.backupBook.sample({ of: mine, at: at(0) });
      expect((await other.backupBook.all(mine)).map(({ id }) => id)).toEqual([night(19).id, night(20).id, night(21).id]);
      expect(await other.backupBook.all(`${mine}-3`)).toEqual([]);
    });
    it("samples since a moment come oldest first, and one of the same moment is replaced", async ({ one, other, mine }) => {
      const sample = (n: number, rpo: number): RecoverySample => ({
        ...{ of: mine, at: at(n * 300), rpo: ms(rpo), newestVerifiedAge: minutes(40), rto: seconds(900), sourceBytes: 97_000_000_000 },
      });
      for (const n of [2, 0, 1]) await one.backupBook.sample(sample(n, 1_000 + n));
      await one.backupBook.sample(sample(1, 7));
      expect(await other.backupBook.samples(mine, at(300))).toEqual([sample(1, 7), sample(2, 1_002)]);
      expect(await other.backupBook.samples(mine, at(601))).toEqual([]);
    });
    it("what a sample could not see stays unknown, also where the one before saw it", async ({ one, other, mine }) => {
      await one.backupBook.sample({ of: mine, at: at(0), rpo: minutes(5) });
      await one.backupBook.sample({ of: mine, at: at(0), sourceBytes: 0 });
      expect(await other.backupBook.samples(mine, at(0))).toEqual([{ of: mine, at: at(0), sourceBytes: 0 }]);
    });
  });
}
