import {
  type BackupRecord,
  type BackupSettings,
  CONFIGURATION,
  days,
  type EpochMs,
  minutes,
  mirroredIn,
  mirrorName,
  type Ms,
  ms,
  sayLength,
  since,
} from "@nightshift/model";
import { rtoOf } from "./recovery.ts";

/** Everything a plan for the loss of a region is made from. */
export interface DisasterFacts {
  readonly at: EpochMs;
  readonly settings: BackupSettings;
  /** Every row of each thing, by its name in the config. */
  readonly rows: Readonly<Record<string, readonly BackupRecord[]>>;
  /** Services to deploy again, in the order in which they stand on each other. */
  readonly services: readonly string[];
  /** Whether the bucket of dumps is copied to the second region. */
  readonly dumpsThere: boolean;
}

/** One step: what is brought back, from what, how long it takes, and what is lost by it. */
export interface DisasterStep {
  readonly phase: DisasterPhase;
  readonly what: string;
  /** From what; undefined: there is nothing in the second region. */
  readonly from: string | undefined;
  readonly takes: Ms;
  /** Whether somebody measured it. */
  readonly measured: boolean;
  /** Age of what comes back; undefined: nothing is lost, or nobody knows. */
  readonly lost: Ms | undefined;
}
/** In this order; what is in one phase is done at once. */
export type DisasterPhase = "configuration" | "stores" | "services" | "traffic" | "watch";
const phases: readonly DisasterPhase[] = ["configuration", "stores", "services", "traffic", "watch"];

/** The plan: steps in their order, how long until traffic flows again, and what cannot be brought back. */
export interface DisasterPlan {
  readonly region: string | undefined;
  readonly steps: readonly DisasterStep[];
  /** Until the last request is served from there: every phase's longest step but the watch. */
  readonly takes: Ms;
  readonly measured: boolean;
  /** What is not there, each with what to do about it today. */
  readonly gaps: readonly string[];
}

/** Nobody measured these here: `facts/backups.md` 2 has 5 to 30 minutes for an instance; the others are a person at work. */
const ASSUMED = { instance: minutes(20), table: minutes(30), definitions: minutes(20), service: minutes(5), traffic: minutes(10) } as const;
/** How long the new region is watched before anybody calls it over (the documents' 24 h). */
const WATCHED = minutes(24 * 60);

/** What would be restored from what, in which order, and how long it would take if this region were gone now (B10). Pure: it looks at rows, and promises nothing that is not in one. */
export function planDisaster(facts: DisasterFacts): DisasterPlan {
  const { settings, services } = facts;
  const region = settings.secondRegion;
  const stores = [...settings.databases.map((one) => databaseStep(facts, one)), ...otherStores(facts)];
  const steps: readonly DisasterStep[] = [
    configurationStep(facts),
    ...stores,
    ...services.map(
      (service): DisasterStep => ({
        phase: "services",
        what: `deploy ${service}`,
        from: "its saved task definition",
        takes: ASSUMED.service,
        measured: false,
        lost: undefined,
      }),
    ),
    {
      phase: "traffic",
      what: "switch DNS over, and verify by the smoke tests",
      from: "the record's time to live",
      takes: ASSUMED.traffic,
      measured: false,
      lost: undefined,
    },
    { phase: "watch", what: "watch the new region", from: "alarms", takes: WATCHED, measured: false, lost: undefined },
  ];
  const takes = ms(phases.filter((phase) => phase !== "watch").reduce((sum, phase) => sum + longest(steps, phase), 0));
  const gaps = [
    ...(region === undefined ? ["no second region is named: set secondRegion in nightshift.config.ts"] : []),
    ...steps.filter(({ from }) => from === undefined).map(({ what }) => `${what}: nothing of it is in the second region`),
    ...mirrorGaps(facts),
  ];
  return { region, steps, takes, measured: steps.every(({ measured, phase }) => measured || phase === "watch"), gaps };
}

/** A mirror that nobody confirmed for so long is not counted on: a week of red nights was told. */
const MIRRORED_WITHIN = days(7);

/** A repository's name in the config is no mirror: only the word of whoever mirrors it, and not an old one, is. */
function mirrorGaps({ at, rows, settings }: DisasterFacts): readonly string[] {
  const repositories = mirroredIn(settings);
  if (repositories.length === 0) return ["no mirror of a repository is named: without the code nothing is built again"];
  return repositories.flatMap((repository) => {
    const confirmed = newestOf(rows[mirrorName(repository)] ?? [], () => true)?.contentsOf;
    if (confirmed === undefined) return [`the mirror of ${repository} was never confirmed: without the code nothing is built again`];
    const age = since(confirmed, at);
    return age > MIRRORED_WITHIN ? [`the mirror of ${repository} was last confirmed ${sayLength(age)} ago`] : [];
  });
}

