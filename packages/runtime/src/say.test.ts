import { epochMs } from "@nightshift/model";
import { expect, test } from "vitest";
import type { Header, Line } from "./automation.ts";
import { plainCheckpoints } from "./plain.ts";
import { runIn } from "./run.ts";
import { fakeNeeds } from "./testing/fake-needs.ts";

const header: Header = { id: "INC-1", service: "api", severity: "P2", title: "api:43 fails", openedAt: epochMs(1), state: "open" };
const line = (key: string, text: string): Line => ({ key, at: epochMs(2), kind: "seen", text, announce: true });

function stage() {
  const world = fakeNeeds();
  return { world, run: runIn(world, plainCheckpoints(), "k"), lines: () => [...(world.said.get("INC-1")?.entries.values() ?? [])].map((one) => one.text) };
}

test("the first word opens the incident and says its lines in order", async () => {
  const { world, run, lines } = stage();
  await run.say("tell", header, [line("a", "first"), line("b", "second")]);
  expect(world.said.get("INC-1")?.header).toEqual(header);
  expect(lines()).toEqual(["first", "second"]);
});

test("a later word adds what is new, leaves what was said, and moves the header", async () => {
  const { world, run, lines } = stage();
  await run.say("tell", header, [line("a", "first")]);
  await run.say("tell more", { ...header, severity: "P1", title: "api:43 was rolled back", state: "resolved", openedAt: epochMs(9) }, [
    line("a", "said otherwise"),
    line("b", "second"),
  ]);
  expect(lines()).toEqual(["first", "second"]);
  expect(world.said.get("INC-1")?.header).toEqual({ ...header, severity: "P1", title: "api:43 was rolled back", state: "resolved" });
});

test("a word that died half way is said whole at the second try, without a line twice", async () => {
  const { world, run, lines } = stage();
  const { say } = world.incidents;
  let calls = 0;
  const dying = {
    ...world,
    incidents: {
      ...world.incidents,
      say: async (id: string, entry: Line) => {
        if (++calls === 2) throw new Error("died");
        await say(id, entry);
      },
    },
  };
  await expect(runIn(dying, plainCheckpoints(), "k").say("tell", header, [line("a", "first"), line("b", "second")])).rejects.toThrow("died");
  await run.say("tell", header, [line("a", "first"), line("b", "second")]);
  expect(lines()).toEqual(["first", "second"]);
});
