import { type VaultGrant, vaultGrants } from "@nightshift/vault/grants";

/** Pure: what a task of the runner may do in the store; for the functions that read or prune it see `vaultGrants`. */

/** A statement as `aws.iam.getPolicyDocument` takes it. */
interface RunnerStatement {
  readonly sid?: string;
  readonly effect?: "Deny";
  readonly actions: string[];
  readonly resources: string[];
  readonly conditions?: { readonly test: string; readonly variable: string; readonly values: string[] }[];
}

/**
 * The runner adds and reads in its own database's folder; it deletes nothing and ends no lock. Whoever steals its role cannot lose a
 * backup: every object is versioned, so that even one that is overwritten is still there.
 */
export function runnerStatements(store: string, database: string): RunnerStatement[] {
  // The stack encrypts with S3's own key, which needs no grant.
  const grants = Object.values(vaultGrants.runner).filter(({ resources }) => !resources.some((one) => one.includes("${vaultKey}")));
  return [
    ...grants.map((grant) => filled(grant, { vault: store, prefix: `${database}/` })),
    // What S3 says the time is stands on any answer, also on one with a single key.
    {
      sid: "AskTheTime",
      actions: ["s3:ListBucket"],
      resources: [store],
      conditions: [
        { test: "StringEquals", variable: "s3:prefix", values: [""] },
        { test: "NumericLessThanEquals", variable: "s3:max-keys", values: ["1"] },
      ],
    },
    {
      sid: "NeverTakeAway",
      effect: "Deny",
      actions: ["s3:Delete*", "s3:PutObjectRetention", "s3:PutObjectLegalHold", "s3:BypassGovernanceRetention", "s3:PutBucket*", "s3:PutLifecycle*"],
      resources: ["*"],
    },
  ];
}

function filled({ actions, resources, conditions = {} }: VaultGrant, names: { readonly vault: string; readonly prefix: string }): RunnerStatement {
  const fill = (text: string): string => text.replaceAll("${vault}", names.vault).replaceAll("${prefix}", names.prefix);
  const listed = Object.entries(conditions).flatMap(([test, of]) =>
    Object.entries(of).map(([variable, values]) => ({ test, variable, values: values.map(fill) })),
  );
  return { actions: [...actions], resources: resources.map(fill), ...(listed.length === 0 ? {} : { conditions: listed }) };
}

/** Every action of a runner's two roles: the most that its boundary allows. */
export const runnerActions = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:GetAuthorizationToken",
  "ecr:GetDownloadUrlForLayer",
  "logs:CreateLogStream",
  "logs:PutLogEvents",
  "s3:AbortMultipartUpload",
  "s3:GetObject",
  "s3:GetObjectRetention",
  "s3:GetObjectVersion",
  "s3:ListBucket",
  "s3:ListBucketMultipartUploads",
  "s3:ListBucketVersions",
  "s3:ListMultipartUploadParts",
  "s3:PutObject",
  "ssm:GetParameters",
];
