import { tags } from "@nightshift/model";

/** A tag as most services write it. */
export interface AwsTag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** What `nightshift:owner` says on whatever we make. */
export const owner = "nightshift";

/** Tags as names and values. */
export const tagsFrom = (list: readonly AwsTag[] | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries((list ?? []).flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? ""]])));

/** The given tags and our owner tag, by which we know later that it is ours; in the order of their names. */
export const ownTags = (given: Readonly<Record<string, string>>): { Key: string; Value: string }[] =>
  Object.entries({ ...given, [tags.owner]: owner })
    .map(([Key, Value]) => ({ Key, Value }))
    .sort((a, b) => (a.Key < b.Key ? -1 : 1));

/** Whether it is ours by its tags. */
export const isOurs = (of: Readonly<Record<string, string>>): boolean => of[tags.owner] === owner;
