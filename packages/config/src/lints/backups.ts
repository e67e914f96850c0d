import type { Findings } from "../section.ts";
import { readMoment } from "../sections/moments.ts";
import { lengthAsCode, minutes } from "../units.ts";
import { changesClocks } from "../zones.ts";
import type { LintedConfig } from "./index.ts";
import { secretsOf } from "./workers.ts";

/** Names under which something is backed up are each other's neighbours in messages, in the ledger and in the store. */
export function lintBackedUp(config: LintedConfig, findings: Findings): void {
  const taken = new Map<string, string>();
  for (const section of ["databases", "tables", "caches", "media"] as const)
    for (const name of Object.keys(config[section])) {
      const other = taken.get(name);
      if (name === "configuration" || other !== undefined)
        findings.problem({
          path: `${section}.${name}`,
          expected: "a name that nothing else has",
          got: other === undefined ? '"configuration", which is what copies of the configuration are called' : `"${name}", which stands under ${other}, too`,
          remedy: `write "${name}-${{ databases: "database", tables: "table", caches: "cache", media: "media" }[section]}"`,
        });
      taken.set(name, other ?? section);
    }
}

/** DynamoDB's point in time lags by about five minutes (Amazon DynamoDB API Reference, "PointInTimeRecoveryDescription", read 2026-11-21). */
export function lintTables(config: LintedConfig, findings: Findings): void {
  for (const [name, { rpo }] of Object.entries(config.tables))
    if (rpo < minutes(5))
      findings.problem({
        path: `tables.${name}.rpo`,
        expected: "minutes(5) or more: the latest moment that a table can be restored to is about five minutes ago",
        got: lengthAsCode(rpo),
        remedy: "write minutes(5); a global table in a second region loses less",
      });
}

/** A bucket is not its own replica. */
export function lintMedia(config: LintedConfig, findings: Findings): void {
  for (const [name, { bucket, replica }] of Object.entries(config.media))
    if (replica === bucket)
      findings.problem({
        path: `media.${name}.replica`,
        expected: "another bucket",
        got: `"${bucket}", the bucket itself`,
        remedy: "name the bucket that replication writes to, or leave it out: then only versioning is checked",
      });
}

/** What clocks do to times in a zone: nothing here falls out, since UTC is used, but a person may wonder in summer. */
export function lintZone(config: LintedConfig, findings: Findings): void {
  const { zone } = config.backups;
  if (zone === undefined || !changesClocks(zone)) return;
  const times: readonly (readonly [string, string])[] = [
    ...(["databases", "tables", "caches"] as const).flatMap((section) =>
      Object.entries(config[section]).map(([name, { nightly }]) => [`${section}.${name}.nightly`, nightly] as const),
    ),
    ...Object.entries(config.databases).flatMap(([name, { drill }]) => (drill === undefined ? [] : [[`databases.${name}.drill.at`, drill.at] as const])),
  ];
  for (const [path, time] of times) {
    const { hour, minute } = readMoment(time);
    const [from, to] = [60, 180];
    const at = hour * 60 + minute;
    if (at >= from && at <= to)
      findings.warning({
        path,
        expected: `a time outside of 01:00 to 03:00 in ${zone}, which one night a year does not have and another has twice`,
        got: time,
        remedy: `write "03:30", or leave backups.zone out and write times in UTC; as it is, ${time} is by the winter clock and an hour later in summer`,
      });
  }
}

/** A task that dumps needs a place to stand, and a database's address is nobody else's secret. */
export function lintRunner(config: LintedConfig, findings: Findings): void {
  const [first] = Object.keys(config.databases);
  if (first !== undefined && config.network === undefined)
    findings.problem({
      path: "network",
      expected: `the VPC that ${first} is in: a Fargate task needs subnets`,
      got: "nothing",
      remedy: 'add network: { subnets: ["subnet-…"], securityGroups: ["sg-…"] }, private ones that reach the database',
    });
  const brokers = new Map(Object.entries(config.workers).flatMap(([worker, { broker }]) => secretsOf(broker).map(([, secret]) => [secret, worker] as const)));
  for (const [name, { url, restoreUrl }] of Object.entries(config.databases))
    for (const [field, secret, example] of [["url", url, "ShopDatabase"] as const, ["restoreUrl", restoreUrl, "ShopRestore"] as const]) {
      const whose = secret === undefined ? undefined : ownerOf(secret, { brokers, of: field === "restoreUrl" ? config.databases : {} });
      if (whose !== undefined)
        findings.problem({
          path: `databases.${name}.${field}`,
          expected: "a secret of its own",
          got: `"${secret}", which is ${whose}`,
          remedy: `write secret("${example}")`,
        });
    }
}

/** Whose secret it is already. The night's role may not be the one that restores: it reads, and nothing else. */
function ownerOf(
  secret: string,
  { brokers, of }: { readonly brokers: ReadonlyMap<string, string>; readonly of: LintedConfig["databases"] },
): string | undefined {
  if (["SlackBotToken", "SlackSigningSecret", "SlackSigningSecretPrevious"].includes(secret)) return "Slack's";
  const worker = brokers.get(secret);
  if (worker !== undefined) return `the broker of ${worker}`;
  const night = Object.entries(of).find(([, { url }]) => url === secret)?.[0];
  return night === undefined ? undefined : `the one that the nights of ${night} read with`;
}

/** What concerns all backups is worth something only where there are any. */
export function lintBackups(config: LintedConfig, findings: Findings): void {
  const { configuration } = config.backups;
  if (configuration !== undefined)
    for (const [index, repository] of configuration.repositories.entries())
      if (configuration.repositories.indexOf(repository) < index)
        findings.problem({
          path: `backups.configuration.repositories[${index}]`,
          expected: "each repository once",
          got: `"${repository}" a second time`,
          remedy: "remove the second one",
        });
}
