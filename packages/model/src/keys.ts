/**
 * How every ledger row begins: the partition key, or its prefix where it ends in `#`. Adapters build keys from these
 * words and stacks build `dynamodb:LeadingKeys` conditions from the same ones (decision 37).
 */
export const keyPrefixes = {
  control: "CONTROL",
  revision: "REV#",
  tuple: "TUPLE#",
  watch: "WATCH",
  signal: "SIGNAL#",
  incident: "INC#",
  incidentIndex: "INCIDENTS",
  approval: "APPROVAL#",
  approvalIndex: "APPROVALS",
  claim: "CLAIM#",
  sent: "SENT#",
  /** Which incident a group's alarms go to. */
  group: "GROUP#",
  /** Groups opened lately, for storms of the whole account. */
  storm: "STORM",
  silence: "SILENCES",
  /** Alarms that rang under a silence and may still ring when it ends. */
  silenced: "SILENCED",
  onCall: "ONCALL",
  /** Seen requests from Slack: a signature is good once. */
  nonce: "NONCE#",
  plan: "PLAN#",
  /** What an incident's war room waits with. */
  wake: "WAKE#",
  /** Send budgets of a channel or the workspace. */
  budget: "BUDGET#",
  /** Proof that the whole way from an event to the notifier works. */
  heartbeat: "HEARTBEAT",
  /** What the scaler remembers of a service, was ordered and decided. */
  scaling: "SCALE#",
  /** Backups of a database, table, cache or of the configuration, and the samples of what could be lost. */
  backup: "BACKUP#",
  /** In the audit table, which holds nothing else. */
  chain: "CHAIN#",
} as const;

/** A word or prefix of the key vocabulary. */
export type KeyPrefix = (typeof keyPrefixes)[keyof typeof keyPrefixes];

/** Names of the partition and sort key of both tables, and of the attribute that DynamoDB may expire claims by (housekeeping only, never correctness). */
export const tableKeys = { partition: "pk", sort: "sk", expires: "expires" } as const;

/** Tags on whatever Nightshift makes in an account (decision 37). */
export const tags = {
  owner: "nightshift:owner",
  purpose: "nightshift:purpose",
  expires: "nightshift:expires",
  state: "nightshift:state",
} as const;

/** What `nightshift:purpose` may say. */
export type TagPurpose = "verify" | "drill" | "restore";
