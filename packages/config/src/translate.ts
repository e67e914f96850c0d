import type * as z from "zod/mini";
import { didYouMean, nearest } from "./nearest.ts";
import { type ConfigProblem, sayPath, sayValue } from "./problem.ts";
import { noSetting, type Reserved, reserved } from "./sections/reserved.ts";

type Issue = z.core.$ZodIssue;

/** What stands in a value at a path; undefined where nothing does. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, step) => (typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[step] : undefined), value); // reading any key of an object is safe; the type only says so
}

/** Builders whose names people know, by the kind they make. */
const builders: Readonly<Record<string, string>> = {
  ecs: "ecs({...})",
  "health-checks": "healthChecks()",
  "error-rate": "errorRate()",
  latency: "p95()",
  "errors-per-minute": "errorsPerMinute()",
  "task-crashes": "taskCrashes()",
  "smoke-tests": "smokeTests()",
  alarms: "alarms([...])",
  static: "always([...])",
  rotation: "rotation({...})",
  "slack-group": 'slackGroup("S0123ABCD")',
  celery: "celery({...})",
  redis: "redis({...})",
  rabbitmq: "rabbitmq({...})",
  sqs: "sqs({...})",
  postgres: "postgres({...})",
  dynamodb: "dynamodb({...})",
  elasticache: "elasticache({...})",
  s3: "bucket({...})",
};

const builtBy = (kinds: readonly string[]): string => kinds.map((kind) => builders[kind] ?? kind).join(", ");

/** A key that no setting has: reserved for later, misspelled, or unknown. */
export function unknownKey(at: Reserved["at"] | "inside", path: readonly PropertyKey[], allowed: readonly string[], got: unknown): ConfigProblem {
  const key = String(path.at(-1));
  const later = reserved.find((it) => it.at === at && it.key === key);
  if (later !== undefined) {
    return { path: sayPath(path), expected: "nothing yet", got: sayValue(got), remedy: `${key}: arrives with ${later.arrives}; remove it for now` };
  }
  const instead = noSetting.find((it) => it.at === at && it.key === key);
  return {
    path: sayPath(path),
    expected: `one of ${allowed.join(", ")}`,
    got: `the unknown setting "${key}"`,
    remedy: instead?.remedy ?? didYouMean(key, allowed, "remove it: a setting that nobody reads protects nobody"),
  };
}

function unrecognized(issue: Extract<Issue, { code: "unrecognized_keys" }>, path: readonly PropertyKey[], raw: unknown): readonly ConfigProblem[] {
  const at = path[0] === "services" && path.length === 2 ? "service" : "inside";
  const allowed = issue.message.split(", ");
  return issue.keys.map((key) => unknownKey(at, [...path, key], allowed, valueAt(raw, [...path, key])));
}

function union(issue: Extract<Issue, { code: "invalid_union" }>, path: readonly PropertyKey[], raw: unknown): readonly ConfigProblem[] {
  const kinds = "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
  if (kinds.length > 0) {
    const got = valueAt(raw, path);
    const meant = typeof got === "string" ? nearest(got, kinds) : undefined;
    const holder = path.slice(0, -1);
    return [
      {
        path: sayPath(holder),
        expected: builtBy(kinds),
        got: got === undefined ? sayValue(valueAt(raw, holder)) : `the kind ${sayValue(got)}`,
        remedy: meant === undefined ? `use ${builtBy(kinds)}` : `did you mean ${builtBy([meant])}?`,
      },
    ];
  }
  return [
    {
      path: sayPath(path),
      expected: "{ above: … } or { below: … }",
      got: sayValue(valueAt(raw, path)),
      remedy: "say on which side trouble begins: bad: { above: 90 }",
    },
  ];
}

/** What one complaint of the schema means to the person who wrote the config. `path` ends in what the issue is about. */
function translateOne(issue: Issue, path: readonly PropertyKey[], raw: unknown): readonly ConfigProblem[] {
  const got = valueAt(raw, path);
  switch (issue.code) {
    case "custom": {
      const { expected, remedy } = issue.params ?? {};
      return [{ path: sayPath(path), expected: String(expected), got: sayValue(got), remedy: String(remedy) }];
    }
    case "unrecognized_keys":
      return unrecognized(issue, path, raw);
    case "invalid_union":
      return union(issue, path, raw);
    case "invalid_key":
      return issue.issues.map((inner) => ({
        path: sayPath(path),
        expected: String(inner.code === "custom" ? inner.params?.["expected"] : "another key"),
        got: `the key ${sayValue(String(path.at(-1)))}`,
        remedy: String(inner.code === "custom" ? inner.params?.["remedy"] : "choose another key"),
      }));
    case "invalid_type":
      return [
        {
          path: sayPath(path),
          expected: issue.expected === "array" ? "a list" : "an object",
          got: sayValue(got),
          remedy: issue.expected === "array" ? "write it between [ and ]" : "write it between { and }",
        },
      ];
    case "too_big":
    case "too_small":
    case "invalid_format":
    case "not_multiple_of":
    case "invalid_element":
    case "invalid_value":
      return [{ path: sayPath(path), expected: "another value", got: sayValue(got), remedy: issue.message }];
  }
}

/** All complaints of one section's schema, with paths from the top of the config. */
export const translate = (issues: readonly Issue[], section: string, raw: unknown): readonly ConfigProblem[] =>
  issues.flatMap((issue) => translateOne(issue, [section, ...issue.path], raw));
