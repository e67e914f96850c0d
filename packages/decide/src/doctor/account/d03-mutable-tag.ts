import { imageName } from "../image.ts";
import { type AccountCheck, containersOf, pairs } from "../check.ts";

/** `UpdateService` resolves a tag again, so an old task definition that names a moved tag brings back the new bytes (facts/rollback.md 0 #5). */
export const mutableTag: AccountCheck = {
  id: "D3",
  title: "Images are named by digest, or at least by a tag of their own",
  look: (patient) =>
    pairs(patient).flatMap(({ service }) =>
      containersOf(patient, service).flatMap((container) => {
        const { repository, tag, digest } = imageName(container.image);
        if (digest !== undefined) return [];
        const moves = /^(latest|prod|production|main|master|stable|release|staging|dev)$/i.test(tag ?? "");
        return [
          {
            severity: moves ? "danger" : "note",
            about: service.name,
            says: moves
              ? `container ${container.name} runs ${repository}:${tag}: every revision names the same tag, so an older task definition starts the newest bytes`
              : `container ${container.name} runs the tag ${tag}; Nightshift pins the digest itself before it goes back`,
            remedy: `in CI: register the task definition with "image": "${repository}@$(aws ecr describe-images --repository-name ${repository.replace(/^[^/]*\//, "")} --image-ids imageTag=${tag} --query 'imageDetails[0].imageDigest' --output text)"`,
          },
        ];
      }),
    ),
};
