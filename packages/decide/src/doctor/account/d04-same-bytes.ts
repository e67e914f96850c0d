import { shortRevision } from "@nightshift/model";
import { imageName } from "../image.ts";
import { type AccountCheck, definition, pairs } from "../check.ts";

/** Two revisions that name the same tag are the same bytes today: "back to the previous revision" changes nothing. */
export const sameBytes: AccountCheck = {
  id: "D4",
  title: "The previous revision is another image than the running one",
  look: (patient) =>
    pairs(patient).flatMap(({ service }) => {
      const now = definition(patient, service.taskDefinition);
      const before = definition(patient, service.previous);
      if (now === undefined || before === undefined || before.arn === now.arn) return [];
      const same = now.containers.filter((container) => {
        const twin = before.containers.find((it) => it.name === container.name);
        return twin?.image === container.image && imageName(container.image).digest === undefined;
      });
      if (same.length < now.containers.length) return [];
      return [
        {
          severity: "danger",
          about: service.name,
          says: `${shortRevision(before.arn)} and ${shortRevision(now.arn)} both run ${same.map((it) => it.image).join(" and ")}: going back by task definition would start the same bytes`,
          remedy: `aws ecs describe-service-revisions --service-revision-arns <arn>   # its imageDigest is what ran; pin that digest in CI, one per deployment`,
        },
      ];
    }),
};
