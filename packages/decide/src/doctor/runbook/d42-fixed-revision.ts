import type { RunbookCheck } from "./check.ts";
import { option } from "./text.ts";

/** A number that was right on the day it was written. */
export const fixedRevision: RunbookCheck = {
  id: "D42",
  title: "The revision to go back to is looked up, not remembered",
  read: ({ lines }) =>
    lines.flatMap(({ text, line }) => {
      const named = /\bupdate-service\b/.test(text) ? option(text, "task-definition") : undefined;
      if (named === undefined || !/^[\w/:-]+:\d+$/.test(named)) return [];
      return [
        {
          severity: "warning" as const,
          line,
          says: `always goes back to ${named}, whatever has been deployed since`,
          remedy: "npx nightshift incidents list   # names the last good revision; or aws ecs list-service-deployments --status SUCCESSFUL",
        },
      ];
    }),
};
