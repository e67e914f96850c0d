import { shortRevision } from "@nightshift/model";
import { type AccountCheck, definition, pairs } from "../check.ts";

/** An INACTIVE task definition cannot be given to UpdateService (Amazon ECS API Reference, DeregisterTaskDefinition, read 2026-11-21). */
export const inactive: AccountCheck = {
  id: "D6",
  title: "The revision to go back to is still registered",
  look: (patient) =>
    pairs(patient).flatMap(({ service }) => {
      const arns = [service.previous, ...patient.facts.knownGood.filter((it) => it.service === service.name).map((it) => it.taskDefinition)];
      return [...new Set(arns)].flatMap((arn) => {
        const found = definition(patient, arn);
        if (found === undefined || found.status === "ACTIVE") return [];
        return [
          {
            severity: "warning" as const,
            about: service.name,
            says: `${shortRevision(found.arn)} is ${found.status}: it cannot be deployed as it is; Nightshift would register a copy first`,
            remedy: "in CI: take out `aws ecs deregister-task-definition` (or your tool's clean-up of old revisions) for the newest five revisions",
          },
        ];
      });
    }),
};
