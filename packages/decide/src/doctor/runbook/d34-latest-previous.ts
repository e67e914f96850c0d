import type { RunbookCheck } from "./check.ts";

const goesBack = /--task-definition[=\s]+\S*(previous|prev|last|old|:\d+|<rev|\$\{?prev)/i;

/** Every revision names the same tag, so an older one starts the newest bytes (facts/rollback.md 0 #5). */
export const latestPrevious: RunbookCheck = {
  id: "D34",
  title: "Going back by revision brings other bytes back",
  read: ({ lines }) => {
    const pushed = lines.find(({ text }) => /("image"\s*:|docker (push|tag|build)\b|\bimage:).*:latest\b/.test(text));
    if (pushed === undefined) return [];
    return lines
      .filter(({ text }) => /\bupdate-service\b/.test(text) && goesBack.test(text))
      .map(({ line }) => ({
        severity: "danger" as const,
        line,
        says: `goes back to an earlier task definition, while the image is :latest (line ${pushed.line}): the same bytes start again`,
        remedy: 'name images by digest: "image": "<repository>@sha256:…", one task definition a build',
      }));
  },
};
