/// <reference path="../.sst/platform/config.d.ts" />
import { named } from "./names.ts";
import { everyAction } from "./policy.ts";

/**
 * The most that any role of Nightshift could ever be given, whoever edits its policy: the actions of the manifests and
 * nothing that changes permissions, code, alarms or rules (facts: least privilege per function). A boundary grants nothing.
 */
export function permissionBoundary(): aws.iam.Policy {
  const policy = aws.iam.getPolicyDocumentOutput({
    statements: [
      // Every resource: which ones is said in each role's own policy; only what both allow is allowed.
      { sid: "AtMost", actions: [...everyAction()], resources: ["*"] },
      {
        sid: "Never",
        effect: "Deny",
        actions: [
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
          "rds:Delete*",
          "rds:Modify*",
          "s3:Delete*",
          "s3:PutBucket*",
          "s3:PutLifecycle*",
          "sts:AssumeRole",
        ],
        resources: ["*"],
      },
    ],
  });
  return new aws.iam.Policy("Boundary", { name: named("boundary"), description: "The most that any role of Nightshift may ever do.", policy: policy.json });
}
