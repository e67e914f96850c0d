import { readFile } from "node:fs/promises";
import path from "node:path";
import { gatherAccountFacts, type DoctorQuestion } from "@nightshift/aws/account-facts";
import { checkAccount, checkRunbook } from "@nightshift/decide/doctor/index";
import { trafficQueries } from "@nightshift/decide/queries";
import {
  type AccountFacts,
  type Finding,
  type GuardedService,
  type GuardSettings,
  type MetricQuery,
  type RevisionRecord,
  sayLength,
  type TriggerKind,
} from "@nightshift/model";
import { type Asked, type Command, isOn, Refusal, textOf, textsOf } from "../frame/command.ts";
import { answer, wrap } from "../frame/format.ts";
import { type Account, accountOf, ledgerOptions } from "../place/account.ts";
import { configOption, resolvedConfig } from "../place/config.ts";
import type { Place } from "../place/place.ts";

/** Lines of findings shown unasked, so that all of it fits a screen. */
const SHOWN = 23;
/** Things that could not be read, shown unasked. */
const UNREAD = 3;

/** What would make a rollback slow, blind or impossible, and the line that mends it. */
export const doctor = (place: Place): Command => ({
  path: ["guard", "doctor"],
  group: "Set it up",
  summary: "Find what would make a rollback slow or impossible",
  more: [
    "Reads the account of the config's services; with the ledger's tables also what is known good. --runbook FILE reads a text, and alone needs no account.",
  ],
  options: {
    config: configOption,
    runbook: { type: "texts", value: "FILE", says: "a team's runbook to read for steps that hurt" },
    all: { type: "switch", says: "every finding, however many" },
    ...ledgerOptions,
  },
  example: "npx nightshift guard doctor --runbook docs/DEPLOYMENT_GUIDE.md",
  exits: { 1: "something is dangerous, or AWS refused" },
  run: async (asked) => {
    const runbooks = textsOf(asked, "runbook");
    const read: Finding[] = [];
    for (const file of runbooks) read.push(...checkRunbook(await runbookText(place, file), file));
    // A runbook alone is read anywhere; with --config, or without a runbook, the account is asked, too.
    const account = runbooks.length > 0 && textOf(asked, "config") === undefined ? undefined : await examine(place, asked);
    const findings = [...(account?.findings ?? []), ...read];
    answer(asked, { findings, unread: account?.facts.unread ?? [] }, doctorLines(asked, { findings, facts: account?.facts, runbooks }));
    return findings.some((finding) => finding.severity === "danger") ? 1 : 0;
  },
});

async function runbookText(place: Place, file: string): Promise<string> {
  try {
    return await readFile(path.resolve(place.directory, file), "utf8");
  } catch (error) {
    throw new Refusal(
      `${file}: the runbook could not be read: ${error instanceof Error ? error.message : String(error)}. Give the path of a text or Markdown file.`,
    );
  }
}

async function examine(place: Place, asked: Asked): Promise<{ readonly facts: AccountFacts; readonly findings: readonly Finding[] }> {
  const config = await resolvedConfig(place, textOf(asked, "config"));
  const account = accountOf(place, asked, config.region);
  asked.io.progress(`reading ${config.groups.flatMap((group) => group.services).length} services in ${account.region} …`);
  const facts = await gatherAccountFacts(account.reach, account.region, await questionOf(config.groups, account));
  asked.io.progress(undefined);
  return { facts, findings: checkAccount(facts, config.groups) };
}

/** What is to be read for these groups. */
async function questionOf(groups: readonly GuardSettings[], { world }: Account): Promise<DoctorQuestion> {
  const services = groups.flatMap((group) => group.services);
  const known: RevisionRecord[] = [];
  for (const service of services)
    known.push(...((await world.revisions?.list(service.name)) ?? []).filter((row) => row.grade === "good" || row.grade === "served"));
  return {
    services: services.map((service) => ({ cluster: service.cluster, service: service.name })),
    alarms: services.flatMap((service) => service.triggers.flatMap((trigger) => (trigger.kind === "alarms" ? trigger.names : []))),
    series: services.flatMap((service) => trafficQueries(service).flatMap((query) => seriesFor(service, query))),
    known,
    passableRoles: undefined,
  };
}

