import { imageName } from "../image.ts";
import { type AccountCheck, containersOf, pairs } from "../check.ts";

/** A repository that lets tags be overwritten lets yesterday's name mean today's bytes. */
export const tagMutability: AccountCheck = {
  id: "D9",
  title: "Tags in the registry cannot be moved",
  look: (patient) =>
    patient.facts.repositories
      .filter((repository) => repository.tagMutability.startsWith("MUTABLE"))
      .filter((repository) =>
        pairs(patient).some(({ service }) =>
          containersOf(patient, service).some((it) => imageName(it.image).repository === repository.uri && imageName(it.image).digest === undefined),
        ),
      )
      .map((repository) => ({
        severity: "warning",
        about: repository.name,
        says: "tags can be overwritten, and task definitions name images by tag",
        remedy: `aws ecr put-image-tag-mutability --repository-name ${repository.name} --image-tag-mutability IMMUTABLE   # after CI gives every build its own tag`,
      })),
};
