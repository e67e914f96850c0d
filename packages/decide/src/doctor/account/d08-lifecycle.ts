import type { LifecycleRule, RepositoryFacts } from "@nightshift/model";
import { imageName } from "../image.ts";
import { type AccountCheck, containersOf, type Patient, pairs } from "../check.ts";

/** Nightshift goes at most 3 identities back and keeps 5 (facts/rollback.md 3 #6 and 4); a good revision counts for 30 days. */
const KEEP_IMAGES = 5;
const KEEP_DAYS = 30;

/** Moving a tag leaves the old image untagged: rules on untagged images then hit the very revision to go back to. */
function purges(rule: LifecycleRule, repository: RepositoryFacts): boolean {
  if (rule.tagStatus === "untagged" && repository.tagMutability.startsWith("IMMUTABLE")) return false;
  if (rule.countType === "imageCountMoreThan") return rule.countNumber < KEEP_IMAGES;
  return rule.countNumber < KEEP_DAYS;
}

const usedBy = (patient: Patient, uri: string): readonly string[] =>
  pairs(patient)
    .filter(({ service }) => containersOf(patient, service).some((it) => imageName(it.image).repository === uri))
    .map(({ service }) => service.name);

/** Lifecycle properties as in Amazon ECR User Guide, "Lifecycle policy properties in Amazon ECR", read 2026-11-21. */
export const lifecycle: AccountCheck = {
  id: "D8",
  title: "The registry keeps what a rollback needs",
  look: (patient) =>
    patient.facts.repositories.flatMap((repository) => {
      const users = usedBy(patient, repository.uri);
      if (users.length === 0) return [];
      return repository.lifecycle
        .filter((rule) => purges(rule, repository))
        .map((rule) => {
          const byCount = rule.countType === "imageCountMoreThan";
          return {
            severity: "danger" as const,
            about: repository.name,
            says: `lifecycle rule ${rule.priority} keeps only ${byCount ? `${rule.countNumber} images` : `${rule.countNumber} days`} of ${rule.tagStatus} images: the last good image of ${users.join(" and ")} would be purged`,
            remedy: `aws ecr put-lifecycle-policy --repository-name ${repository.name} --lifecycle-policy-text …   # rule ${rule.priority}: "countNumber": ${byCount ? `${KEEP_IMAGES} or more` : `${KEEP_DAYS} or more`}`,
          };
        });
    }),
};
