import { type AccountCheck, containersOf, pairs } from "../check.ts";

/** The last lines of failing tasks are saved from CloudWatch Logs before anything is rolled back (hazard 27). */
export const logs: AccountCheck = {
  id: "D30",
  title: "Logs can be saved as evidence",
  look: (patient) =>
    pairs(patient).flatMap(({ service }) =>
      containersOf(patient, service)
        .filter((container) => container.essential && container.logDriver !== "awslogs")
        .map((container) => ({
          severity: "note" as const,
          about: service.name,
          says: `container ${container.name} logs ${container.logDriver === undefined ? "nowhere" : `through ${container.logDriver}`}: its last lines cannot be kept as evidence`,
          remedy: `task definition, container ${container.name}: "logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-group": "/ecs/${service.name}", "awslogs-region": "…", "awslogs-stream-prefix": "${container.name}" } }`,
        })),
    ),
};
