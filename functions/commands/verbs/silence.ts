import { sayMoment } from "@nightshift/decide/incidents/template";
import { after, sayLength, type Silence } from "@nightshift/model";
import { shortHash } from "../short-hash.ts";
import { card, type Carry } from "../verb.ts";

/** Lets alarms in scope open no incident until it ends by itself; they are still recorded. */
export const silence: Carry<"silence"> = async ({ scope, lasts }, { world, request, person, doing }) => {
  const made: Silence = {
    id: `S-${shortHash(request.key)}`,
    scope,
    by: person.name,
    because: doing.because ?? "no reason given",
    from: request.at,
    until: after(request.at, lasts),
  };
  const says = `${person.name} silenced ${scope === "all" ? "everything" : scope} for ${sayLength(lasts)}, until ${sayMoment(made.until)}: ${made.because}`;
  return {
    kind: "ready",
    does: says,
    calls: [`ledger: add the silence ${made.id} (${scope}, until ${sayMoment(made.until)})`],
    tells: [],
    line: says,
    act: async () => {
      await world.silences.add(made);
      return { card: card(says, [`Alarms are still recorded. End it with: /ops unsilence ${made.id}`]), changed: true };
    },
  };
};
