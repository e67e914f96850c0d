import { mergeAlarms } from "@nightshift/decide/incidents/alarms";
import { changed, incident, move, opening, second } from "@nightshift/decide/incidents/fold.fixture";
import { decideOwn } from "@nightshift/decide/incidents/grouping";
import { inhibitedAlarms } from "@nightshift/decide/incidents/inhibit";
import { mergeEntries } from "@nightshift/decide/incidents/transitions";
import { minutes } from "@nightshift/model";
import { claim } from "@nightshift/runtime/incidents";
import { ring, stage } from "@nightshift/runtime/intake.fixture";
import { fakeIncidents } from "@nightshift/runtime/testing/fake-incidents";
import type { GuardCase } from "./case.ts";

const ringing = [move("api/5xx", "ALARM", 0)];
const closed = incident([changed("closed", 60, { what: "closed" })], [...ringing, move("api/5xx", "OK", 50)]);

/** Promises about what an incident is. */
export const incidentGuards: readonly GuardCase[] = [
  {
    off: ["acknowledged once"],
    promise: "of two who acknowledge, the first has it",
    kept: () => incident([changed("a", 1, { what: "acked", by: "ana" }), changed("b", 2, { what: "acked", by: "bob" })]).acked?.by === "ana",
  },
  {
    off: ["closed and merged are final"],
    promise: "what was closed is not acknowledged any more",
    kept: () => incident([changed("a", 1, { what: "closed" }), changed("b", 2, { what: "acked", by: "ana" })]).acked === undefined,
  },
  {
    off: ["nothing is resolved while an alarm rings"],
    promise: "an automation's word ends nothing that rings",
    kept: () => incident([changed("a", 9, { what: "standing", automation: "guard", standing: "resolved" })], ringing).state === "monitoring",
  },
  {
    off: ["a person's severity stands"],
    promise: "an older sign does not change a person's severity",
    kept: () => incident([changed("a", 9, { what: "severity", to: "P4", by: "person" })], ringing).severity === "P4",
  },
  {
    off: ["newest alarm state wins"],
    promise: "an ALARM that is older than its OK rings no more",
    kept: () => mergeAlarms([], [move("api/5xx", "OK", 9), ...ringing])[0]?.value === "OK",
  },
  {
    off: ["symptoms are muted"],
    promise: "a symptom on its own is no symptom of anything",
    kept: () =>
      inhibitedAlarms(mergeAlarms([], ringing)).size === 0 &&
      inhibitedAlarms(mergeAlarms([], [...ringing, move("db", "ALARM", 0, { role: "cause" })])).size === 1,
  },
  {
    off: ["late alarm reopens nothing"],
    promise: "an ALARM that is older than the end opens nothing again",
    kept: () =>
      decideOwn({ group: "shop", alarms: mergeAlarms(closed.alarms, [move("api/5xx", "ALARM", 40)]), current: closed }, { reopenWithin: minutes(10) })?.kind ===
      "past",
  },
  {
    off: ["merging ends nothing"],
    promise: "what runs does not become part of what is over",
    kept: () =>
      mergeEntries(incident([], ringing, { id: "INC-2" }), incident([changed("a", 60, { what: "resolved", how: "person" })]), {
        by: "ana",
        at: second(90),
        actor: "cli/ana",
      }).kind === "refused",
  },
  {
    off: ["a group has one incident"],
    promise: "of two that open an incident for a group at once, one does",
    kept: async () => {
      const world = fakeIncidents();
      await claim(world, undefined, opening({ id: "INC-1" }));
      return !(await claim(world, undefined, opening({ id: "INC-2" })));
    },
  },
  {
    off: ["silenced alarms open nothing"],
    promise: "what is silenced opens no incident",
    kept: async () => {
      const it = stage();
      await it.world.silences.add({ id: "s", scope: "all", by: "ana", because: "load test", from: second(0), until: second(600) });
      await it.take([ring("api/5xx", 0)]);
      return (await it.all()).length === 0;
    },
  },
];
