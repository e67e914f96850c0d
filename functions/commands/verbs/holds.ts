import { freezesOf } from "@nightshift/decide/control";
import { sayMoment } from "@nightshift/decide/incidents/template";
import { answered, type Carry, card } from "../verb.ts";

/** Lists holds and freezes that stand. */
export const holds: Carry<"holds"> = async (_, { world, now }) => {
  const control = await world.control.read();
  const named = (scope: string) => (scope === "all" ? "everything" : scope);
  const lines = [
    ...control.holds
      .filter((one) => one.until === undefined || one.until > now)
      .map(
        (one) =>
          `held: ${named(one.scope)}, ${one.until === undefined ? "until it is released" : `until ${sayMoment(one.until)}`}, by ${one.by}: ${one.because}`,
      ),
    ...freezesOf(control, now).map((one) => `frozen: ${named(one.scope)}, until ${sayMoment(one.until)}, by ${one.by}: ${one.because}`),
  ];
  return answered(card(lines.length === 0 ? "Nothing is held or frozen." : "Held and frozen:", lines));
};
