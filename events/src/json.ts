import { EventError } from "./errors.ts";
import { shortText } from "./preview.ts";

// A string holds every code unit from the space on, but for the quote and the backslash.
const token =
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;
const blank = /[ \t\n\r]*/y;
/** EventBridge and SQS carry at most 1 MiB, so longer text is not searched for its fault. */
const searchable = 1_048_576;

/** Reads JSON text. @throws {EventError} that gives line and column of the first fault; an empty text says so. */
export function parseJson(text: string): unknown {
  if (text.trim() === "") {
    throw new EventError("unreadable", [{ path: "", expected: "one event as JSON", got: "empty text" }], "Give the whole event as EventBridge delivered it.");
  }
  try {
    return JSON.parse(text);
  } catch {
    throw faultOf(text);
  }
}

function faultOf(text: string): EventError {
  const at = text.length > searchable ? undefined : firstFault(text);
  const cutOff = at !== undefined && at >= text.trimEnd().length;
  const got = cutOff
    ? "text that ends too early"
    : `text that is not JSON${at === undefined ? "" : `, from ${JSON.stringify(shortText(text.slice(at, at + 20)))}`}`;
  const where = at === undefined ? "" : ` at ${lineAndColumn(text, at)}`;
  const next = cutOff ? "It was probably cut off while it was copied: give the whole event." : "Check the text there, or copy the event again.";
  return new EventError("unreadable", [{ path: "", expected: "one event as JSON", got: `${got}${where}` }], next);
}

/** `line 3, column 14`, both counted from one. */
function lineAndColumn(text: string, at: number): string {
  const before = text.slice(0, at);
  return `line ${before.split("\n").length}, column ${at - before.lastIndexOf("\n")}`;
}

/** Where the text stops being JSON. Searched here because engines word their message differently and often leave the place out. */
function firstFault(text: string): number {
  const open: ("{" | "[")[] = [];
  let wants: "value" | "value-or-end" | "name" | "name-or-end" | "colon" | "comma-or-end" = "value";
  let at = 0;
  // At most one token a character, so the loop ends.
  for (let read = 0; read <= text.length; read += 1) {
    blank.lastIndex = at;
    blank.exec(text);
    const start = blank.lastIndex;
    if (open.length === 0 && wants === "comma-or-end") return start;
    token.lastIndex = at;
    const found = token.exec(text);
    if (found === null) return unreadableAt(text, start);
    at = token.lastIndex;
    const mark = found[1];
    const top = open.at(-1);
    if (wants === "colon") {
      if (mark !== ":") return start;
      wants = "value";
    } else if (wants === "name" || wants === "name-or-end") {
      if (found[2] !== undefined) wants = "colon";
      else if (mark === "}" && wants === "name-or-end") {
        open.pop();
        wants = "comma-or-end";
      } else return start;
    } else if (wants === "comma-or-end") {
      if (mark === ",") wants = top === "{" ? "name" : "value";
      else if ((mark === "}" && top === "{") || (mark === "]" && top === "[")) open.pop();
      else return start;
    } else if (mark === "{" || mark === "[") {
      open.push(mark);
      wants = mark === "{" ? "name-or-end" : "value-or-end";
    } else if (mark === "]" && wants === "value-or-end") {
      open.pop();
      wants = "comma-or-end";
    } else if (mark !== undefined) return start;
    else wants = "comma-or-end";
  }
  return text.length;
}

/** A string, a word or a number that begins well and is never finished is reported at the end of the text: it was cut off. */
function unreadableAt(text: string, start: number): number {
  const rest = text.slice(start);
  const unfinished = /^(?:"(?:[ !#-[\]-\uffff]|\\.)*\\?|-|-?\d+\.|-?\d[\d.]*[eE][+-]?|t(?:r(?:u)?)?|f(?:a(?:l(?:s)?)?)?|n(?:u(?:l)?)?)$/.test(rest);
  return unfinished ? text.length : start;
}
