import { knownRegions } from "../regions.ts";
import { didYouMean } from "../nearest.ts";
import type { Findings } from "../section.ts";
import type { PostgresParsed } from "../sections/databases.ts";
import { readMoment } from "../sections/moments.ts";
import { days, hours, lengthAsCode, minutes } from "../units.ts";
import type { LintedConfig } from "./index.ts";

/**
 * RDS ships its logs every five minutes (Amazon RDS User Guide, "Restoring a DB instance to a specified time", read 2026-11-21); DynamoDB's point
 * in time lags by about as much.
 */
const PITR = minutes(5);

/** What one database asks for can be had. */
export function lintDatabases(config: LintedConfig, findings: Findings): void {
  for (const [name, it] of Object.entries(config.databases)) {
    const path = `databases.${name}`;
    lintImage(path, it, findings);
    lintTargets(path, it, findings);
    lintKeep(path, it, findings);
    lintInstance(path, it, findings);
    for (const [index, { name: asserted }] of it.assertions.entries())
      if (it.assertions.findIndex((other) => other.name === asserted) < index)
        findings.problem({
          path: `${path}.assertions[${index}].name`,
          expected: "each name once",
          got: `"${asserted}" a second time`,
          remedy: "give it a name of its own: messages tell assertions apart by their names",
        });
  }
}

/** Client and scratch server must be of the server's own major: a dump of 17 does not go into 15, and schemas compare only within one major. */
function lintImage(path: string, { image, version }: PostgresParsed, findings: Findings): void {
  if (image === undefined) return;
  const [, tag] = /:([\w][\w.-]*)(?:@.*)?$/.exec(image) ?? [];
  const major = /^(?:pg)?(\d+)/.exec(tag ?? "")?.[1];
  const repository = image.replace(/[:@].*$/, "");
  if (major === undefined)
    findings.problem({
      path: `${path}.image`,
      expected: `a tag that begins with the major version, ${version}`,
      got: tag === undefined ? `${repository} without a tag` : `the tag "${tag}"`,
      remedy: `write "${repository}:${version}": what is latest changes, and the client must be of the server's own major`,
    });
  else if (Number(major) !== version)
    findings.problem({
      path: `${path}.image`,
      expected: `PostgreSQL ${version}, as version says`,
      got: `PostgreSQL ${major}`,
      remedy: `write "${repository}:${version}", or version: ${major} if the server was upgraded (SHOW server_version says so)`,
    });
}

function lintTargets(path: string, { rpo, rto, instance, nightly, maxDuration }: PostgresParsed, findings: Findings): void {
  if (rpo < PITR)
    findings.problem({
      path: `${path}.rpo`,
      expected: `${lengthAsCode(PITR)} or more: RDS ships its logs every five minutes, and nothing restores to a later moment`,
      got: lengthAsCode(rpo),
      remedy: `write ${lengthAsCode(PITR)}; what is lost less needs a second writer, which no backup is`,
    });
  else if (rpo < days(1) && instance === undefined)
    findings.warning({
      path: `${path}.rpo`,
      expected: "hours(24) or more: without an RDS instance there is one dump a night and no point in time",
      got: lengthAsCode(rpo),
      remedy: "name its instance, or write hours(24)",
    });
  if (rto < minutes(5))
    findings.warning({
      path: `${path}.rto`,
      expected: "minutes(5) or more: a target must be created, filled and compared",
      got: lengthAsCode(rto),
      remedy: "write minutes(15), and see `npx nightshift backup status` for what your own restores took",
    });
  if (maxDuration !== undefined && maxDuration > hours(6))
    findings.warning({
      path: `${path}.maxDuration`,
      expected: "at most hours(6): until then nobody hears of a night that hangs",
      got: lengthAsCode(maxDuration),
      remedy: `leave it out: a night from ${nightly} on is late after two hours, or after twice the last night`,
    });
}

function lintKeep(path: string, { keep }: PostgresParsed, findings: Findings): void {
  const classes = ["daily", "weekly", "monthly"] as const;
  for (const [index, longer] of classes.entries()) {
    const shorter = classes[index - 1];
    if (shorter !== undefined && keep[longer] < keep[shorter])
      findings.warning({
        path: `${path}.keep.${longer}`,
        expected: `at least ${shorter}, ${lengthAsCode(keep[shorter])}`,
        got: lengthAsCode(keep[longer]),
        remedy: `write ${longer}: ${lengthAsCode(keep[shorter])} or more: as it is, ${longer} backups keep nothing that ${shorter} ones do not`,
      });
  }
  if (keep.atLeast < 2)
    findings.warning({
      path: `${path}.keep.atLeast`,
      expected: "2 or more",
      got: String(keep.atLeast),
      remedy: "write atLeast: 3: when nights fail for a month, one that is left is one that must not be damaged",
    });
}

