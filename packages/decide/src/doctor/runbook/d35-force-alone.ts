import { perLine } from "./check.ts";

/** Forcing a deployment of the same task definition restarts what runs now (Amazon ECS API Reference, UpdateService, read 2026-11-21). */
export const forceAlone = perLine({
  id: "D35",
  title: "A forced deployment is not taken for a rollback",
  severity: "danger",
  when: (text) => /\bupdate-service\b/.test(text) && /--force-new-deployment\b/.test(text) && !/--task-definition\b/.test(text),
  says: "--force-new-deployment alone starts the same revision again: nothing is reverted",
  remedy: "aws ecs update-service --cluster <cluster> --service <service> --task-definition <family>:<last good revision, pinned by digest>",
});