/** Each series beside the triggers that read it; what nothing reads is not asked for. */
function seriesFor(service: GuardedService, query: MetricQuery): DoctorQuestion["series"] {
  if (query.namespace !== "AWS/ApplicationELB" || service.dependencies.some((one) => query.metric === one.metric && query.namespace === one.namespace)) {
    return [{ service: service.name, trigger: "dependency", query }];
  }
  const reading: Readonly<Record<string, readonly TriggerKind[]>> = {
    RequestCount: ["error-rate", "latency"],
    HTTPCode_Target_5XX_Count: ["error-rate", "errors-per-minute"],
    TargetResponseTime: ["latency"],
  };
  if (query.dimensions["TargetGroup"] === undefined) return [];
  const kind = reading[query.metric]?.find((one) => service.triggers.some((trigger) => trigger.kind === one));
  return kind === undefined ? [] : [{ service: service.name, trigger: kind, query }];
}

const marks = { danger: "✗", warning: "!", note: "·" } as const;

function doctorLines(
  asked: Asked,
  { findings, facts, runbooks }: { readonly findings: readonly Finding[]; readonly facts: AccountFacts | undefined; readonly runbooks: readonly string[] },
): readonly string[] {
  const width = Math.max(60, Math.min(asked.io.columns, 140));
  const all = isOn(asked, "all");
  const blocks = findings.map((finding) => [
    ...wrap(`${finding.id} ${where(finding)}: ${finding.says}${estimate(finding)}`, width, { first: `${marks[finding.severity]} `, rest: "  " }),
    ...wrap(finding.remedy, width, { first: "  → ", rest: "    " }),
  ]);
  const shown = all ? blocks : blocks.slice(0, fitting(blocks));
  const count = (severity: Finding["severity"]): number => findings.filter((finding) => finding.severity === severity).length;
  const looked = [...(facts === undefined ? [] : [`${facts.services.length} services`]), ...runbooks].join(", ");
  const unread = (facts?.unread ?? [])
    // What a finding tells already is not told twice.
    .filter(({ what }) => !findings.some((finding) => finding.about === what))
    .map(({ what, because }) => `? could not read ${what}: ${because}`);
  return [
    ...shown.flat(),
    ...(shown.length === blocks.length ? [] : [`… and ${blocks.length - shown.length} more: --all shows them`]),
    ...(all ? unread : unread.slice(0, UNREAD).map((line) => line.slice(0, width))),
    ...(all || unread.length <= UNREAD ? [] : [`? and ${unread.length - UNREAD} more that could not be read`]),
    findings.length === 0
      ? `Nothing found in ${looked}.`
      : `${findings.length} ${findings.length === 1 ? "finding" : "findings"} in ${looked}: ${count("danger")} dangerous (✗), ${count("warning")} ${count("warning") === 1 ? "warning" : "warnings"} (!), ${count("note")} ${count("note") === 1 ? "note" : "notes"} (·).`,
  ];
}

/** How many findings fit a screen, the worst first; one at least. */
function fitting(blocks: readonly (readonly string[])[]): number {
  let lines = 0;
  const over = blocks.findIndex((block) => {
    lines += block.length;
    return lines > SHOWN;
  });
  return over === -1 ? blocks.length : Math.max(1, over);
}

const where = ({ about, line }: Finding): string => (line === undefined ? about : `${about}:${line}`);
const estimate = ({ estimate: it }: Finding): string =>
  it === undefined ? "" : ` (traffic back in about ${sayLength(it.trafficRestored)}, steady in ${sayLength(it.steady)})`;
