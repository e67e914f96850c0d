import type { GrammarContext } from "@nightshift/decide/commands/grammar";
import { at, textAt } from "./body.ts";

/**
 * The names that the stacks took out of the config: reading the config itself would make the door three times as heavy.
 * `{"services":[…],"groups":[…],"people":[…],"zone":"prod"}`; what is missing or no list is not checked here, but where
 * the command is carried out.
 */
export function readNames(written: string | undefined): GrammarContext {
  const json = written === undefined ? undefined : parsed(written);
  const list = (name: string): readonly string[] => {
    const found = at(json, name);
    return Array.isArray(found) ? found.filter((one): one is string => typeof one === "string") : [];
  };
  const zone = textAt(json, "zone");
  return { services: list("services"), groups: list("groups"), people: list("people"), ...(zone === undefined ? {} : { zone }) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Names help a person to write a command right; without them nothing is let in that would not be let in with them.
    return undefined;
  }
}
