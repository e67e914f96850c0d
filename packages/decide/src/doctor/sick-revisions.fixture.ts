import { facts, withService, withContainer, withSettings, type Sick } from "./build.fixture.ts";
import { healthy, previous, repository, service } from "./healthy.fixture.ts";

/** D1 to D10: what runs, and what could run again. */
export const sickRevisions: readonly Sick[] = [
  ["D1", "no such service", facts({ services: [] }), [["danger", "shop-api", "cluster prod has no service shop-api: nothing is guarded"]]],
  ["D1", "an inactive service", withService({ status: "DRAINING" }), [["danger", "shop-api", "shop-api is DRAINING: nothing is guarded"]]],
  [
    "D2",
    "CodeDeploy",
    withService({ controller: "CODE_DEPLOY" }),
    [["warning", "shop-api", "deployed by CODE_DEPLOY: Nightshift watches and explains it, and does not act"]],
  ],
  [
    "D2",
    "native blue/green in shadow",
    withService({ strategy: "BLUE_GREEN" }),
    [["note", "shop-api", "deployed by BLUE_GREEN: Nightshift watches and explains it, and does not act"]],
    withSettings({ mode: "shadow" }),
  ],
  [
    "D3",
    ":latest",
    withContainer({ image: `${repository}:latest` }),
    [["danger", "shop-api", `container api runs ${repository}:latest: every revision names the same tag, so an older task definition starts the newest bytes`]],
  ],
  [
    "D3",
    "no tag at all",
    withContainer({ image: "nginx" }),
    [["danger", "shop-api", "container api runs nginx:latest: every revision names the same tag, so an older task definition starts the newest bytes"]],
  ],
  [
    "D3",
    "a tag of its own",
    withContainer({ image: `${repository}:8f3c2a1` }),
    [["note", "shop-api", "container api runs the tag 8f3c2a1; Nightshift pins the digest itself before it goes back"]],
  ],
  [
    "D4",
    "both revisions name one tag",
    withContainer({ image: `${repository}:prod` }, { image: `${repository}:prod` }),
    [["danger", "shop-api", `shop-api:41 and shop-api:42 both run ${repository}:prod: going back by task definition would start the same bytes`]],
  ],
  [
    "D5",
    "no pinning",
    withContainer({ versionConsistency: "disabled" }),
    [["danger", "shop-api", "container api has versionConsistency disabled: no rollback, ECS's own included, is sure of its bytes"]],
  ],
  [
    "D6",
    "a deregistered predecessor",
    facts({ taskDefinitions: healthy.taskDefinitions.map((it) => (it.arn === previous ? { ...it, status: "INACTIVE" as const } : it)) }),
    [["warning", "shop-api", "shop-api:41 is INACTIVE: it cannot be deployed as it is; Nightshift would register a copy first"]],
  ],
  [
    "D7",
    "a purged image",
    facts({ knownGood: healthy.knownGood.map((it) => ({ ...it, images: it.images.map((image) => ({ ...image, present: false })) })) }),
    [["danger", "shop-api", `shop-api:41 needs ${repository}@sha256:111111111111…, which is no longer in the registry: its tasks would not start`]],
  ],
  [
    "D8",
    "four images kept",
    facts({
      repositories: [
        {
          uri: repository,
          name: "shop-api",
          tagMutability: "IMMUTABLE",
          lifecycle: [{ priority: 7, tagStatus: "any", countType: "imageCountMoreThan", countNumber: 4 }],
        },
      ],
    }),
    [["danger", "shop-api", "lifecycle rule 7 keeps only 4 images of any images: the last good image of shop-api would be purged"]],
  ],
  [
    "D8",
    "29 days kept",
    facts({
      repositories: [
        {
          uri: repository,
          name: "shop-api",
          tagMutability: "IMMUTABLE",
          lifecycle: [{ priority: 7, tagStatus: "tagged", countType: "sinceImagePushed", countNumber: 29 }],
        },
      ],
    }),
    [["danger", "shop-api", "lifecycle rule 7 keeps only 29 days of tagged images: the last good image of shop-api would be purged"]],
  ],
  [
    "D9",
    "tags may move",
    { ...withContainer({ image: `${repository}:v1` }), repositories: healthy.repositories.map((it) => ({ ...it, tagMutability: "MUTABLE" })) },
    [["warning", "shop-api", "tags can be overwritten, and task definitions name images by tag"]],
  ],
  [
    "D10",
    "a first deployment",
    facts({ services: [{ ...service, previous: undefined }], knownGood: [] }),
    [["note", "shop-api", "no earlier revision is known: a bad deployment now would end in a question, not in a rollback"]],
  ],
];
