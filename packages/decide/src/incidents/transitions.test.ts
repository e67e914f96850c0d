import type { Entry, Incident } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { changed, incident, record, second } from "./fold.fixture.ts";
import { foldIncident } from "./fold.ts";
import {
  ackEntry,
  announceEntry,
  closeEntry,
  fieldEntry,
  type Made,
  mergeEntries,
  mitigatingEntry,
  monitoringEntry,
  noteEntry,
  type Refused,
  reopenEntry,
  resolveEntry,
  roleEntry,
  severityEntry,
  titleEntry,
  unackEntry,
} from "./transitions.ts";

const ana = (at: number) => ({ by: "ana", at: second(at), actor: "slack/U0ANA ana" });
/** The entry's key, time and text, or the refusal. */
const said = (made: Made | Refused): string => (made.kind === "refused" ? made.because : "entry" in made ? `${made.entry.key}: ${made.entry.text}` : "");
const entryOf = (made: Made): Entry => {
  if (made.kind === "refused") throw new Error(made.because);
  return made.entry;
};
/** The incident after all of these, one after the other. */
const after = (...steps: readonly ((it: Incident) => Made)[]): Incident => {
  const entries: Entry[] = [];
  for (const step of steps) entries.push(entryOf(step(foldIncident(record(entries)))));
  return foldIncident(record(entries));
};
const ack = (at: number) => (it: Incident) => ackEntry(it, ana(at));
const end = (at: number) => (it: Incident) => resolveEntry(it, { ...ana(at), how: "person" });
const again = (at: number) => (it: Incident) => reopenEntry(it, ana(at));
const close = (at: number) => (it: Incident) => closeEntry(it, ana(at));

describe("what a person is told", () => {
  test.each<[string, Made | Refused, string]>([
    ["acknowledging", ackEntry(after(), ana(5)), "acked/1: ana acknowledged."],
    ["acknowledging what somebody has", ackEntry(after(ack(5)), { ...ana(185), by: "lead" }), "acknowledged already by ana, 3 m ago"],
    ["acknowledging what is resolved", ackEntry(after(end(5)), ana(65)), "it is resolved already"],
    [
      "acknowledging after it ran out",
      ackEntry(
        after(ack(5), (it) => unackEntry(it, ana(9))),
        ana(20),
      ),
      "acked/2: ana acknowledged.",
    ],
    ["taking back what nobody has", unackEntry(after(), ana(5)), "nobody has acknowledged it"],
    ["resolving", resolveEntry(after(), { ...ana(5), how: "person", because: "The cache was full." }), "resolved/1: ana resolved it. The cache was full."],
    ["resolving twice", resolveEntry(after(end(5)), { ...ana(65), how: "person" }), "resolved already, 1 m ago"],
    ["opening again", reopenEntry(after(end(5)), ana(65)), "reopened/1: ana opened it again."],
    ["opening what is open", reopenEntry(after(), ana(65)), "it is not resolved: it is open"],
    ["opening what somebody works on", reopenEntry(after(ack(5)), ana(65)), "it is not resolved: it is acked, and ana has it"],
    ["opening what is closed", reopenEntry(after(end(5), close(9)), ana(65)), "it is closed"],
    ["closing what is not resolved", closeEntry(after(), ana(5)), "it is not resolved: it is open"],
    ["raising", severityEntry(after(), "P1", ana(5)), "severity/1: ana raised the severity from P3 to P1."],
    ["lowering", severityEntry(after(), "P4", ana(5)), "severity/1: ana lowered the severity from P3 to P4."],
    ["the same severity", severityEntry(after(), "P3", ana(5)), "it is P3 already"],
    ["a rule that would lower", severityEntry(after(), "P4", { ...ana(5), rule: true }), "it is P3, and only a person lowers a severity"],
    ["a rule that raises", severityEntry(after(), "P2", { ...ana(5), rule: true }), "severity/1: ana raised the severity from P3 to P2."],
    ["another title", titleEntry(after(), "checkout is down", ana(5)), "title/1: ana calls it: checkout is down"],
    ["the same title", titleEntry(after(), "shop-api/5xx rings", ana(5)), "that is its title already"],
    ["a role", roleEntry(after(), { role: "ic", person: "lead" }, ana(5)), "role/1: lead is incident commander now."],
    [
      "a role that somebody has",
      roleEntry(
        after((it) => roleEntry(it, { role: "ops", person: "lead" }, ana(5))),
        { role: "ops", person: "lead" },
        ana(6),
      ),
      "lead is operations already",
    ],
    ["working on the fix", mitigatingEntry(after(ack(1)), ana(5)), "mitigating/1: ana works on the fix."],
    [
      "working on it twice",
      mitigatingEntry(
        after((it) => mitigatingEntry(it, ana(5))),
        ana(6),
      ),
      "it is being mitigated already",
    ],
    ["the fix is in", monitoringEntry(after(), ana(5)), "monitoring/1: The fix is in; the figures are watched."],
    [
      "the fix is in, twice",
      monitoringEntry(
        after((it) => monitoringEntry(it, ana(5))),
        ana(6),
      ),
      "it is being monitored already",
    ],
    ["a field", fieldEntry(after(), { field: "rootCause", text: "a full disk" }, ana(5)), "field/rootCause/1: Root cause: a full disk"],
    [
      "the field again",
      fieldEntry(
        after((it) => fieldEntry(it, { field: "impact", text: "none" }, ana(5))),
        { field: "impact", text: "12 orders" },
        ana(6),
      ),
      "field/impact/2: Impact: 12 orders",
    ],
    [
      "the same words again",
      fieldEntry(
        after((it) => fieldEntry(it, { field: "impact", text: "none" }, ana(5))),
        { field: "impact", text: "none" },
        ana(6),
      ),
      "that is what it says already",
    ],
    [
      "a field after the end",
      fieldEntry(after(end(5), close(9)), { field: "wentWell", text: "paged in time" }, ana(10)),
      "field/wentWell/1: Went well: paged in time",
    ],
  ])("%s", (_, made, text) => {
    expect(said(made)).toBe(text);
  });
});

