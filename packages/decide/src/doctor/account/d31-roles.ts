import { shortRevision } from "@nightshift/model";
import { type AccountCheck, definition, rolling } from "../check.ts";

const matches = (pattern: string, arn: string): boolean => {
  const parts = pattern.split("*");
  const [head = "", ...rest] = parts;
  if (!arn.startsWith(head)) return false;
  let at = head.length;
  for (const [index, part] of rest.entries()) {
    const last = index === rest.length - 1;
    const found = last ? arn.length - part.length : arn.indexOf(part, at);
    if (found < at || !arn.startsWith(part, found)) return false;
    at = found + part.length;
  }
  return rest.length > 0 || arn === pattern;
};

/** A pinned copy is registered with the roles of the original, which needs `iam:PassRole` on each (Amazon ECS Developer Guide, "Grant permissions to pass a role", read 2026-11-21). */
export const roles: AccountCheck = {
  id: "D31",
  title: "The guard may pass the roles of the task definition",
  look: (patient) =>
    rolling(patient).flatMap(({ service }) => {
      const found = definition(patient, service.taskDefinition);
      if (found === undefined) return [];
      const passable = patient.facts.passableRoles;
      const refused = [found.executionRoleArn, found.taskRoleArn].flatMap((arn) =>
        arn !== undefined && passable !== undefined && !passable.some((pattern) => matches(pattern, arn)) ? [arn] : [],
      );
      const none =
        found.executionRoleArn === undefined
          ? [
              {
                severity: "warning" as const,
                about: service.name,
                says: `${shortRevision(found.arn)} has no execution role: tasks cannot pull from a private registry or write awslogs`,
                remedy: 'task definition: "executionRoleArn": "arn:aws:iam::…:role/ecsTaskExecutionRole"',
              },
            ]
          : [];
      return [
        ...none,
        ...[...new Set(refused)].map((arn) => ({
          severity: "danger" as const,
          about: service.name,
          says: `the guard may not pass ${arn}: after a deployment has finished it could not register the pinned copy it goes back to`,
          remedy: `guard's policy: allow iam:PassRole on ${arn}, with iam:PassedToService = ecs-tasks.amazonaws.com`,
        })),
      ];
    }),
};