function lintInstance(path: string, { instance, snapshots, drill }: PostgresParsed, findings: Findings): void {
  for (const [what, wanted] of Object.entries({ snapshots, drill }))
    if (wanted !== undefined && instance === undefined)
      findings.problem({
        path: `${path}.${what}`,
        expected: "instance beside it",
        got: "no instance",
        remedy: `add instance: "…" as \`aws rds describe-db-instances\` prints it, or remove ${what}`,
      });
  if (drill !== undefined && drill.securityGroups.length === 0)
    findings.problem({
      path: `${path}.drill.securityGroups`,
      expected: "at least one isolated group",
      got: "an empty list",
      remedy: "name one that lets in nothing but the group of `network`: without any the instance would take the VPC's default group",
    });
}

/** Databases of one instance do not get in each other's way, and none is there twice. */
export function lintInstances(config: LintedConfig, findings: Findings): void {
  const all = Object.entries(config.databases);
  for (const [index, [name, it]] of all.entries()) {
    const before = all.slice(0, index);
    const path = `databases.${name}`;
    const twin = before.find(([, other]) => other.url === it.url)?.[0];
    if (twin !== undefined)
      findings.problem({
        path: `${path}.url`,
        expected: "a database of its own",
        got: `secret("${it.url}"), which ${twin} has as well`,
        remedy: `remove ${name} or ${twin}, or give the other database a secret with an address of its own`,
      });
    if (it.instance === undefined) continue;
    const neighbours = before.filter(([, other]) => other.instance === it.instance);
    const atOnce = neighbours.find(([, other]) => other.nightly === it.nightly)?.[0];
    if (atOnce !== undefined && twin === undefined)
      findings.warning({
        path: `${path}.nightly`,
        expected: `a minute of its own on ${it.instance}`,
        got: `${it.nightly}, when ${atOnce} is dumped, too`,
        remedy: `write nightly: "${later(it.nightly, neighbours.length)}": two dumps at once load the instance twice`,
      });
    for (const what of ["snapshots", "drill"] as const) {
      const other = neighbours.find(([, one]) => one[what] !== undefined)?.[0];
      if (it[what] !== undefined && other !== undefined)
        findings.problem({
          path: `${path}.${what}`,
          expected: `${what} under one database of ${it.instance}`,
          got: `a second one beside that of ${other}`,
          remedy: `remove it here: a snapshot is of the whole instance, and ${other} has it`,
        });
    }
  }
}

function later(time: string, halves: number): string {
  const { hour, minute } = readMoment(time);
  const whole = (hour * 60 + minute + 30 * Math.max(1, halves)) % 1_440;
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
}

/** Regions of copies are regions, and others than the one that they are a copy of. */
export function lintCopies(config: LintedConfig, findings: Findings): void {
  const named: readonly (readonly [string, string | undefined])[] = [
    ...Object.entries(config.databases).map(([name, it]) => [`databases.${name}.snapshots.copyTo.region`, it.snapshots?.copyTo?.region] as const),
    ...Object.entries(config.tables).map(([name, it]) => [`tables.${name}.copyIn`, it.copyIn] as const),
    ["backups.secondRegion", config.backups.secondRegion],
  ];
  for (const [path, region] of named) {
    if (region === undefined) continue;
    if (region === config.region)
      findings.problem({ path, expected: "another region", got: `"${region}", where the services are`, remedy: "a copy beside its source is lost with it" });
    else if (!knownRegions.includes(region))
      findings.warning({
        path,
        expected: "a region of AWS",
        got: `"${region}"`,
        remedy: didYouMean(region, knownRegions, "`aws account list-regions` prints them; if it is new, this is only a warning"),
      });
  }
  for (const [name, { snapshots }] of Object.entries(config.databases)) lintKey(`databases.${name}.snapshots.copyTo.kmsKey`, snapshots?.copyTo, findings);
}

/** A key of the destination encrypts the copy (Amazon RDS User Guide, "Copying a DB snapshot", read 2026-11-21). */
function lintKey(path: string, copy: { readonly region: string; readonly kmsKey?: string | undefined } | undefined, findings: Findings): void {
  const [, region] = /^arn:[^:]+:kms:([^:]+):/.exec(copy?.kmsKey ?? "") ?? [];
  if (copy !== undefined && region !== undefined && region !== copy.region)
    findings.problem({
      path,
      expected: `a key of ${copy.region}`,
      got: `a key of ${region}`,
      remedy: `a copy is encrypted with a key of the region that it goes to: \`aws kms list-aliases --region ${copy.region}\` prints them`,
    });
}
