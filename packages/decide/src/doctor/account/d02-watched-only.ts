import { type AccountCheck, pairs } from "../check.ts";

/** CodeDeploy, external and native blue/green services are watched and explained, never acted on (decision 7). */
export const watchedOnly: AccountCheck = {
  id: "D2",
  title: "The service deploys by ECS rolling updates",
  look: (patient) =>
    pairs(patient)
      .filter(({ service }) => service.controller !== "ECS" || service.strategy !== "ROLLING")
      .map(({ service, settings }) => ({
        severity: settings.mode === "auto" ? "warning" : "note",
        about: service.name,
        says: `deployed by ${service.controller === "ECS" ? service.strategy : service.controller}: Nightshift watches and explains it, and does not act`,
        remedy: `nightshift.config.ts: "${service.name}": ecs({ mode: "shadow", … })   # so that nobody expects more until R2 to R4 arrive`,
      })),
};
