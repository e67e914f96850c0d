import { planRetention } from "@nightshift/decide/retention/plan-retention";
import { sayPolicy } from "@nightshift/decide/retention/say-policy";
import { type EpochMs, epochMs, type RetentionCandidate, type RetentionPlan } from "@nightshift/model";
import { readPolicy } from "../backup/retention-policy.ts";
import { pictureOf, summaryOf } from "../backup/retention-picture.ts";
import { momentOf, readBackups } from "../backup/retention-read.ts";
import { playYears } from "../backup/retention-years.ts";
import { type Asked, type Command, isOn, Refusal, textOf } from "../frame/command.ts";
import { answer, sayMoment, screenful, table, wrap } from "../frame/format.ts";
import type { Place } from "../place/place.ts";

/** What a policy keeps of a list of backups, and why. Deletes nothing and asks no account. */
export const backupRetention = (place: Place): Command => ({
  path: ["backup", "retention"],
  group: "Try it",
  summary: "What a policy keeps of your backups and why, or of ten years of nights; nothing is deleted",
  more: [
    "Reads a JSON list of backups from standard input: id, at, state (verified, uploaded, suspect, failed); also scheduled, series, tags, lockedUntil, pinnedUntil, copies, acknowledged. What `restic snapshots --json` prints will do for a restic policy.",
    "Policies: documents (first verified of each UTC day, Sunday-start week, month: daily=7d,weekly=30d,monthly=90d,safety=7d,at-least=3), or restic (last, hourly, daily, weekly, monthly, yearly, within, within-daily …, tag=a+b, oldest=no for restic before 0.16). -1 keeps all.",
  ],
  options: {
    policy: { type: "text", value: "FILE|SPEC", says: "a JSON file, or such as restic:daily=7,within=2d", default: "documents" },
    at: { type: "text", value: "TIME", says: "plan for this moment, such as 2026-03-14T03:00:00Z; unless given, for now" },
    "at-most": { type: "text", value: "N", says: "remove no more than so many in one run" },
    picture: { type: "switch", says: "draw what is kept over the years instead; reads nothing" },
    years: { type: "text", value: "N", says: "with --picture: how many", default: "10" },
    failing: { type: "text", value: "PERCENT", says: "with --picture: nights that end without a proof", default: "0" },
    outages: { type: "text", value: "PERCENT", says: "with --picture: nights on which one to four bad ones begin", default: "0" },
    seed: { type: "text", value: "N", says: "with --picture: which nights", default: "1" },
    long: { type: "switch", says: "every line, however many" },
  },
  example: 'npx nightshift backup retention --policy "documents:daily=14d" < backups.json',
  exits: { 1: "nothing may be deleted now, and the output says why" },
  run: async (asked) => {
    const policy = await readPolicy(textOf(asked, "policy") ?? "documents", place.directory);
    if (isOn(asked, "picture")) {
      const width = Math.max(60, Math.min(asked.io.columns, 140));
      const from = epochMs(Date.UTC(2026, 0, 1));
      const nights = playYears(policy, {
        from,
        years: wholeNumber(asked, "years", 1, 40),
        failing: wholeNumber(asked, "failing", 0, 100) / 100,
        outages: wholeNumber(asked, "outages", 0, 100) / 100,
        seed: wholeNumber(asked, "seed", 0, 999_999),
      });
      answer(asked, { policy, from, ...summaryOf(nights) }, [...wrap(sayPolicy(policy), width, { rest: "  " }), "", ...pictureOf(nights, width)]);
      return 0;
    }
    const now = atOf(asked, place.clock.now());
    const backups = readBackups(await place.input(), policy.kind === "restic" ? "verified" : undefined);
    const atMost = textOf(asked, "at-most") === undefined ? {} : { atMost: wholeNumber(asked, "at-most", 1, 1_000_000) };
    const plan = planRetention(policy, backups, { now, ...atMost });
    answer(asked, jsonOf(plan, { policy, now, backups }), linesOf(asked, plan, { head: sayPolicy(policy), now, backups }));
    return plan.stopped === undefined ? 0 : 1;
  },
});

/** What a plan was made of. */
interface Planned {
  readonly now: EpochMs;
  readonly backups: readonly RetentionCandidate[];
}

const jsonOf = ({ stopped, ...plan }: RetentionPlan, { policy, now }: Planned & { readonly policy: unknown }) => ({
  policy,
  at: now,
  ...plan,
  stopped: stopped ?? null,
});

function linesOf(asked: Asked, plan: RetentionPlan, { head, now, backups }: Planned & { readonly head: string }): readonly string[] {
  const when = new Map(backups.map(({ id, at }) => [id, at]));
  const row = (what: string, { id, why }: { readonly id: RetentionCandidate["id"]; readonly why: string }): readonly string[] => {
    const at = when.get(id);
    return [what, id, at === undefined ? "–" : sayMoment(at).slice(0, 16), why];
  };
  const rows = [
    ...plan.kept.map(({ id, reasons }) => row("keep", { id, why: reasons.join(", ") })),
    ...plan.refused.map(({ id, because }) => row("stays", { id, why: plan.stopped === because ? "nothing is removed now" : because })),
    ...plan.removed.map(({ id, because }) => row("remove", { id, why: because })),
  ];
  const width = Math.max(60, Math.min(asked.io.columns, 140));
  const counted = `${backups.length} backups at ${sayMoment(now).slice(0, 16)} UTC: ${plan.kept.length} kept, ${plan.removed.length} removed, ${plan.refused.length} ${plan.refused.length === 1 ? "stays" : "stay"} for now.`;
  const above = [
    ...wrap(head, width, { rest: "  " }),
    ...(plan.stopped === undefined ? [] : wrap(`Nothing is removed: ${plan.stopped}.`, width, { rest: "  " })),
    counted,
  ];
  const listed = rows.length === 0 ? [] : table(["", "backup", "contents of", "why"], rows);
  return [...above, ...(isOn(asked, "long") || !asked.io.terminal ? listed : screenful(listed, "--long shows every line", above.length))];
}

function atOf(asked: Asked, now: EpochMs): EpochMs {
  const given = textOf(asked, "at");
  if (given === undefined) return now;
  const at = momentOf(given);
  if (at === undefined)
    throw new Refusal(`backup retention: --at: expected a moment such as 2026-03-14T03:00:00Z, got "${given}". Leave it out to plan for now.`);
  return at;
}

function wholeNumber(asked: Asked, name: string, least: number, most: number): number {
  const word = (textOf(asked, name) ?? "").replace(/%$/, "");
  if (!/^\d{1,7}$/.test(word) || Number(word) < least || Number(word) > most)
    throw new Refusal(`backup retention: --${name}: expected a whole number from ${least} to ${most}, got "${textOf(asked, name) ?? ""}". See --help.`);
  return Number(word);
}
