import { shortDigest, shortRevision } from "@nightshift/model";
import { type AccountCheck, pairs } from "../check.ts";

/** A good revision whose image is gone from ECR can be deployed and will not start. */
export const imageGone: AccountCheck = {
  id: "D7",
  title: "Images of good revisions can still be pulled",
  look: (patient) =>
    pairs(patient).flatMap(({ service }) =>
      patient.facts.knownGood
        .filter((it) => it.service === service.name)
        .flatMap((good) =>
          good.images
            .filter((image) => image.present === false)
            .map((image) => ({
              severity: "danger" as const,
              about: service.name,
              says: `${shortRevision(good.taskDefinition)} needs ${image.repository}@${shortDigest(image.digest)}, which is no longer in the registry: its tasks would not start`,
              remedy: `push it again from a machine that has it (docker push ${image.repository}), or let one good deployment be watched so that there is a newer revision to go back to`,
            })),
        ),
    ),
};
