import { checkConfig, type ConfigProblem, sayProblem } from "@nightshift/config";
import { sayLength, smallestPromise, smallestPromiseInBursts, type WorkerSettings } from "@nightshift/model";
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
    const promised = (resolved?.workers ?? []).map(sayPromise);
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

const count = (list: readonly ConfigProblem[], word: string): string => (list.length === 1 ? `1 ${word}` : `${list.length} ${word}s`);
/** Each problem with its remedy, the first under the heading. */
const listed = (list: readonly ConfigProblem[], heading: string): readonly (readonly string[])[] =>
  list.map((problem, index) => [...(index === 0 ? [heading] : []), ...said(problem)]);
const said = (problem: ConfigProblem): readonly string[] =>
  sayProblem(problem)
    .split("\n")
    .map((line) => `  ${line}`);
