import { type DisasterPlan, planDisaster } from "@nightshift/decide/backups/disaster-plan";
import type { RegionDrill } from "@nightshift/lab/products/region-drill";
import { sayBytes } from "@nightshift/decide/backups/say";
import { type BackupSettings, CONFIGURATION, mirroredIn, mirrorName, sayLength } from "@nightshift/model";
import { sayingWhy } from "../backup/refusals.ts";
import { type Asked, type Command, isOn, Refusal, textOf } from "../frame/command.ts";
import { answer, screenful, table, wrap } from "../frame/format.ts";
import { ledgerOf, ledgerOptions } from "../place/account.ts";
import { configOption, resolvedConfig } from "../place/config.ts";
import type { Place } from "../place/place.ts";

/** What would be done when a region is lost, and what is missing for it. */
export const backupPlan = (place: Place): Command => ({
  path: ["backup", "plan"],
  group: "Read it",
  summary: "What would be restored from what when a region is lost, in which order, how long it takes and what is missing",
  more: [
    "Changes nothing. Without the ledger's tables it plans from the config alone and takes no copy for granted.",
    "--drill plays it in the lab: the copied snapshot is restored in the second region and compared, the service deployed; times are virtual. In a real account Nightshift does not drill a whole region: `/ops backup drill` restores, compares and deletes one instance in its own, and docs/backups.md says how to go further by hand.",
  ],
  options: {
    lost: { type: "text", value: "REGION", says: "the region that is lost (default: the config's)" },
    into: { type: "text", value: "REGION", says: "where it is built again (default: backups.secondRegion)" },
    drill: { type: "switch", says: "play it in the lab; reads no account" },
    gigabytes: { type: "text", value: "N", says: "with --drill: how large the lab's database is", default: "4" },
    seed: { type: "text", value: "N", says: "with --drill: which night", default: "1" },
    "dumps-there": { type: "switch", says: "the bucket of dumps is replicated to that region" },
    long: { type: "switch", says: "every line whole, however many" },
    config: configOption,
    ...ledgerOptions,
  },
  example: "npx nightshift backup plan --drill",
  exits: { 1: "something is missing, or a promise cannot be kept" },
  run: (asked) => sayingWhy(() => (isOn(asked, "drill") ? drill(asked) : plan(place, asked))),
});

async function plan(place: Place, asked: Asked): Promise<number> {
  const config = await resolvedConfig(place, textOf(asked, "config"));
  const { backups, groups, people } = config;
  const lost = textOf(asked, "lost") ?? config.region ?? place.environment["AWS_REGION"];
  const into = textOf(asked, "into") ?? backups.secondRegion;
  if (into !== undefined && into === lost) throw new Refusal(`backup plan: ${lost} cannot be rebuilt in itself: give --into another region.`);
  const known = (name: "ledger" | "audit"): boolean => (textOf(asked, name) ?? place.environment[`${name.toUpperCase()}_TABLE`]) !== undefined;
  const read = known("ledger") && known("audit");
  const names = [...backups.databases, ...backups.tables, ...backups.caches, ...backups.media].map(({ name }) => name);
  const settings: BackupSettings = { ...backups, secondRegion: into };
  const made = planDisaster({
    at: place.clock.now(),
    settings,
    services: groups.flatMap(({ services }) => services.map(({ name }): string => name)),
    rows: read ? await readRows(place, asked, { names: [...names, CONFIGURATION, ...mirroredIn(backups).map(mirrorName)], region: config.region }) : {},
    dumpsThere: isOn(asked, "dumps-there"),
  });
  const decides = sayWho(people.filter(({ roles }) => roles.includes("owner")).map(({ name }) => name));
  const promises = backups.databases.flatMap((database) => promisesOf(made, database));
  const unseen = unseenOf(settings, isOn(asked, "dumps-there"));
  const lines = planLines({ made, lost, decides, promises, unseen, read, asked });
  answer(asked, { lost: lost ?? null, ...made, decides, promises, unseen, read }, isOn(asked, "long") ? lines : screenful(lines, "--long", 1));
  return made.gaps.length === 0 && promises.every(({ kept }) => kept) ? 0 : 1;
}

async function readRows(place: Place, asked: Asked, { names, region }: { readonly names: readonly string[]; readonly region: string | undefined }) {
  const { world } = ledgerOf(place, asked, region);
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await world.backupBook.all(name)] as const)));
}

/** A region is never left by a machine: two owners say so, as for a restore (decision 56 for a team of one). */
const sayWho = (owners: readonly string[]): string =>
  owners.length === 0
    ? "Nobody has the role owner, so nobody may decide"
    : owners.length === 1
      ? `${owners[0]} decides, twice, ten minutes apart`
      : `Two of ${owners.join(", ")} decide`;

interface Promised {
  readonly of: string;
  readonly says: string;
  readonly kept: boolean;
}

