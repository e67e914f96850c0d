import { readFile } from "node:fs/promises";
import path from "node:path";
import { EventError, type NightshiftEvent, parseEventText } from "@nightshift/events";
import { Refusal } from "../frame/command.ts";
import type { Place } from "../place/place.ts";

/** Reads an event from a file, or from standard input (`-`). @throws {Refusal} in one paragraph that names the field. */
export async function readEvent(place: Place, file: string): Promise<NightshiftEvent> {
  const text = file === "-" ? await place.input() : await textOfFile(path.resolve(place.directory, file), file);
  try {
    return parseEventText(text);
  } catch (error) {
    if (!(error instanceof EventError)) throw error;
    throw new Refusal(`${file === "-" ? "standard input" : file}: ${error.message}`);
  }
}

async function textOfFile(absolute: string, shown: string): Promise<string> {
  try {
    return await readFile(absolute, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const why = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : error instanceof Error ? error.message : String(error);
    throw new Refusal(
      `${shown}: the event could not be read: ${why}. Give the file of one event, or - for standard input; events/samples holds one of each kind.`,
    );
  }
}
