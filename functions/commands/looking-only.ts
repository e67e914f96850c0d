import type { RevisionRecord } from "@nightshift/model";
import type { CommandsWorld } from "./verb.ts";

/** The same world, in which preparing a way back writes nothing: what it would enter about revisions is kept for this look alone. */
export function lookingOnly(world: CommandsWorld): CommandsWorld {
  const seen = new Map<string, RevisionRecord>();
  const keyOf = (record: Pick<RevisionRecord, "service" | "identity">): string => `${record.service} ${record.identity.key}`;
  const list: CommandsWorld["revisions"]["list"] = async (service) => {
    const known = await world.revisions.list(service);
    const mine = [...seen.values()].filter((one) => one.service === service);
    const others = known.filter((one) => !seen.has(keyOf(one)));
    return [...mine, ...others].toSorted((a, b) => b.firstSeen - a.firstSeen);
  };
  return {
    ...world,
    revisions: {
      list,
      see: async (record) => {
        const standing = (await list(record.service)).find((one) => one.identity.key === record.identity.key);
        if (standing === undefined) seen.set(keyOf(record), record);
        return standing ?? record;
      },
      grade: async (service, key, grade, because, gradedAt) => {
        const standing = (await list(service)).find((one) => one.identity.key === key);
        if (standing !== undefined) seen.set(keyOf(standing), { ...standing, grade, because, gradedAt });
      },
      pin: async () => {},
    },
  };
}