test("two who acknowledge at once make one key, so that the ledger lets one through", () => {
  const seen = after();
  expect(entryOf(ackEntry(seen, ana(5))).key).toBe(entryOf(ackEntry(seen, { ...ana(5), by: "lead" })).key);
});

test("each turn of an incident has its own number, and comes after the one before, also where a clock is behind", () => {
  const it = after(ack(100), end(101), again(50), ack(51), end(52), again(53));
  expect([it.state, it.turns, it.entries.map((one) => one.key)]).toEqual([
    "open",
    { acked: 2, unacked: 0, resolved: 2, reopened: 2, severity: 0 },
    ["acked/1", "resolved/1", "reopened/1", "acked/2", "resolved/2", "reopened/2"],
  ]);
});

describe("merging", () => {
  const other = incident([], [], { id: "INC-2", title: "shop-worker is slow" });
  test("makes an entry in both records", () => {
    const made = mergeEntries(other, after(), ana(5));
    if (made.kind === "refused") throw new Error(made.because);
    expect([made.merged, made.absorbed].map(({ key, text, change }) => [key, text, change])).toEqual([
      ["merged", "Merged into INC-260314-0300-shop: shop-api/5xx rings", { what: "merged", into: "INC-260314-0300-shop" }],
      ["absorbed/INC-2", "INC-2 is part of this: shop-worker is slow", { what: "absorbed", from: "INC-2" }],
    ]);
  });
  const gone = incident([changed("merged", 1, { what: "merged", into: "INC-3" })], [], { id: "INC-2" });
  test.each([
    ["with itself", after(), after(), "an incident cannot be merged into itself"],
    ["what was merged", gone, after(), "it was merged into INC-3 already"],
    ["into what was merged", after(), gone, "INC-2 was merged into INC-3: merge into that one"],
    ["what is closed", after(end(5), close(9)), other, "it is closed"],
    ["into what is closed", other, after(end(5), close(9)), "INC-260314-0300-shop is closed"],
    ["into what is resolved", other, after(end(5)), "INC-260314-0300-shop is resolved: open it again first, or merge it into INC-2"],
  ])("is refused: %s", (_, from, into, because) => {
    expect(mergeEntries(from, into, ana(5))).toEqual({ kind: "refused", because });
  });
  test("what is resolved goes into what is resolved, too", () => {
    const over = incident([changed("resolved/1", 3, { what: "resolved", how: "person" })], [], { id: "INC-2" });
    expect(mergeEntries(over, after(end(5)), ana(9)).kind).toBe("entries");
  });
});

test("a note is one note under its key, and the first notice is for the record only", () => {
  expect(noteEntry("req-7f3a", "customers call", ana(5))).toEqual({
    key: "note/req-7f3a",
    at: second(5),
    kind: "note",
    text: "ana: customers call",
    announce: true,
    actor: "slack/U0ANA ana",
  });
  expect(announceEntry(second(5), "nightshift/dispatcher")).toMatchObject({ key: "announced", announce: false, change: { what: "announced" } });
});
