import * as z from "zod/mini";
import { type LintedConfig, lints } from "./lints/index.ts";
import { lintSecrets } from "./lints/people.ts";
import type { ConfigProblem } from "./problem.ts";
import { ConfigError } from "./problem.ts";
import { type Resolved, resolveParsed } from "./resolve.ts";
import { checkShapes, isPlainObject, noConfig, type Raw } from "./shapes.ts";
import { salvage } from "./salvage.ts";
import { caches, media, tables } from "./sections/backups.ts";
import { databases } from "./sections/databases.ts";
import { type NightshiftConfig, type ParsedConfig, sections } from "./sections/index.ts";
import { services } from "./sections/services.ts";
import { workers } from "./sections/workers.ts";

/** Everything that was found, and the config in our words when nothing is wrong. */
export interface Checked {
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly ConfigProblem[];
  readonly resolved?: Resolved;
}

/** Services or workers one by one, so that one that is beyond repair does not silence the checks of the others. */
function salvageEach<Schema extends z.ZodMiniType>(schema: Schema, raw: unknown): z.output<Schema> {
  const each = isPlainObject(raw) ? Object.entries(raw).map(([name, one]) => salvage(schema, { [name]: one }) ?? {}) : [];
  return Object.assign({}, ...each) as z.output<Schema>; // each was parsed by this schema, which is a table
}

/** A section as far as it can be read; where it cannot, as if it were left out. */
const readable = <Key extends "escalation" | "severities" | "incidents" | "backups">(key: Key, raw: Raw): ParsedConfig[Key] =>
  (salvage(sections[key].schema as z.ZodMiniType, raw[key]) ?? z.parse(sections[key].schema as z.ZodMiniType, undefined)) as ParsedConfig[Key]; // parsed by this key's own schema

function forLints(raw: Raw): LintedConfig {
  return {
    mode: salvage(sections.mode.schema, raw["mode"]) ?? "shadow",
    region: salvage(sections.region.schema, raw["region"]),
    account: salvage(sections.account.schema, raw["account"]),
    channels: salvage(sections.channels.schema, raw["channels"]) ?? {},
    slack: salvage(sections.slack.schema, raw["slack"]),
    people: salvage(sections.people.schema, raw["people"]) ?? {},
    roleGroups: salvage(sections.roleGroups.schema, raw["roleGroups"]) ?? [],
    onCall: salvage(sections.onCall.schema, raw["onCall"]),
    escalation: readable("escalation", raw),
    severities: readable("severities", raw),
    incidents: readable("incidents", raw),
    maintenance: salvage(sections.maintenance.schema, raw["maintenance"]) ?? [],
    budgets: salvage(sections.budgets.schema, raw["budgets"]) ?? z.parse(sections.budgets.schema, undefined),
    services: salvageEach(services.schema, raw["services"]),
    workers: salvageEach(workers.schema, raw["workers"]),
    databases: salvageEach(databases.schema, raw["databases"]),
    tables: salvageEach(tables.schema, raw["tables"]),
    caches: salvageEach(caches.schema, raw["caches"]),
    media: salvageEach(media.schema, raw["media"]),
    backups: readable("backups", raw),
    network: salvage(sections.network.schema, raw["network"]),
  };
}

/** Looks at all of a config and reports every problem at once; never throws. */
export function checkConfig(raw: unknown): Checked {
  if (!isPlainObject(raw)) {
    return {
      problems: [noConfig(raw)],
      warnings: [],
    };
  }
  const { problems: shapes, parsed } = checkShapes(raw);
  const problems = [...shapes];
  const warnings: ConfigProblem[] = [];
  const said = new Set(problems.map((problem) => problem.path));
  const findings = {
    problem: (problem: ConfigProblem) => {
      if (!said.has(problem.path)) problems.push(problem);
    },
    warning: (warning: ConfigProblem) => {
      if (!said.has(warning.path)) warnings.push(warning);
    },
  };
  if (isPlainObject(raw["services"]) && Object.keys(raw["services"]).length === 0) {
    findings.problem({
      path: "services",
      expected: "at least one service",
      got: "none",
      remedy: '`npx nightshift init` lists the services of your account; or write services: { "shop-api": ecs({ cluster: "prod" }) }',
    });
  }
  lintSecrets(raw, findings);
  const linted = forLints(raw);
  for (const lint of lints) lint(linted, findings);
  return problems.length > 0 ? { problems, warnings } : { problems, warnings, resolved: resolveParsed(parsed as ParsedConfig) }; // no problems: every section was parsed
}

/** The config in our words, after every check that there is: for whoever deploys. @throws ConfigError with every problem when there is one. */
export function resolveChecked(config: NightshiftConfig): Resolved {
  const { problems, resolved } = checkConfig(config);
  if (resolved === undefined) throw new ConfigError(problems);
  return resolved;
}
