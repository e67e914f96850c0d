import type { Delivery, Severity } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { type Did, type Happening, move, playRoom, sent, word } from "./duties.fixture.ts";

const MIN = 60;
const only = (did: readonly Did[], ...starts: readonly string[]): readonly Did[] => did.filter(([, key]) => starts.some((one) => key.startsWith(one)));
const ringing = (severity: Severity = "P3"): readonly Happening[] => [move(0, "shop-5xx", "ALARM", severity), sent(1, "header")];

describe("the making of it", () => {
  test.each<[Severity, number]>([
    ["P1", 1],
    ["P2", 0],
  ])("is made for a %s: %i", (severity, rooms) => {
    expect(only(playRoom({ severity, happens: ringing(), until: 60 }).did, "room")).toHaveLength(rooms);
  });

  test("comes after the first notice and the page", () => {
    const keys = playRoom({ severity: "P1", happens: ringing(), until: 0 }).did.map(([, key]) => key);
    expect(keys).toEqual(["announced", "paged/0/P1/1.1", "called/paged/0/P1/1.1/sns", "room", "evidence/opened", "invitation/1", "topic/P1-open-0"]);
  });
});

describe("a channel of its own", () => {
  const furnished = (happens: readonly Happening[], until: number) =>
    only(playRoom({ severity: "P1", happens: [...ringing(), ...happens], until }).did, "invitation/", "pinned/", "topic/");

  test("gets whoever is called and whoever commands, each once, the header pinned, and its state as topic", () => {
    const header = sent(2, "room/header");
    const inRoom: Happening = [2, { ...header[1], channel: "C0ROOM" } as Delivery];
    expect(furnished([inRoom, word(60, { what: "acked", by: "bob" })], 5 * MIN)).toEqual([
      [0, "invitation/1"],
      [0, "topic/P1-open-0"],
      [2, "pinned/room/header"],
      [60, "topic/P1-acked-0"],
      [60, "invitation/2"],
    ]);
  });

  test("pins no header of another channel", () => {
    expect(furnished([sent(2, "room/header")], 60).map(([, key]) => key)).toEqual(["invitation/1", "topic/P1-open-0"]);
  });
});
