import { card, type Carry, refused } from "../verb.ts";

/** Ends a silence now. */
export const unsilence: Carry<"unsilence"> = async ({ id }, { world, request, person, now }) => {
  const standing = await world.silences.standing(now);
  const found = standing.find((one) => one.id === id);
  if (found === undefined) {
    const others = standing.slice(0, 10).map((one) => `${one.id} (${one.scope})`);
    return refused(`There is no silence ${id}. ${others.length === 0 ? "Nothing is silenced." : `Standing: ${others.join(", ")}.`} Nothing was changed.`);
  }
  const says = `${person.name} ended the silence of ${found.scope} that ${found.by} set.`;
  return {
    kind: "ready",
    does: says,
    calls: [`ledger: end the silence ${id}`],
    tells: [],
    line: says,
    act: async () => {
      const ended = await world.silences.end(id, request.at);
      return { card: card(ended ? says : `The silence ${id} ended meanwhile; /ops silences lists what still stands.`), changed: ended };
    },
  };
};
