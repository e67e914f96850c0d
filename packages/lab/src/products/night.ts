import type { JudgedTarget } from "@nightshift/decide/backups/recovery-targets";
import { type BackupRecord, epochMs, hours, minutes, type Ms, ms, sayLength } from "@nightshift/model";
import { loadAdapters } from "../connections.ts";
import { beginScenario } from "../scenario/begin.ts";
import { scenario } from "../scenario/scenario.ts";
import { DATABASE, databases } from "../scenarios/databases.ts";
import type { MeasuredRates } from "./bench-rates.ts";
import type { ProductFacts } from "./facts.ts";
import { judgeProduct } from "./targets.ts";

/** What one product's night in the lab came to. */
export interface ProductNight {
  readonly product: ProductFacts;
  /** What was taken and proven, newest last. */
  readonly rows: readonly BackupRecord[];
  readonly judged: readonly JudgedTarget[];
}

/** When the night begins, and the drill: later, because it is held against the night's backup. */
const NIGHT = "03:05";
const drillOf = (bytes: number): string => (bytes > 200e9 ? "04:10" : "03:30");
/** How long both are watched: fifty minutes, and what the bytes need at the slowest rate. */
const lasting = (bytes: number): Ms => ms(minutes(50) + (bytes / 40e6) * 1_000);

/** Plays a night and a drill of a product: its size, the measured rates, the lab's RDS; then holds every promise against what it has. */
export async function playProduct(product: ProductFacts, { seed, rates }: { readonly seed: number; readonly rates: MeasuredRates }): Promise<ProductNight> {
  await loadAdapters();
  const story = scenario({
    name: product.name,
    title: `A night of ${product.name}`,
    source: product.document,
    before: (stage) => {
      stage.world.databases.rates = rates;
      return databases(stage, {
        database: { bytes: product.bytes, tables: 120, rows: Math.round(product.bytes / 200) },
        settings: {
          maxDuration: hours(10),
          nightly: NIGHT,
          drill: { day: 16, at: drillOf(product.bytes), from: "point-in-time", subnetGroup: "isolated", securityGroups: ["sg-0d2111111111111aa"] },
        },
      });
    },
    plot: () => {},
    lasts: minutes(1),
    expected: { verdict: "none", toBlame: false, serves: {}, tells: [] },
  });
  const { stage, installed } = beginScenario(story, { seed });
  await stage.lab.runUntil(epochMs(stage.now() + lasting(product.holds === "dynamodb" ? 0 : product.bytes)));
  const { backupBook } = installed.asPerson("ana");
  const of = product.holds === "dynamodb" ? "sessions" : DATABASE;
  const rows = await stage.lab.run(() => backupBook.all(of));
  return { product, rows, judged: judgeProduct(product, rates) };
}

/** What the night did, in one line; a dump's proof and a drill's times stand in it where they were. */
export function sayNight({ rows }: ProductNight): string {
  const dump = rows.find(({ kind }) => kind === "dump");
  const drill = rows.find(({ id, times }) => id.endsWith("-drill") && times.compare !== undefined);
  const table = rows.find(({ kind }) => kind === "dynamodb-backup");
  const said = (length: Ms | undefined): string => (length === undefined ? "not at all" : `in ${sayLength(length)}`);
  if (table !== undefined) return `backup taken; ${table.proof === "exists" ? "it exists, which is no proof" : table.proof}`;
  if (dump === undefined) return "no dump was taken";
  const proven =
    dump.state === "verified" ? `restored ${said(dump.times.restore)}, compared ${said(dump.times.compare)}` : `${dump.state}: ${dump.because ?? "not proven"}`;
  const drilled =
    drill === undefined
      ? "no drill"
      : `drill available ${said(drill.times.available)}, hydrated ${said(drill.times.restore)}, compared ${said(drill.times.compare)}`;
  return `dumped ${said(dump.times.dump)}, ${proven}; ${drilled}`;
}
