import { type BackupRecord, backupId, epochMs } from "@nightshift/model";
import { expect, it } from "vitest";
import { type Ledgered, ledgered, nightshift } from "./harness.ts";

const id = backupId("shop-260314-0200-nightly");
const suspect: BackupRecord = {
  id,
  of: "shop",
  kind: "dump",
  series: "nightly",
  state: "suspect",
  proof: "restored-and-compared",
  scheduled: epochMs(Date.UTC(2026, 2, 14, 2)),
  because: "public.orders lost 41 % of its rows",
  times: {},
  version: 1,
};
const given = async (row: Partial<BackupRecord> = {}): Promise<Ledgered> => {
  const account = await ledgered();
  await account.lab.run(() => account.ports.backupBook.replace({ ...suspect, ...row }));
  return account;
};
const says = ["backup", "acknowledge", "shop", id, "--because", "we archived the orders of 2019"] as const;
const stored = (account: Ledgered) => account.lab.run(() => account.ports.backupBook.find("shop", id));
const chain = (account: Ledgered) => account.lab.run(() => account.ports.audit.read("control"));

it("a suspect backup is acknowledged by whoever says so, on the record, and stays what it is", async () => {
  const account = await given();
  const { exit, out } = await account.nightshift(says);
  expect([exit, out]).toEqual([
    0,
    [
      `Acknowledged: ${id}, by ada. It was suspect: public.orders lost 41 % of its rows.`,
      "Pruning goes on at its next run. The backup still does not count as proven.",
    ],
  ]);
  expect(await stored(account)).toEqual({ ...suspect, acknowledgedBy: "ada", version: 2 });
  expect((await chain(account)).map(({ actor, body }) => [actor, body["does"], body["backup"], body["because"]])).toEqual([
    ["ada", "acknowledge backup", id, "we archived the orders of 2019"],
  ]);
});

it("a second word changes nothing, whoever says it", async () => {
  const account = await given();
  await account.nightshift(says);
  const again = await account.nightshift([...says, "--as", "grace"]);
  expect([again.exit, again.out]).toEqual([0, [`${id} was acknowledged by ada already; nothing was changed.`]]);
  expect((await stored(account))?.version).toBe(2);
  expect(await chain(account)).toHaveLength(1);
});

it.each([
  ["verified", "it is proven, and nothing waits for it"],
  ["failed", "it is failed; only a suspect one can be acknowledged"],
] as const)("a backup that is %s is left alone", async (state, because) => {
  const account = await given({ state });
  const { exit, err } = await account.nightshift(says);
  expect([exit, err[0]]).toEqual([1, `${id} is not suspect: ${because}. Nothing was changed.`]);
  expect(await chain(account)).toEqual([]);
});

it("a name that is not there is answered with the suspect ones", async () => {
  const account = await given();
  const { exit, err } = await account.nightshift(["backup", "acknowledge", "shop", "shop-260314-0200-nightli", "--because", "x"]);
  expect([exit, err[0]]).toEqual([
    2,
    `shop has no backup "shop-260314-0200-nightli" in the ledger; did you mean "${id}"? Suspect: ${id}. Nothing was changed.`,
  ]);
});

it("nothing is acknowledged without a reason", async () => {
  const { exit, err } = await nightshift(["backup", "acknowledge", "shop", id, "--because", " "]);
  expect([exit, err[0]?.slice(0, 33)]).toEqual([2, "backup acknowledge: say --because"]);
});
