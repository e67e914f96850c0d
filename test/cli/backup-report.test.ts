import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { night, shelfOf, sixtyNights } from "./backup-shelf.ts";
import { nightshift } from "./harness.ts";

const report = async (folder: string, ...more: readonly string[]): Promise<string> => {
  // Beside the backups: it goes with them.
  const file = path.join(folder, "report.html");
  const said = await nightshift(["backup", "report", "--from", folder, "--out", file, ...more]);
  expect([said.exit, said.err]).toEqual([0, []]);
  return readFileSync(file, "utf8");
};

it("a report is one page that asks nothing of any network and runs no script", async () => {
  const page = await report(shelfOf(sixtyNights()), "--rpo", "24h", "--rto", "1h");
  expect(page.match(/<script|<link|<img|@import|url\((?!#)|javascript:/i)).toBeNull();
  // Names of XML's own are no addresses to ask.
  expect([...page.matchAll(/https?:\/\/[^"' <]+/g)].map(([address]) => address).filter((address) => !address.startsWith("http://www.w3.org/"))).toEqual([]);
  expect([...page.matchAll(/<svg /g)]).toHaveLength(4);
  expect(page.length).toBeLessThan(200_000);
});

it("its charts take their colours from the page, so that they are read in light and in dark", async () => {
  const page = await report(shelfOf(sixtyNights()), "--rpo", "24h", "--rto", "1h");
  for (const variable of ["--ink", "--grey", "--grid", "--bad", "--a", "--b"]) expect(page).toContain(`var(${variable})`);
  expect(page).toContain("prefers-color-scheme:dark");
  for (const stand of ["#010203", "#040506", "#070809", "#0a0b0c", "#0d0e0f", "#111213"]) expect(page.toLowerCase()).not.toContain(stand);
});

it("it says the targets, each night by mark and word, and what is kept", async () => {
  const page = await report(shelfOf(sixtyNights()), "--rpo", "24h", "--rto", "1h");
  for (const words of ["at most 24 h", "at most 1 h", "2026-11-08 · failed · shop-261108-0200-nightly · the disk was full", "2026-11-16 · taken, not proven"])
    expect(page).toContain(words);
  expect([...page.matchAll(/<li class="verified"/g)]).toHaveLength(26);
  expect([...page.matchAll(/<li class="failed"/g)]).toHaveLength(3);
  expect([...page.matchAll(/<td>shop-\d{6}-0200-nightly<\/td>/g)]).toHaveLength(57);
});

it("a store of one unproven backup says that nothing is known, and draws no line", async () => {
  const page = await report(shelfOf([{ scheduled: night(0), ends: "unproven" }]), "--rto", "1h");
  expect(page).toContain("No restore of it was ever measured.");
  expect(page).toContain('<span class="bad">✗ unknown</span> of 1 h');
});

it("a file that cannot be written is said", async () => {
  const { exit, err } = await nightshift(["backup", "report", "--from", shelfOf([{ scheduled: night(0), ends: "proven" }]), "--out", "/nowhere/report.html"]);
  expect([exit, err[0]]).toEqual([1, expect.stringMatching(/^\/nowhere\/report\.html could not be written: .*Name another with --out\.$/)]);
});
