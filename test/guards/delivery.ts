import { freshBudget, postAt, updateAt } from "@nightshift/decide/delivery/budget";
import { nextStep } from "@nightshift/decide/delivery/next-step";
import { paceAt } from "@nightshift/decide/delivery/pace";
import type { Situation } from "@nightshift/decide/delivery/step";
import { incidentFixture } from "@nightshift/decide/incidents/incident.fixture";
import { type Delivery, type EpochMs, epochMs, type Evidenced, minutes } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { notify } from "@nightshift/runtime";
import { announcedAt, howOf, lineOf, openingOf } from "@nightshift/runtime/testing/fake-sender";
import { fakeTelling, say } from "@nightshift/runtime/testing/fake-telling";
import { type ShowWorld, showChart } from "../../functions/war-room/evidence/show.ts";
import type { GuardCase } from "./case.ts";

const t = (after: number): EpochMs => epochMs(1_000_000_000 + after);
const now = t(0);
const row = (key: string, over: Partial<Delivery> = {}): Delivery => ({
  key,
  state: "sent",
  channel: "C1",
  thread: key === "header" ? undefined : "1",
  covers: [],
  ts: "1",
  shown: "open P2 |same",
  startedAt: t(-60_000),
  tries: 1,
  ...over,
});
const incident = incidentFixture({
  announcedAt: t(-20_000),
  entries: [{ key: "a", at: t(-1_000), kind: "seen", text: "a", announce: true }],
});
const header = row("header");
const reply = row("reply/1", { covers: ["a"] });
const next = (rows: readonly Delivery[], over: Partial<Situation> = {}): string =>
  nextStep({
    incident,
    rows,
    channels: ["C1"],
    now,
    budgets: new Map(),
    shown: { home: "open P2 |same", room: "open P2 |same" },
    refusal: undefined,
    ...over,
  }).do;

const refusing = { budgets: new Map([["C1", { ...freshBudget("C1"), notBefore: t(30_000) }]]) };
const refused = row("header", { state: "refused", ts: undefined });
const deleted = row("header", { state: "parked" });

const steps: readonly GuardCase[] = [
  { off: ["one thread an incident"], promise: "a header that stands is not posted again", kept: () => next([header, reply]) === "nothing" },
  { off: ["line is sent once"], promise: "a line that was told is not told again", kept: () => next([header, reply]) === "nothing" },
  { off: ["header is refreshed once"], promise: "a header that shows the state is not written again", kept: () => next([header, reply]) === "nothing" },
  {
    off: ["deleted header comes back once"],
    promise: "a header that was deleted twice stays deleted",
    kept: () => next([deleted, row("header/2", { state: "parked" })]) === "nothing",
  },
  {
    off: ["page once"],
    promise: "a state that SNS told is not paged again",
    kept: () => next([row("page/first", { shown: "open:0" })], { channels: [] }) === "nothing",
  },
  { off: ["page once"], promise: "a first notice that SNS told is not paged again", kept: () => next([refused, row("page/first")], refusing) === "wait" },
  { off: ["fallback when Slack is down"], promise: "what Slack does not take goes by SNS", kept: () => next([refused], refusing) === "page" },
  {
    off: ["channel is left alone while it refuses"],
    promise: "a channel that refused is not written to",
    kept: () => next([refused], { ...refusing, now: t(-10_000) }) === "wait",
  },
];

const full = { ...freshBudget("updates"), spent: Array.from({ length: 40 }, (_, n) => t(-n * 1_000)) };
const pace: readonly GuardCase[] = [
  {
    off: ["post budget is kept"],
    promise: "a channel takes its next message a second later",
    kept: () => postAt({ ...freshBudget("C1"), spent: [now] }, now) === t(1_000),
  },
  { off: ["update budget is kept"], promise: "the forty-first update of a minute waits", kept: () => updateAt(full, "P1", now) > now },
  {
    off: ["storm is told at a reader's pace"],
    promise: "the seventh reply waits half a minute",
    kept: () => paceAt(Array(7).fill(now), now, false) === t(30_000),
  },
];

/** How many messages stand after the answer to the first one was lost. `blind`: what stands is not seen at the first look. */
async function afterLostAnswer(blind: boolean): Promise<number> {
  const fake = fakeTelling(openingOf("INC-1"));
  say(fake, "INC-1", announcedAt(fake.now));
  say(fake, "INC-1", lineOf("5xx", fake.now));
  let [lost, looks] = [false, 0];
  fake.trouble = ({ method }) => {
    if (lost || method !== "post") return undefined;
    lost = true;
    return { error: new PortError("timeout", "slack:chat.postMessage", "C1", "no answer"), applied: true };
  };
  const find: typeof fake.chat.find = (where) => (blind && looks++ === 0 ? Promise.resolve(undefined) : fake.chat.find(where));
  const world = { ...fake, chat: { ...fake.chat, find } };
  for (let minute = 0; minute < 3; minute++) {
    await notify(world, "INC-1", howOf(fake));
    await fake.pause(minutes(1));
  }
  return fake.slack.length;
}

const chart: Evidenced = { kind: "chart", lines: ["Chart"], stored: { key: "incidents/i/opened.png", sha256: "s", type: "image/png" } };
/** How often a picture is uploaded when its first sender is killed in the middle. */
async function uploads(): Promise<number> {
  let uploaded = 0;
  const { clock, deliveries } = fakeTelling();
  const world: ShowWorld = {
    clock,
    deliveries,
    evidence: { save: async (key) => ({ key, sha256: "" }), savePicture: async (key) => ({ key, sha256: "" }), picture: async () => new Uint8Array([1]) },
    files: { upload: () => Promise.reject(new TypeError(`killed ${++uploaded}`)) },
  };
  for (let sender = 0; sender < 2; sender++) await showChart(world, "INC-1", { evidence: chart, at: { channel: "C1", thread: "1" } }).catch(() => undefined);
  return uploaded;
}

const sending: readonly GuardCase[] = [
  { off: ["lost message is looked for"], promise: "a lost answer leaves one message", kept: async () => (await afterLostAnswer(false)) === 2 },
  { off: ["two looks before it is sent again"], promise: "a message that is seen late stands once", kept: async () => (await afterLostAnswer(true)) === 2 },
  { off: ["picture is shown at most once"], promise: "a picture whose sender was killed is not uploaded again", kept: async () => (await uploads()) === 1 },
];

/** Promises about telling an incident in Slack. */
export const deliveryGuards: readonly GuardCase[] = [...steps, ...pace, ...sending];
