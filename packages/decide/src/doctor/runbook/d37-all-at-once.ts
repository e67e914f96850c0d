import type { RunbookCheck } from "./check.ts";

/** Configurations are per compute platform; this one is for servers (AWS CodeDeploy User Guide, "Working with deployment configurations in CodeDeploy", read 2026-11-21). */
export const allAtOnce: RunbookCheck = {
  id: "D37",
  title: "CodeDeploy configurations fit what they deploy",
  read: ({ lines, text: whole }) => {
    const platform = /\blambda\b/i.test(whole) ? "Lambda" : /\becs\b/i.test(whole) ? "ECS" : undefined;
    return lines
      .filter(({ text }) => platform !== undefined && /CodeDeployDefault\.(AllAtOnce|HalfAtATime|OneAtATime)\b/.test(text))
      .map(({ line }) => ({
        severity: "danger" as const,
        line,
        says: `CodeDeployDefault.AllAtOnce, HalfAtATime and OneAtATime are for servers: a ${platform} deployment refuses them`,
        remedy: `--deployment-config-name CodeDeployDefault.${platform}AllAtOnce`,
      }));
  },
};
