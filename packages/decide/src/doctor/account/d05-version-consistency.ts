import { type AccountCheck, containersOf, pairs } from "../check.ts";

/** With `versionConsistency: disabled` ECS pins no digest, so even its own rollback pulls whatever the tag means now (Amazon ECS API Reference, ContainerDefinition, read 2026-11-21). */
export const versionConsistency: AccountCheck = {
  id: "D5",
  title: "ECS pins image digests",
  look: (patient) =>
    pairs(patient).flatMap(({ service }) =>
      containersOf(patient, service)
        .filter((container) => container.versionConsistency === "disabled")
        .map((container) => ({
          severity: "danger" as const,
          about: service.name,
          says: `container ${container.name} has versionConsistency disabled: no rollback, ECS's own included, is sure of its bytes`,
          remedy: `task definition, container ${container.name}: "versionConsistency": "enabled"   # or remove the line`,
        })),
    ),
};
