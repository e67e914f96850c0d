import { describe, expect, test } from "vitest";
import { readTrace } from "./scale-simulate-trace.ts";

const read = (...lines: readonly string[]) => readTrace(lines.join("\n"), "arrivals.csv");
/** What a person is told, in place of an answer. */
const told = (...lines: readonly string[]): string => {
  try {
    return `read ${read(...lines).tasks} tasks`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

describe("recorded arrivals", () => {
  test("are one timestamp a line, counted from the beginning of the first's minute", () => {
    const trace = read("2026-11-21T03:14:05Z", "2026-11-21T03:14:06.500Z");
    expect(new Date(trace.from).toISOString()).toBe("2026-11-21T03:14:00.000Z");
    expect(trace.arrivals).toEqual({
      kind: "moments",
      tasks: [
        { at: 5_000, service: undefined },
        { at: 6_500, service: undefined },
      ],
    });
  });

  test.each([
    ["2026-11-21 03:14:05", "without a zone, which is UTC"],
    ["2026-11-21 03:14", "without seconds"],
    ["2026-11-21T04:14:05+01:00", "with a zone"],
    ["2026-11-21 03:14:05.1234567", "with seven digits of a second"],
    ["1795230845", "in seconds since 1970"],
    ["1795230845.25", "in parts of a second since 1970"],
    ["1795230845000", "in milliseconds since 1970"],
    ['"2026-11-21T03:14:05Z"', "in quotes"],
  ])("may be written %s, %s", (line) => {
    expect(new Date(read(line).from).toISOString()).toBe("2026-11-21T03:14:00.000Z");
  });

  test("may say how long each task ran", () => {
    expect(read("timestamp,seconds", "2026-11-21T03:14:05Z,0.25").arrivals).toEqual({ kind: "moments", tasks: [{ at: 5_000, service: 250 }] });
  });

  test("may be counts by minute, with gaps, in any order, with comments and empty lines", () => {
    expect(read("# from the broker", "minute,count", "2026-11-21 03:17,2", "", "2026-11-21 03:14,5").arrivals).toEqual({
      kind: "counts",
      counts: [5, 0, 0, 2],
    });
    expect(read("0,5", "1,0", "2,7").arrivals).toEqual({ kind: "counts", counts: [5, 0, 7] });
  });
});

describe("what cannot be read is told with file, line, what was expected and what was there", () => {
  test.each([
    ["an empty file", [""], "arrivals.csv:1: expected a timestamp, or a minute and a count, got an empty file."],
    ["no lines below the names", ["minute,count"], "arrivals.csv:1: expected lines of minute,count below this one, got none."],
    [
      "other columns",
      ["time,size,colour", "1,2,3"],
      'arrivals.csv:1: expected the columns "timestamp", "timestamp,seconds" or "minute,count", got "time,size,colour".',
    ],
    [
      "no timestamp",
      ["2026-11-21 03:14", "yesterday"],
      'arrivals.csv:2: expected a timestamp such as 2026-11-21T03:14:05Z, or seconds or milliseconds since 1970, got "yesterday".',
    ],
    [
      "a day that is none",
      ["2026-13-41 03:14"],
      'arrivals.csv:1: expected a timestamp such as 2026-11-21T03:14:05Z, or seconds or milliseconds since 1970, got "2026-13-41 03:14".',
    ],
    ["a count below 0", ["0,4", "1,-2"], 'arrivals.csv:2: expected a minute and a whole number from 0 on, got "1,-2".'],
    ["a broken count", ["0,4.5"], 'arrivals.csv:1: expected a minute and a whole number from 0 on, got "0,4.5".'],
    ["a third column", ["minute,count", "0,4", "", "1,5,6"], 'arrivals.csv:4: expected minute,count, got "1,5,6".'],
    ["a second column without a name for it", ["timestamp", "2026-11-21 03:14,7"], 'arrivals.csv:2: expected timestamp, got "2026-11-21 03:14,7".'],
    ["no length", ["timestamp,seconds", "2026-11-21 03:14,0"], 'arrivals.csv:2: expected a timestamp and seconds above 0, got "2026-11-21 03:14,0".'],
    ["only zeros", ["0,0", "1,0"], "arrivals.csv: expected at least one task, got counts that are all 0."],
    ["more than 62 days", ["0,1", "89281,1"], 'arrivals.csv:2: expected a minute within 62 days of the first, got "89281,1".'],
    ["too many tasks", ["0,1999999", "1,2"], 'arrivals.csv:2: expected at most 2,000,000 tasks in the whole file, got "1,2".'],
  ])("%s", (_, lines, expected) => {
    expect(told(...lines)).toBe(expected);
  });

  test("and the last that fits is read", () => {
    expect(told("0,1", "89280,1")).toBe("read 2 tasks");
    expect(told("0,1999999", "1,1")).toBe("read 2000000 tasks");
  });
});
