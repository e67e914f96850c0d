/**
 * Slack's limits as far as we meet them. `chat.update` refuses text above 4,000 bytes, counted after escaping, and what
 * is posted may be updated later, so posts keep to the same. Sources, 2026-11-21: "chat.update method" (`msg_too_long`),
 * https://docs.slack.dev/reference/methods/chat.update; that bytes after escaping are counted: gitlab-org/gitlab
 * merge request 258898; manifest fields: the types of @slack/web-api 8.2.0 (`dist/types/request/manifest.d.ts`).
 */
export const limits = {
  textBytes: 4_000,
  /** Messages on one page of history. */
  page: 100,
  manifest: { name: 35, description: 140, displayName: 80, commands: 50, command: 32, commandDescription: 2_000, usageHint: 1_000, scopes: 255 },
} as const;
