import { type Asked, type Option, textOf } from "../frame/command.ts";
import type { Place } from "../place/place.ts";

/** Under which name a command is recorded. */
export const actorOption = { as: { type: "text", value: "NAME", says: "who does this, for the record (default: your user name)" } } as const satisfies Readonly<
  Record<string, Option>
>;

/** Who gave the command: as said, or as the operating system says. */
export const actorOf = (place: Place, asked: Asked): string => textOf(asked, "as") ?? place.user;
