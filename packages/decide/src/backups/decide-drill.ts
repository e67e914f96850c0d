import { after, type BackupId, backupId, type BackupRecord, type DrillSettings, type EpochMs, sayClock, sayDate, sayStamp, tags } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { drillCost } from "./drill-cost.ts";
import { type Readings, readingsAround } from "./drill-readings.ts";
import { cloudName } from "./names.ts";
import { sayNothingBefore } from "./slice-before.ts";

/** What is known before a drill. */
export interface DrillFacts {
  readonly of: string;
  readonly at: EpochMs;
  readonly scheduled: EpochMs;
  readonly drill: DrillSettings;
  /** The instance that is drilled for; undefined: RDS knows none of that name. */
  readonly source:
    | { readonly instance: string; readonly allocatedGiB: number; readonly parameterGroup: string | undefined; readonly latestRestorable: EpochMs | undefined }
    | undefined;
  /** The newest snapshot that is available. */
  readonly newest: { readonly id: string; readonly contentsOf: EpochMs | undefined } | undefined;
  /** Dumps of the database: one of them says what the copy must hold where no manifest was taken beside the snapshot. */
  readonly dumps: readonly BackupRecord[];
  /** Its snapshots, with what was read of the database around them; absent: none. */
  readonly snapshots?: readonly BackupRecord[];
  /** Drill instances that stand. */
  readonly standing: readonly string[];
  readonly heldBecause: string | undefined;
}

/** An instance shall be restored, compared and deleted. */
export interface RunDrill {
  readonly kind: "drill";
  readonly because: readonly string[];
  readonly id: BackupId;
  /** What the temporary instance is called. */
  readonly instance: string;
  readonly from: { readonly snapshot: string } | { readonly source: string; readonly at: "latest" };
  readonly contentsOf: EpochMs | undefined;
  /** What the copy is held against: its contents must lie between. */
  readonly against: Readings;
  readonly tags: Readonly<Record<string, string>>;
  readonly parameterGroup: string | undefined;
  /** US dollars at most. */
  readonly cost: number;
}
/** Nothing is restored, and why. */
export interface LeaveDrill {
  readonly kind: "leave";
  readonly because: readonly string[];
  readonly red: boolean;
}

/** Whether a drill is run now, from what, and under which name. */
export function decideDrill(facts: DrillFacts): RunDrill | LeaveDrill {
  const { of, scheduled, drill, source, newest, standing, heldBecause } = facts;
  const red = (because: string): LeaveDrill => ({ kind: "leave", because: [because], red: true });
  if (heldBecause !== undefined && guard("hold at the verdict"))
    return { kind: "leave", because: [`nothing is changed inside a hold: ${heldBecause}`], red: false };
  if (source === undefined) return red(`RDS knows no instance of ${of}: was it renamed or deleted?`);
  const instance = cloudName("verify", `${of}-${sayStamp(scheduled)}`);
  const other = standing.find((one) => one !== instance);
  if (other !== undefined && guard("one drill at a time"))
    return red(`${other} stands, and one drill at a time is enough; the sweep deletes it when its time is over`);
  if (guard("drill has its own name", instance === source.instance || !instance.startsWith("nightshift-verify-")))
    return red(`${instance} is no name for a drill's instance`);
  const from = originOf(drill, source, newest);
  if (from === undefined)
    return red(
      drill.from === "snapshot"
        ? `no snapshot of ${source.instance} is available to restore`
        : `${source.instance} cannot be restored to a point in time: automated backups are off`,
    );
  const against = readingsAround({
    moment: from.contentsOf,
    snapshot: "snapshot" in from.from ? from.from.snapshot : undefined,
    rows: [...facts.dumps, ...(facts.snapshots ?? [])],
  });
  if (against.before === undefined && against.dump === undefined) return red(sayNothingBefore(of, from.contentsOf));
  const cost = drillCost({ instanceClass: drill.instanceClass, gib: source.allocatedGiB, atMost: drill.atMost });
  if (guard("drill costs no more than allowed", cost === undefined))
    return red(`nobody knows what ${drill.instanceClass} costs: choose a class of the families t, m or r for databases.${of}.drill`);
  if (guard("drill costs no more than allowed", (cost ?? 0) > drill.costAtMost))
    return red(
      `the drill would cost up to $${(cost ?? 0).toFixed(2)}, and $${drill.costAtMost.toFixed(2)} is allowed: choose a smaller class, less time, or allow more`,
    );
  return {
    kind: "drill",
    because: [`from ${drill.from === "snapshot" ? (newest?.id ?? "") : "the newest moment of its logs"}, for up to $${(cost ?? 0).toFixed(2)}`],
    id: backupId(`${of}-${sayStamp(scheduled)}-drill`),
    instance,
    ...from,
    against,
    // Always given: without tags RDS copies the source's, and with them its cost, its alarms and its place in backup plans.
    tags: { [tags.owner]: "nightshift", [tags.purpose]: "drill", [tags.expires]: sayTag(after(facts.at, drill.atMost)), "nightshift:of": of },
    parameterGroup: source.parameterGroup,
    cost: cost ?? 0,
  };
}

function originOf(
  drill: DrillSettings,
  source: NonNullable<DrillFacts["source"]>,
  newest: DrillFacts["newest"],
): Pick<RunDrill, "from" | "contentsOf"> | undefined {
  if (drill.from === "snapshot") return newest === undefined ? undefined : { from: { snapshot: newest.id }, contentsOf: newest.contentsOf };
  return source.latestRestorable === undefined ? undefined : { from: { source: source.instance, at: "latest" }, contentsOf: source.latestRestorable };
}

/** A moment as tags hold it (`2026-03-16T18:00:00Z`): sorts as it is read. */
export const sayTag = (at: EpochMs): string => `${sayDate(at)}T${sayClock(at)}Z`;

/** What stands in the account under one of our names. */
export interface Disposable {
  readonly instance: string;
  readonly status: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Which of these the sweep deletes now: drill and verification instances of ours, by name and tags, whose time is over. Anything else stays, restores above all. */
export const expiredDrills = (standing: readonly Disposable[], at: EpochMs): readonly string[] =>
  standing
    .filter(({ instance, status, tags: own }) => {
      const ours =
        instance.startsWith("nightshift-verify-") && own[tags.owner] === "nightshift" && (own[tags.purpose] === "drill" || own[tags.purpose] === "verify");
      const expires = own[tags.expires] ?? "";
      const over = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(expires) && expires <= sayTag(at);
      return status !== "deleting" && !guard("only expired drills are swept", !(ours && over));
    })
    .map(({ instance }) => instance);
