import { eachOf, type NotifierWorld, notify } from "@nightshift/runtime";

/** The part of a DynamoDB stream delivery that is read (stream view NEW_IMAGE, AttributeValue form). */
export interface StreamBatch {
  readonly Records: readonly {
    readonly eventID?: string;
    readonly dynamodb?: { readonly SequenceNumber?: string; readonly Keys?: { readonly pk?: { readonly S?: string } } };
  }[];
}

const PREFIX = "INC#";

/** Every incident touched by the batch is brought up to date once, oldest change first, also when another one could not be. A failure makes the stream deliver again. */
export async function notifyBatch(batch: StreamBatch, { world, channel }: { world: NotifierWorld; channel: string | undefined }): Promise<void> {
  const ids = new Set<string>();
  for (const record of batch.Records) {
    const pk = record.dynamodb?.Keys?.pk?.S;
    if (pk?.startsWith(PREFIX) === true) ids.add(pk.slice(PREFIX.length));
  }
  await eachOf(ids, (id) => notify(world, id, channel));
}
