import { perLine } from "./check.ts";

/** The waiter only compares counts: it is also content after ECS has rolled back (facts/rollback.md 0 #7). */
export const stableWait = perLine({
  id: "D44",
  title: "Success is not read from a waiter",
  severity: "note",
  when: (text) => /\becs\s+wait\s+services-stable\b|waitUntilServicesStable/.test(text),
  says: "services-stable is also true after ECS has rolled the deployment back: CI calls a failure a success",
  remedy: "npx nightshift deploy wait <service>   # exits 3 when it was rolled back",
});
