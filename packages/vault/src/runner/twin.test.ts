import { type BackupId, backupId, epochMs } from "@nightshift/model";
import { expect, test } from "vitest";
import { runKeys } from "../store/layout.ts";
import { openStore } from "../store/open.ts";
import { temporaryFolder } from "../testing/archives.ts";
import { ourProcess } from "./our-process.ts";
import { refuseTwin } from "./twin.ts";

const id = backupId("shop-260314-0200-manual");
const [machine, started] = ourProcess().split(".");
const asked = { of: "shop", id, run: `${id}-2` };

/** The first run's last report, written so long ago by the store's clock; then the second one looks. */
async function second(report: object, { ago = 0, began = 2_000 } = {}): Promise<string> {
  const store = openStore(await temporaryFolder());
  const put = (run: string, more: object) =>
    store.put(runKeys("shop", run).progress, Buffer.from(JSON.stringify({ run, of: "shop", backup: id, phase: "dumping", at: 1_000, ...more })));
  await put(`${id}-1`, { began: 1_000, ...report });
  await put(asked.run, { began });
  const clock = await store.clock();
  const world = { store: { ...store, clock: async () => epochMs(clock + ago) } };
  return refuseTwin(world, asked).then(
    () => "goes on",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}
const refused = `backup:take on ${id}: another run of the same backup is at work since 1970-01-01 00:00:01 UTC, so this one did nothing`;

test("beside a living process of this machine, however long it said nothing, the second run refuses in one sentence", async () => {
  expect(await second({ process: ourProcess() }, { ago: 3_600_000 })).toBe(refused);
});

test("a process of this machine that is gone, or whose number another one has now, is dead at once", async () => {
  expect(await second({ process: `${machine}.${started}.999999999` })).toBe("goes on");
  expect(await second({ process: `${machine}.1.${process.pid}` })).toBe("goes on");
});

test("a run of another machine lives while its reports come, and is dead after three that did not", async () => {
  expect(await second({ process: "elsewhere.1.1" }, { ago: 20_000 })).toBe(refused);
  expect(await second({}, { ago: 20_000 })).toBe(refused);
  expect(await second({ process: "elsewhere.1.1" }, { ago: 31_000 })).toBe("goes on");
});

test.each<[string, object]>([
  ["another backup", { backup: "shop-260314-0200-manual-x" as BackupId }],
  ["a backup that is stored and is being proven", { phase: "restoring" }],
  ["a run that ended", { phase: "ended" }],
])("%s is no twin", async (_, report) => {
  expect(await second({ process: ourProcess(), ...report })).toBe("goes on");
});

test("of two that began together the first goes on, and at the same moment one of the two", async () => {
  expect(await second({ process: ourProcess() }, { began: 999 })).toBe("goes on");
  expect(await second({ process: ourProcess() }, { began: 1_000 })).toBe(refused);
});
