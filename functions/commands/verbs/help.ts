import { helpCard } from "@nightshift/decide/commands/help";
import { verbNames } from "@nightshift/decide/commands/verbs";
import { contextOf } from "../parse.ts";
import { answered, type Carry } from "../verb.ts";

/** Says what there is, or how one verb is used. */
export const help: Carry<"help"> = async ({ about }, on) =>
  answered(
    helpCard(
      verbNames.find((one) => one === about),
      contextOf(on, on.request),
    ),
  );
