/// <reference path="../.sst/platform/config.d.ts" />
import type { Manifest } from "@nightshift/model";
import { manifests } from "../functions/index.ts";
import { named } from "./names.ts";
import { everyAction, statementsOf } from "./policy.ts";
import { runnerActions } from "./store-policy.ts";

/** The boundaries of Nightshift's roles: of most functions, of the few that delete backups and drill targets, of the runner's tasks, and of the schedules that ask for mirrors. */
export interface Boundaries {
  readonly common: aws.iam.Policy;
  readonly deleting: aws.iam.Policy;
  readonly runner: aws.iam.Policy;
  readonly asking: aws.iam.Policy;
}

const never = [
  "cloudwatch:DeleteAlarms",
  "cloudwatch:DisableAlarmActions",
  "cloudwatch:SetAlarmState",
  "dynamodb:DeleteTable",
  "dynamodb:UpdateTable",
  "ecs:Delete*",
  "ecs:DeregisterTaskDefinition",
  "ecs:ExecuteCommand",
  "events:Delete*",
  "events:Disable*",
  "events:Put*",
  "events:Remove*",
  "iam:Add*",
  "iam:Attach*",
  "iam:Create*",
  "iam:Delete*",
  "iam:Detach*",
  "iam:Put*",
  "iam:Remove*",
  "iam:Set*",
  "iam:Tag*",
  "iam:Untag*",
  "iam:Update*",
  "lambda:Add*",
  "lambda:Create*",
  "lambda:Delete*",
  "lambda:Put*",
  "lambda:Remove*",
  "lambda:Update*",
  "rds:Modify*",
  "s3:BypassGovernanceRetention",
  "s3:DeleteBucket*",
  "s3:PutBucket*",
  "s3:PutLifecycle*",
  "sts:AssumeRole",
];
/** What a backup is taken away with: for functions whose business that is. */
const takingAway = ["dynamodb:DeleteBackup", "elasticache:Delete*", "rds:Delete*", "s3:Delete*"];
const takesAway = (action: string): boolean => takingAway.some((pattern) => action.startsWith(pattern.replace("*", "")));

/** Whether a function deletes backups, snapshots or drill targets. */
export const deletes = (manifest: Manifest): boolean => statementsOf(manifest).some(({ effect, actions }) => effect === "allow" && actions.some(takesAway));

/**
 * The most that any role of Nightshift could ever be given, whoever edits its policy: the actions of the manifests and
 * nothing that changes permissions, code, alarms or rules (facts: least privilege per function). A boundary grants nothing.
 */
export function permissionBoundaries(): Boundaries {
  // Every resource: which ones is said in each role's own policy; only what both allow is allowed.
  const common = everyAction(manifests.filter((manifest) => !deletes(manifest)));
  const deleting = everyAction(manifests.filter(deletes));
  return {
    common: boundary("Boundary", { at: "boundary", says: "The most that any role of Nightshift may ever do.", most: common, never: [...never, ...takingAway] }),
    deleting: boundary("DeletingBoundary", {
      at: "deleting-boundary",
      says: "The most that roles of Nightshift that delete backups and drill targets may ever do.",
      most: deleting,
      // What they may delete is ours by its name: source databases, their own snapshots and other buckets' objects are not.
      never,
      only: [
        { sid: "OnlyOurInstances", actions: ["rds:DeleteDBInstance"], notResources: ["arn:*:rds:*:*:db:nightshift-verify-*"] },
        { sid: "OnlyOurSnapshots", actions: ["rds:DeleteDBSnapshot"], notResources: ["arn:*:rds:*:*:snapshot:nightshift-*"] },
      ],
    }),
    asking: boundary("AskingBoundary", {
      at: "asking-boundary",
      says: "The most that the schedules that ask for mirrors may ever do.",
      most: ["events:PutEvents", "sqs:SendMessage"],
      // An event asks; what changes rules and buses is denied as everywhere.
      never: [...never.filter((pattern) => pattern !== "events:Put*"), "events:PutPermission", "events:PutRule", "events:PutTargets", ...takingAway],
    }),
    runner: boundary("RunnerBoundary", {
      at: "runner-boundary",
      says: "The most that a task of Nightshift's runner may ever do.",
      most: runnerActions,
      never: ["s3:Delete*", "s3:BypassGovernanceRetention", "s3:PutObjectRetention", "s3:PutBucket*", "s3:PutLifecycle*", "sts:AssumeRole"],
    }),
  };
}

interface Most {
  /** What it is called in the account, and its description. */
  readonly at: string;
  readonly says: string;
  readonly most: readonly string[];
  readonly never: readonly string[];
  readonly only?: readonly { readonly sid: string; readonly actions: string[]; readonly notResources: string[] }[];
}

function boundary(name: string, { at, says, most, never: refused, only = [] }: Most): aws.iam.Policy {
  const policy = aws.iam.getPolicyDocumentOutput({
    statements: [
      { sid: "AtMost", actions: [...most], resources: ["*"] },
      { sid: "Never", effect: "Deny", actions: [...refused], resources: ["*"] },
      ...only.map((one) => ({ ...one, effect: "Deny" })),
    ],
  });
  return new aws.iam.Policy(name, { name: named(at), description: says, policy: policy.json });
}
