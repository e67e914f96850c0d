import { type Did, type Happening, move, type Playing, playRoom, sent, word } from "@nightshift/decide/incidents/duties.fixture";
import { policyFixture } from "@nightshift/decide/incidents/policy.fixture";
import { silencedBecause } from "@nightshift/decide/incidents/silences";
import { epochMs, minutes, type Silence } from "@nightshift/model";
import { playRounds, type Rounds } from "@nightshift/runtime/rounds";
import { fakeIncidents } from "@nightshift/runtime/testing/fake-incidents";
import { reviveRooms } from "../../functions/sweep/revive.ts";
import type { GuardCase } from "./case.ts";

const MIN = 60;
const silence: Silence = { id: "s", scope: "all", by: "ana", because: "load test", from: epochMs(0), until: epochMs(1_000) };
const ringing: readonly Happening[] = [move(0, "shop-5xx", "ALARM"), sent(1, "header")];
const quiet: readonly Happening[] = [...ringing, move(100, "shop-5xx", "OK")];
const working = word(50, { what: "standing", automation: "guard", standing: "working" }, { actor: "nightshift/guard" });
const ours = word(0, { what: "standing", automation: "guard", standing: "working" }, { actor: "nightshift/guard" });
const storm = Array.from({ length: 30 }, (_, n) => move(n, `alarm-${n}`, "ALARM"));
const empty = policyFixture({ tiers: policyFixture().tiers.map((one) => ({ ...one, rota: { kind: "static", name: one.name, people: [] } })) });

/** How often a P1's room did what begins like this. */
const times = (start: string, happens: readonly Happening[], until: number, over: Partial<Playing> = {}): number =>
  playRoom({ severity: "P1", happens, until, ...over }).did.filter(([, key]: Did) => key.startsWith(start)).length;
const callsOfAll = (): number =>
  playRoom({ severity: "P1", happens: ringing, until: 16 * MIN, policy: empty }).record.entries.filter(
    ({ change }) => change?.what === "paged" && change.people.includes("@channel"),
  ).length;

const rooms: readonly GuardCase[] = [
  {
    off: ["silence expires"],
    promise: "a silence that is over silences nothing",
    kept: () => silencedBecause(["a"], [silence], [], epochMs(1_000)) === undefined,
  },
  {
    off: ["first notice waits for the group"],
    promise: "a P3 is not told before its alarms had time to gather",
    kept: () => times("announced", ringing, 29, { severity: "P3" }) === 0,
  },
  { off: ["summaries are paced"], promise: "thirty alarms in half a minute are four lines", kept: () => times("summary/", storm, 60) === 4 },
  {
    off: ["acknowledged is not paged"],
    promise: "who has it is not called again",
    kept: () => times("paged/", [...ringing, word(60, { what: "acked", by: "ana" })], 6 * MIN) === 1,
  },
  {
    off: ["nobody is paged after the end"],
    promise: "what is over calls nobody",
    kept: () => times("paged/", [...ringing, word(60, { what: "resolved", how: "person" })], 6 * MIN) === 1,
  },
  {
    off: ["nobody is woken for what is being done"],
    promise: "nobody is called for a P2 that the guard works on",
    kept: () => times("paged/", [ours, ...ringing], 10 * MIN, { severity: "P2" }) === 0,
  },
  { off: ["tier is told once"], promise: "a tier is called once", kept: () => times("paged/", ringing, 60) === 1 },
  { off: ["everybody is called once"], promise: "the channel is called once", kept: () => callsOfAll() === 1 },
  { off: ["call is made once"], promise: "SNS is told a page once", kept: () => times("called/", ringing, 60) === 1 },
  { off: ["work under way keeps it open"], promise: "work keeps it open", kept: () => times("resolved/", [...quiet, working], 20 * MIN) === 0 },
  {
    off: ["open question keeps it open"],
    promise: "a question keeps it open",
    kept: () => times("resolved/", quiet, 20 * MIN, { facts: { waitsForApproval: true } }) === 0,
  },
  { off: ["quiet for long enough"], promise: "nine minutes of quiet are no end of a P1", kept: () => times("resolved/", quiet, 640) === 0 },
  {
    off: ["no data is no end"],
    promise: "ten minutes without data are no end of a P1",
    kept: () => times("resolved/", [...ringing, move(100, "shop-5xx", "INSUFFICIENT_DATA")], 15 * MIN) === 0,
  },
  {
    off: ["what rings is not over"],
    promise: "what an alarm rings after its end is opened again",
    kept: () => times("reopened/", [...ringing, word(60, { what: "resolved", how: "alarms" })], 6 * MIN) === 1,
  },
  {
    off: ["a person's reopening stands"],
    promise: "what a person opened again stays open",
    kept: () => times("resolved/", [...quiet, word(200, { what: "resolved", how: "person" }), word(300, { what: "reopened" })], 30 * MIN) === 0,
  },
];

type Bare = Rounds<string, undefined, "clock" | "starter", { readonly look: number }, { readonly key: string }, undefined>;

/** Rounds of which only the looks and what is due are told; a wait ends at once. */
async function rounds(dueAt: (look: number) => boolean, mostLooks: number): Promise<{ readonly ended: string; readonly woken: number }> {
  let looks = 0;
  let woken = 0;
  const bare: Bare = {
    name: "bare",
    uses: ["clock", "starter"],
    detect: async () => {
      if (++looks > mostLooks) throw new Error("it goes on for ever");
      return { look: looks };
    },
    decide: ({ look }) => ({ due: dueAt(look) ? [{ key: `bell ${look}` }] : [], next: undefined, longest: minutes(1) }),
    act: async () => undefined,
    verify: () => true,
    tell: async () => {},
    tellFailed: async () => {},
    remember: async () => {},
  };
  const wake = async () => {
    woken++;
  };
  const world = { clock: { now: () => epochMs(0) }, starter: { start: async () => {}, wake } };
  const checkpoints: Parameters<typeof playRounds>[1]["checkpoints"] = {
    once: (_, effect) => effect(),
    poll: (_, start, look) => look(start),
    awaitWord: (_, submit) => submit("callback"),
  };
  const ended = await playRounds(bare, { subject: "x", settings: undefined, world, checkpoints, limits: { operations: 10 } }).catch(() => "for ever");
  return { ended, woken };
}

const waits: readonly GuardCase[] = [
  {
    off: ["no word is lost before a wait"],
    promise: "what falls due between the look and the wait wakes the room",
    kept: async () => (await rounds((look) => look === 2, 100)).woken === 1,
  },
  {
    off: ["execution hands over in time"],
    promise: "an execution ends after its operations",
    kept: async () => (await rounds(() => false, 100)).ended === "hand-over",
  },
];

const revival: readonly GuardCase[] = [
  {
    off: ["a room that lives is not doubled"],
    promise: "a room that waited a minute ago is not started again",
    kept: async () => {
      const it = fakeIncidents();
      await it.incidents.open({ id: "INC-1", group: "shop", service: "shop", severity: "P1", title: "5xx", openedAt: epochMs(0), by: "alarms" });
      const change = { what: "announced" } as const;
      await it.incidents.say("INC-1", { key: "announced", at: epochMs(0), kind: "changed", text: "", announce: false, change });
      await it.wakes.wait("INC-1", "callback", epochMs(1));
      await reviveRooms({ ...it, clock: { now: () => epochMs(60_000) } });
      return it.starts.length === 0;
    },
  },
];

export const roomGuards: readonly GuardCase[] = [...rooms, ...waits, ...revival];
