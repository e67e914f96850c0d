import { ListTagsForResourceCommand } from "@aws-sdk/client-elasticache";
import { guard } from "@nightshift/model/guards";
import { PortError } from "@nightshift/ports";
import type { Call } from "./calls.ts";
import type { Reach } from "./reach.ts";
import { isOurs, tagsFrom } from "./tags.ts";

/** Whether the snapshot has our owner tag. Source: "ListTagsForResource", https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ListTagsForResource.html, 2026-11-21. */
export async function isOurSnapshot({ connections, calls }: Reach, arn: string): Promise<boolean> {
  const answer = await calls.read({ operation: "elasticache:ListTagsForResource", on: arn }, async () =>
    (await connections.elasticache()).send(new ListTagsForResourceCommand({ ResourceName: arn })),
  );
  return isOurs(tagsFrom(answer.TagList));
}

/** What is found under a name that we wanted to give. */
export interface StandingSnapshot {
  readonly arn: string;
  readonly cache: string | undefined;
}

/** A name that is taken must be taken by a snapshot of ours, of that cache. @throws {PortError} */
export async function refuseForeignSnapshot(
  reach: Reach,
  call: Call,
  { found, cache }: { readonly found: StandingSnapshot | undefined; readonly cache: string },
): Promise<void> {
  if (found === undefined) throw new PortError("conflict", call.operation, call.on, "a snapshot of this name was there and is gone; ask again");
  if ((found.cache !== cache || !(await isOurSnapshot(reach, found.arn))) && guard("a foreign snapshot is not taken for ours"))
    throw new PortError("invalid", call.operation, call.on, "a snapshot of this name stands that is not ours; rename or remove it");
}

/** Only what we took is deleted. @throws {PortError} `denied` */
export async function refuseDeletingForeign(reach: Reach, call: Call, { arn, manual }: { readonly arn: string; readonly manual: boolean }): Promise<void> {
  if (!(manual && (await isOurSnapshot(reach, arn))) && guard("only our own snapshot is deleted"))
    throw new PortError("denied", call.operation, call.on, "it is not a manual snapshot with our owner tag; it is never deleted by us");
}
