import { productFacts } from "@nightshift/lab/products/facts";
import { playProduct, sayNight } from "@nightshift/lab/products/night";
import { judgeProduct } from "@nightshift/lab/products/targets";
import { sayLength } from "@nightshift/model";
import { describe, expect, it } from "vitest";

/** Of the facts' own measurements: the benchmark may be measured anew, and what is judged here does not change with it. */
const rates = { dump: 150e6, download: 300e6, restore: 60e6, compare: 190e6, packed: 0.37, source: "two cores" };

const product = (name: string) => {
  const found = productFacts.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no product named ${name}`);
  return found;
};

/** Promise, estimate on an ordinary and on a bad day, verdict. */
const judged = (name: string) =>
  judgeProduct(product(name), rates).map(({ target, usual, worst, stands }) => [
    `${target.kind} ${target.asked === undefined ? "–" : sayLength(target.asked)}, ${target.when}`,
    usual === undefined || worst === undefined ? "no way" : `${sayLength(usual)} to ${sayLength(worst)}`,
    stands,
  ]);

describe("what of a product's promises can be kept", () => {
  it("leather: fifteen minutes hold up to 31 GB on an ordinary day; a dump a day is more than a day old before the next is proven", () => {
    expect(judged("leather-api")).toEqual([
      ["RTO 15 m, the database is damaged", "10 m 30 s to 22 m 21 s", "at risk"],
      ["RTO 30 m, the server is lost", "20 m 25 s to 41 m 51 s", "at risk"],
      ["RPO 24 h, the database is damaged", "12 h 10 m to 24 h 21 m", "at risk"],
      ["RPO 1 h, the database is damaged", "12 h 10 m to 24 h 21 m", "cannot be met"],
      ["RTO 2 h, the region is lost", "no way", "cannot be met"],
      ["RTO 4 h, everything is lost", "50 m 25 s to 1 h 41 m", "met"],
    ]);
    const [restore] = judgeProduct(product("leather-api"), rates);
    expect(restore?.because).toContain("on an ordinary day it holds up to 31 GB");
  });

  it("styling: an hour is lost by none, restored in an hour by most, and nothing lies in its second region", () => {
    expect(judged("styling-adventures")).toEqual([
      ["RTO 1 h, the database is damaged", "32 m to 1 h 5 m", "at risk"],
      ["RPO 1 h, the database is damaged", "5 m to 10 m", "met"],
      ["RPO 1 h, the region is lost", "no way", "cannot be met"],
    ]);
  });

  it("accunode names no target, so that none is met and none is missed", () => {
    expect(judged("accunode").map(([, estimate, stands]) => [estimate, stands])).toEqual([
      ["25 m 46 s to 52 m 33 s", "no target"],
      ["5 m to 10 m", "no target"],
      ["no way", "no target"],
    ]);
  });

  it("customify: five minutes are the interval itself, and a lost region takes the database with it", () => {
    expect(judged("customify-core-api")).toEqual([
      ["RTO 1 h, the server is lost", "1 m to 2 m", "met"],
      ["RTO 1 h, the database is damaged", "25 m 46 s to 52 m 33 s", "met"],
      ["RPO 5 m, the database is damaged", "5 m to 10 m", "at risk"],
      ["RTO 1 h, the region is lost", "no way", "cannot be met"],
      ["RPO 5 m, the region is lost", "no way", "cannot be met"],
    ]);
  });

  it("sports: a failover takes a minute to two, and its own command makes no standby", () => {
    expect(judged("sports-nutrition-api").map(([, estimate, stands]) => [estimate, stands])).toEqual([
      ["1 m to 2 m", "at risk"],
      ["1 h to 2 h 2 m", "no target"],
      ["5 m to 10 m", "no target"],
    ]);
    expect(judgeProduct(product("sports-nutrition-api"), rates)[0]?.because).toContain("without --multi-az: then there is no standby at all");
  });
});

describe("a night of a product in the lab", () => {
  it("leather's twenty gigabytes are dumped, restored and compared in the estimated time, and drilled", async () => {
    const night = await playProduct(product("leather-api"), { seed: 1, rates });
    const dump = night.rows.find(({ kind }) => kind === "dump");
    expect([dump?.state, dump?.proof, dump?.times]).toEqual([
      "verified",
      "restored-and-compared",
      { dump: 133_333, download: 24_667, restore: 333_333, compare: 105_263 },
    ]);
    expect(sayNight(night)).toMatch(
      /^dumped in 2 m 13 s, restored in 5 m 33 s, compared in 1 m 45 s; drill available in \d+ m \d+ s, hydrated in [\d m s]+, compared in [\d m s]+$/,
    );
  }, 60_000);

  it("a table's backup exists, and that is no proof", async () => {
    expect(sayNight(await playProduct(product("styling-adventures"), { seed: 1, rates }))).toBe("backup taken; it exists, which is no proof");
  }, 60_000);
});