function promisesOf({ steps, takes }: DisasterPlan, { name, rpo, rto }: BackupSettings["databases"][number]): readonly Promised[] {
  const step = steps.find(({ what }) => what === `database ${name}`);
  if (step?.from === undefined) return [{ of: name, says: `RPO ${sayLength(rpo)}, RTO ${sayLength(rto)}: there is nothing to restore from`, kept: false }];
  const { lost } = step;
  return [
    {
      of: name,
      says: `RPO ${sayLength(rpo)}: ${lost === undefined ? "nobody knows what" : sayLength(lost)} would be lost`,
      kept: lost !== undefined && lost <= rpo,
    },
    { of: name, says: `RTO ${sayLength(rto)}: about ${sayLength(takes)} from the decision on`, kept: takes <= rto },
  ];
}

/** What no row says, and somebody must look after. */
const unseenOf = ({ media, secondRegion, databases }: BackupSettings, dumpsThere: boolean): readonly string[] => {
  const there = secondRegion ?? "a second region";
  return [
    ...media.flatMap(({ replica }) => (replica === undefined ? [] : [`whether ${replica} lies in ${there}: the config does not say`])),
    ...(databases.length === 0 || dumpsThere ? [] : [`whether the bucket of dumps is replicated to ${there}: --dumps-there says that it is`]),
    `images in ECR, quotas and free capacity in ${there}, which everybody needs in the same hour`,
  ];
};

interface ToSay {
  readonly made: DisasterPlan;
  readonly lost: string | undefined;
  readonly decides: string;
  readonly promises: readonly Promised[];
  readonly unseen: readonly string[];
  readonly read: boolean;
  readonly asked: Asked;
}

/** Letters of a step's name that leave room for what it comes from. */
const WHAT = 32;

function planLines({ made, lost, decides, promises, unseen, read, asked }: ToSay): readonly string[] {
  const width = Math.max(80, Math.min(asked.io.columns, 100));
  const rows = made.steps.map(({ phase, what, from, takes, measured, lost: gone }) => [
    from === undefined ? "✗" : "✓",
    phase,
    isOn(asked, "long") || what.length <= WHAT ? what : `${what.slice(0, WHAT - 1)}…`,
    from === undefined ? "–" : takes === 0 ? "at once" : `${sayLength(takes)}${measured ? "" : " *"}`,
    from === undefined ? "–" : gone === undefined ? "" : sayLength(gone),
    from ?? "nothing",
  ]);
  const more = (mark: string, says: string): readonly string[] => wrap(says, width, { first: `${mark} `, rest: "  " });
  const closed = made.gaps.length === 0 ? "" : " if every gap below were closed";
  const cut = (line: string): string => (line.length > width && !isOn(asked, "long") ? `${line.slice(0, width - 1)}…` : line);
  return [
    ...more(
      "●",
      `If ${lost ?? "this region"} were gone now, ${made.region ?? "no region"} would serve again in about ${sayLength(made.takes)} from the decision on${closed}. ${decides}.`,
    ),
    ...table(["", "phase", "what", "takes", "loses", "from"], rows).map(cut),
    ...more(
      "*",
      `assumed: nobody measured it here. What is in one phase goes on at once, services one after another.${read ? "" : " The ledger was not read."}`,
    ),
    ...promises.map(({ of, says, kept }) => `${kept ? "✓" : "✗"} ${of}: ${says}`),
    ...made.gaps.flatMap((says) => more("✗", says)),
    ...unseen.flatMap((says) => more("?", `not seen: ${says}`)),
  ];
}

async function drill(asked: Asked): Promise<number> {
  const gigabytes = Number(textOf(asked, "gigabytes") ?? "4");
  const seed = Number(textOf(asked, "seed") ?? "1");
  if (!(gigabytes >= 1 && gigabytes <= 100)) throw new Refusal("backup plan: --gigabytes: expected 1 to 100.");
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Refusal("backup plan: --seed: expected a whole number.");
  const played = await playInLab({ bytes: gigabytes * 1e9, seed });
  answer(asked, { ...played, lab: true, seed }, drillLines(played, asked));
  return played.differences === 0 ? 0 : 1;
}

/** The lab is loaded where it is asked for: nobody who reads an account waits for it. */
async function playInLab(asked: { readonly bytes: number; readonly seed: number }): Promise<RegionDrill> {
  const { DrillStopped, playRegionDrill } = await import("@nightshift/lab/products/region-drill");
  try {
    return await playRegionDrill(asked);
  } catch (error) {
    if (error instanceof DrillStopped) throw new Refusal(`backup plan --drill: ${error.message}`, 1);
    throw error;
  }
}

function drillLines({ from, into, bytes, steps, total, lost, differences }: RegionDrill, asked: Asked): readonly string[] {
  const width = Math.max(80, Math.min(asked.io.columns, 100));
  return [
    ...wrap(`In the lab, in virtual time: ${from} is lost, ${into} takes over with a database of ${sayBytes(bytes)}.`, width, { rest: "  " }),
    ...table(
      ["step", "took", "how", "what"],
      steps.map(({ what, took, how, says }) => [what, sayLength(took), how, says]),
    ),
    `${differences === 0 ? "✓" : "✗"} ${sayLength(total)} in all, ${differences} differences; ${sayLength(lost)} would be lost (the age of the copy).`,
    ...wrap(
      "No real account was asked. How fast RDS restores there is the lab's assumption, plausible beside what teams report; a drill of your own measures it.",
      width,
      { rest: "  " },
    ),
  ];
}
