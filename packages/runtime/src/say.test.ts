import { foldIncident } from "@nightshift/decide/incidents/fold";
import { epochMs } from "@nightshift/model";
import { expect, test } from "vitest";
import type { Header, Line } from "./automation.ts";
import { plainCheckpoints } from "./plain.ts";
import { runIn } from "./run.ts";
import { fakeNeeds } from "./testing/fake-needs.ts";

const header: Header = {
  id: "INC-1",
  group: "shop",
  service: "api",
  severity: "P2",
  title: "api:43 fails",
  openedAt: epochMs(1),
  by: "nightshift/guard",
  standing: "working",
};
const line = (key: string, text: string): Line => ({ key, at: epochMs(2), kind: "seen", text, announce: true });

function stage() {
  const world = fakeNeeds();
  const read = async (id = "INC-1") => {
    const record = await world.incidents.find(id);
    if (record === undefined) throw new Error(`${id} was not opened`);
    return foldIncident(record);
  };
  const lines = async () => (await read()).entries.filter((one) => one.change === undefined).map((one) => one.text);
  return { world, run: runIn(world, plainCheckpoints(), "guard/shop/1"), read, lines };
}

test("the first word opens the incident, says its lines in order, starts its war room and lets the notice go out", async () => {
  const { world, run, lines, read } = stage();
  await run.say("tell", header, [line("a", "first"), line("b", "second")]);
  expect(await read()).toMatchObject({ id: "INC-1", group: "shop", severity: "P2", title: "api:43 fails", state: "open", working: ["guard"] });
  expect(await lines()).toEqual(["first", "second"]);
  expect(world.starts).toEqual(["war-room war-room-INC-1"]);
  expect((await read()).announcedAt).toBe(1_000_000);
});

test("a later word adds what is new, leaves what was said, and moves the header", async () => {
  const { run, lines, read } = stage();
  await run.say("tell", header, [line("a", "first")]);
  await run.say("tell more", { ...header, severity: "P1", title: "api:43 was rolled back", standing: "resolved", openedAt: epochMs(9) }, [
    line("a", "said otherwise"),
    line("b", "second"),
  ]);
  expect(await lines()).toEqual(["first", "second"]);
  expect(await read()).toMatchObject({ severity: "P1", title: "api:43 was rolled back", state: "resolved", working: [], openedAt: 1 });
});

test("a word about a group that has an incident is said there, under the work's own name", async () => {
  const { run, read } = stage();
  await run.say("tell", header, [line("a", "first")]);
  await run.say("tell again", { ...header, id: "INC-2", title: "api:44 fails" }, [line("a", "of other work")]);
  const incident = await read("INC-2");
  expect([incident.id, incident.entries.filter((one) => one.change === undefined).map((one) => [one.key, one.text])]).toEqual([
    "INC-1",
    [
      ["INC-2/a", "of other work"],
      ["a", "first"],
    ],
  ]);
});

test("a word in somebody else's incident leaves its title", async () => {
  const { run, read } = stage();
  await run.say("tell", header, []);
  await run.say("tell again", { ...header, title: "rollback asked for by lead", titled: false }, []);
  expect((await read()).title).toBe("api:43 fails");
});

test("the war room is woken by news, not by what was said before", async () => {
  const { world, run } = stage();
  world.callbacks.set("INC-1", "callback");
  await run.say("tell", header, [line("a", "first")]);
  await runIn(world, plainCheckpoints(), "guard/shop/1").say("tell", header, [line("a", "first")]);
  expect(world.woken).toEqual(["callback"]);
});

test("a word that died half way is said whole at the second try, without a line twice", async () => {
  const { world, run, lines, read } = stage();
  const { say } = world.incidents;
  let calls = 0;
  const dying = {
    ...world,
    incidents: {
      ...world.incidents,
      say: async (id: string, entry: Line) => {
        if (++calls === 2) throw new Error("died");
        return say(id, entry);
      },
    },
  };
  await expect(runIn(dying, plainCheckpoints(), "guard/shop/1").say("tell", header, [line("a", "first"), line("b", "second")])).rejects.toThrow("died");
  await run.say("tell", header, [line("a", "first"), line("b", "second")]);
  expect(await lines()).toEqual(["first", "second"]);
  expect((await read()).working).toEqual(["guard"]);
});
