/** What a person may do, from least to most; each includes the ones before it. */
export const roles = ["viewer", "responder", "operator", "owner"] as const;
/** `viewer` reads; `responder` runs incidents; `operator` approves and changes production; `owner` also confirms the irreversible and releases holds of others. */
export type Role = (typeof roles)[number];
