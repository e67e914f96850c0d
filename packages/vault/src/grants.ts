/** One statement: what may be done with which objects. The same shape as the statements of `packages/aws`. */
export interface VaultGrant {
  readonly method: string;
  readonly calls: readonly string[];
  readonly actions: readonly string[];
  /** ARNs with `${…}` for the deployment's own names: `${vault}` is the bucket's ARN, `${prefix}` empty or ending in `/`, `${vaultKey}` the KMS key's ARN. */
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly why?: string;
}

const objects = ["${vault}/${prefix}*"];
const inPrefix = { StringLike: { "s3:prefix": ["${prefix}*"] } };

const list: VaultGrant = {
  method: "list",
  calls: ["ListObjectVersions", "ListObjectsV2"],
  actions: ["s3:ListBucketVersions", "s3:ListBucket"],
  resources: ["${vault}"],
  conditions: inPrefix,
};
const read: VaultGrant = {
  method: "read",
  calls: ["GetObject", "HeadObject"],
  // HeadObject tells of a lock only who may read retention.
  actions: ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectRetention"],
  resources: objects,
};
const decrypt: VaultGrant = {
  method: "read",
  calls: [],
  actions: ["kms:Decrypt"],
  resources: ["${vaultKey}"],
  why: "only where the bucket is encrypted with a key of yours",
};
const encrypt: VaultGrant = {
  method: "put",
  calls: [],
  actions: ["kms:GenerateDataKey"],
  resources: ["${vaultKey}"],
  why: "only where the bucket is encrypted with a key of yours",
};

/**
 * Who may do what in the vault. The writer, which holds the database's password, deletes nothing; the pruner, which holds no password, writes only plans,
 * pointers and tombstones, and never goes around a lock (`s3:BypassGovernanceRetention` is in none).
 * Source: service authorization reference, "Actions, resources, and condition keys for Amazon S3",
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html, 2026-11-21.
 */
export const vaultGrants = {
  shelf: { list, read, decrypt },
  backupPruning: {
    list,
    read,
    decrypt,
    encrypt,
    write: {
      method: "record, point, remove",
      calls: ["PutObject"],
      actions: ["s3:PutObject"],
      resources: [
        "${vault}/${prefix}*/prunes/*",
        ...["daily", "weekly", "monthly", "safety"].map((folder) => `\${vault}/\${prefix}*/${folder}/*`),
        "${vault}/${prefix}*/data/*/manifest.json",
      ],
    },
    remove: { method: "remove, point, clear", calls: ["DeleteObject"], actions: ["s3:DeleteObjectVersion", "s3:DeleteObject"], resources: objects },
    lock: {
      method: "lock",
      calls: ["PutObjectRetention"],
      actions: ["s3:PutObjectRetention"],
      // A lock that nobody can lift, or one for a hundred years, is damage as well: governance alone, and no longer than any class may be kept (`keep`: ten years).
      resources: ["${vault}/${prefix}*/data/*"],
      conditions: { StringEquals: { "s3:object-lock-mode": ["GOVERNANCE"] }, NumericLessThanEquals: { "s3:object-lock-remaining-retention-days": ["3650"] } },
    },
    tidy: {
      method: "clear",
      calls: ["ListMultipartUploads", "AbortMultipartUpload"],
      actions: ["s3:ListBucketMultipartUploads", "s3:AbortMultipartUpload"],
      resources: ["${vault}", ...objects],
    },
  },
  /** The task role of the runner's container. */
  runner: {
    list,
    read,
    decrypt,
    encrypt,
    write: {
      method: "put, upload",
      calls: ["PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"],
      actions: ["s3:PutObject"],
      resources: objects,
    },
    abort: { method: "abort", calls: ["AbortMultipartUpload"], actions: ["s3:AbortMultipartUpload"], resources: objects },
    openUploads: { method: "openUploads", calls: ["ListMultipartUploads"], actions: ["s3:ListBucketMultipartUploads"], resources: ["${vault}"] },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, VaultGrant>>>>;
