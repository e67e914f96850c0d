/** Pure: what a task of the runner and the functions that read or prune may do in the store. */

/** A statement as `aws.iam.getPolicyDocument` takes it. */
interface RunnerStatement {
  readonly sid: string;
  readonly effect?: "Deny";
  readonly actions: string[];
  readonly resources: string[];
  readonly conditions?: { readonly test: string; readonly variable: string; readonly values: string[] }[];
}

/**
 * The runner adds and reads; it deletes nothing, ends no lock, and reads no other database's folder. Whoever steals its role cannot lose a
 * backup: every object is versioned, so that even one that is overwritten is still there.
 */
export function runnerStatements(store: string, database: string): RunnerStatement[] {
  const inItsFolder = { test: "StringLike", variable: "s3:prefix", values: [`${database}/*`] };
  return [
    {
      sid: "AddAndReadBack",
      actions: ["s3:PutObject", "s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectRetention", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
      resources: [`${store}/${database}/*`],
    },
    { sid: "SeeItsFolder", actions: ["s3:ListBucket", "s3:ListBucketVersions"], resources: [store], conditions: [inItsFolder] },
    // What S3 says the time is stands on any answer: one key at most.
    {
      sid: "AskTheTime",
      actions: ["s3:ListBucket"],
      resources: [store],
      conditions: [
        { test: "StringEquals", variable: "s3:prefix", values: [""] },
        { test: "NumericLessThanEquals", variable: "s3:max-keys", values: ["1"] },
      ],
    },
    // To end what a run that died left open; S3 knows no condition on a prefix here.
    { sid: "SeeOpenUploads", actions: ["s3:ListBucketMultipartUploads"], resources: [store] },
    {
      sid: "NeverTakeAway",
      effect: "Deny",
      actions: ["s3:Delete*", "s3:PutObjectRetention", "s3:PutObjectLegalHold", "s3:BypassGovernanceRetention", "s3:PutBucket*", "s3:PutLifecycle*"],
      resources: ["*"],
    },
  ];
}

/** What functions may do in the store, by port: reading, and, for the prune function alone, deleting by version, locking and pointing. */
export const storeGrants: Readonly<Record<string, readonly { readonly actions: readonly string[]; readonly resources: readonly string[] }[]>> = {
  shelf: [
    { actions: ["s3:ListBucket", "s3:ListBucketVersions"], resources: ["${backups}"] },
    { actions: ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectRetention"], resources: ["${backups}/*"] },
  ],
  backupPruning: [
    { actions: ["s3:ListBucket", "s3:ListBucketVersions"], resources: ["${backups}"] },
    {
      // No `s3:DeleteBucket…`, and no way around a lock that still holds.
      actions: [
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:GetObjectRetention",
        "s3:PutObject",
        "s3:PutObjectRetention",
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
      ],
      resources: ["${backups}/*"],
    },
  ],
};

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
