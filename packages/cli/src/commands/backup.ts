import type { Command } from "../frame/command.ts";
import type { Place } from "../place/place.ts";
import { backupRetention } from "./backup-retention.ts";

/** Everything that begins with `npx nightshift backup`. */
export const backupCommands = (place: Place): readonly Command[] => [backupRetention(place)];
