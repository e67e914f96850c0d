import { checkConfig, type ConfigProblem, sayProblem } from "@nightshift/config";
import { type DatabaseSettings, sayLength, smallestPromise, smallestPromiseInBursts, type WorkerSettings } from "@nightshift/model";
import type { Command } from "../frame/command.ts";
import { answer, screenfulOf } from "../frame/format.ts";
import { loadConfig } from "../place/config.ts";
import type { Place } from "../place/place.ts";

/** Everything that is wrong in a config, at once, with what to write instead. */
export const configCheck = (place: Place): Command => ({
  path: ["config", "check"],
  group: "Set it up",
  summary: "Find every problem in a config, with its remedy",
  words: "[FILE]",
  maxWords: 1,
  example: "npx nightshift config check examples/accunode.config.ts",
  exits: { 2: "the config has problems, or could not be loaded" },
  run: async (asked) => {
    const { file, value } = await loadConfig(place, asked.words[0]);
    const { problems, warnings, resolved } = checkConfig(value);
    const services = resolved?.groups.flatMap((group) => group.services) ?? [];
    const blocks = [...listed(problems, `${file} has ${count(problems, "problem")}:`), ...listed(warnings, `${file} has ${count(warnings, "warning")}:`)];
    const promised = [...(resolved?.workers ?? []).map(sayPromise), ...(resolved?.backups.databases ?? []).map(sayProof)];
    const end =
      problems.length > 0
        ? "Nothing was changed. Mend the config, then check again."
        : `${file} is sound: ${services.length} ${services.length === 1 ? "service" : "services"} in ${resolved?.groups.length} ${resolved?.groups.length === 1 ? "group" : "groups"}, mode ${resolved?.mode}.`;
    answer(asked, { file, ok: problems.length === 0, problems, warnings }, [
      ...screenfulOf(blocks, "--json lists every one", 1 + promised.length),
      ...promised,
      end,
    ]);
    return problems.length === 0 ? 0 : 2;
  },
});

/** What a worker service promises, and the shortest promise that its settings could keep (decision 45). */
function sayPromise(worker: WorkerSettings): string {
  const promises = worker.queues.map(({ name, wait }) => `${name} in ${sayLength(wait)}`).join(", ");
  const bursts = worker.min === 0 ? "" : `, ${sayLength(smallestPromiseInBursts(worker))} for sudden bursts`;
  return `${worker.service}: ${promises}, with ${worker.min} to ${worker.max} workers; the shortest promise possible is ${sayLength(smallestPromise(worker))}${bursts}.`;
}

/**
 * The runner's 2 vCPU and 8 GB (stacks/backup-runner.ts) at Fargate's list price of us-east-1, $0.04048 a vCPU-hour and $0.004445 a GB-hour
 * ("AWS Fargate pricing" as of June 2026, read 2026-11-21).
 */
const DOLLARS_PER_HOUR = 2 * 0.04048 + 8 * 0.004445;

/** How often a database is proven whole, and what each proof adds (decision 54). */
function sayProof({ name, nightly, proveEvery, instance, rpo }: DatabaseSettings): string {
  const at = `${String(nightly.hour).padStart(2, "0")}:${String(nightly.minute).padStart(2, "0")} UTC`;
  const often = proveEvery === 1 ? "every night" : `every ${proveEvery} nights`;
  const month = (minutesEach: number): string => ((DOLLARS_PER_HOUR * minutesEach * 30) / 60 / proveEvery).toFixed(2);
  const loss = `${sayLength(rpo)} lost at most${instance === undefined ? ", by the nightly dump alone" : ""}`;
  return `${name}: dumped at ${at}, restored and compared ${often}; ${loss}. Its proofs cost about $${month(20)} a month at 20 minutes each, $${month(60)} at an hour.`;
}

const count = (list: readonly ConfigProblem[], word: string): string => (list.length === 1 ? `1 ${word}` : `${list.length} ${word}s`);
/** Each problem with its remedy, the first under the heading. */
const listed = (list: readonly ConfigProblem[], heading: string): readonly (readonly string[])[] =>
  list.map((problem, index) => [...(index === 0 ? [heading] : []), ...said(problem)]);
const said = (problem: ConfigProblem): readonly string[] =>
  sayProblem(problem)
    .split("\n")
    .map((line) => `  ${line}`);