/** Services start one after another, because they stand on each other; everything else of a phase is done at once. */
const longest = (steps: readonly DisasterStep[], phase: DisasterPhase): number => {
  const own = steps.filter((step) => step.phase === phase).map(({ takes }) => takes);
  return phase === "services" ? own.reduce<number>((sum, takes) => sum + takes, 0) : Math.max(0, ...own);
};

function configurationStep({ at, rows }: DisasterFacts): DisasterStep {
  const newest = newestOf(rows[CONFIGURATION] ?? [], ({ kind }) => kind === "configuration");
  return {
    phase: "configuration",
    what: "network, task definitions and parameters",
    from: newest === undefined ? undefined : `the copy ${newest.id}; secret values are typed in again`,
    takes: ASSUMED.definitions,
    measured: false,
    lost: newest?.contentsOf === undefined ? undefined : since(newest.contentsOf, at),
  };
}

/** The better of a copied snapshot and a copied dump: the one that loses less. */
function databaseStep({ at, rows, settings, dumpsThere }: DisasterFacts, { name }: BackupSettings["databases"][number]): DisasterStep {
  const own = rows[name] ?? [];
  const snapshot = newestOf(own, ({ kind, copies }) => kind === "rds-snapshot" && copies?.some(({ region }) => region === settings.secondRegion) === true);
  const dump = dumpsThere ? newestOf(own, ({ kind, state }) => kind === "dump" && state === "verified") : undefined;
  const drilled = own.findLast(({ id, times }) => id.endsWith("-drill") && times.available !== undefined)?.times.available;
  const best = (snapshot?.contentsOf ?? 0) >= (dump?.contentsOf ?? 0) ? snapshot : dump;
  const lost = best?.contentsOf === undefined ? undefined : since(best.contentsOf, at);
  const what = `database ${name}`;
  if (best === undefined) return { phase: "stores", what, from: undefined, takes: ASSUMED.instance, measured: false, lost: undefined };
  if (best.kind === "rds-snapshot") {
    const proof = best.state === "verified" ? "proven by a drill" : "never restored yet";
    return {
      phase: "stores",
      what,
      from: `the copied snapshot ${best.id} (${proof})`,
      takes: drilled ?? ASSUMED.instance,
      measured: drilled !== undefined,
      lost,
    };
  }
  const estimate = rtoOf({ rows: own, sourceBytes: best.sourceBytes, available: drilled });
  const measured = estimate?.parts.every((part) => part.measured || part.what === "switch over") ?? false;
  return { phase: "stores", what, from: `the copied dump ${best.id}, into a new instance`, takes: estimate?.total ?? ASSUMED.instance, measured, lost };
}

function otherStores({ at, rows, settings }: DisasterFacts): readonly DisasterStep[] {
  const { secondRegion, tables, media, caches } = settings;
  return [
    ...tables.map(({ name, copyIn }): DisasterStep => {
      const there = secondRegion !== undefined && copyIn === secondRegion;
      return {
        phase: "stores",
        what: `table ${name}`,
        from: there ? `its replica in ${copyIn}` : undefined,
        takes: there ? ms(0) : ASSUMED.table,
        measured: there,
        lost: there ? minutes(0) : undefined,
      };
    }),
    ...media.map(({ name, replica }): DisasterStep => {
      const canary = newestOf(rows[name] ?? [], ({ kind }) => kind === "media");
      const from =
        replica === undefined
          ? undefined
          : `its replica ${replica}${canary?.contentsOf === undefined ? ", which no canary reached yet" : `, which a canary reached ${sayLength(since(canary.contentsOf, at))} ago`}`;
      return { phase: "stores", what: `media ${name}`, from, takes: ms(0), measured: canary !== undefined, lost: undefined };
    }),
    // What is cached is computed again; what is only there is lost, and the doctor says so.
    ...caches.map(
      ({ name }): DisasterStep => ({
        phase: "stores",
        what: `cache ${name}`,
        from: "nothing: it begins empty",
        takes: ASSUMED.instance,
        measured: false,
        lost: undefined,
      }),
    ),
  ];
}

const newestOf = (rows: readonly BackupRecord[], wanted: (row: BackupRecord) => boolean): BackupRecord | undefined =>
  rows
    .filter((row) => wanted(row) && (row.state === "verified" || row.state === "uploaded") && row.contentsOf !== undefined)
    .toSorted((a, b) => (b.contentsOf ?? 0) - (a.contentsOf ?? 0))[0];

/** The plan as people read it, one step a line. */
export const sayDisaster = ({ region, steps, takes, measured, gaps }: DisasterPlan): readonly string[] => [
  `If this region were gone now: ${region ?? "no second region"} would serve again in about ${sayLength(takes)}${measured ? "" : " (not all of it measured)"}.`,
  ...steps.map(({ phase, what, from, takes: length, measured: known, lost }) => {
    const age = lost === undefined ? "" : `, losing ${sayLength(lost)}`;
    return `${phase}: ${what} from ${from ?? "NOTHING"}, ${sayLength(length)}${known ? "" : " (assumed)"}${age}`;
  }),
  ...gaps.map((gap) => `✗ ${gap}`),
];
