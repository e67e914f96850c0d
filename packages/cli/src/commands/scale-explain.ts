import { type Command, isOn, Refusal, textOf } from "../frame/command.ts";
import { answer, screenfulOf } from "../frame/format.ts";
import { ledgerOf, ledgerOptions } from "../place/account.ts";
import { configOption, resolvedConfig } from "../place/config.ts";
import type { Place } from "../place/place.ts";
import { workerOf } from "../place/scope.ts";
import { decisionLines, standingScaling } from "../scaling/explain-lines.ts";

/** Why a worker service has as many workers as it has. */
export const scaleExplain = (place: Place): Command => ({
  path: ["scale", "explain"],
  group: "Read it",
  summary: "Why a worker service has as many workers as it has",
  more: ["Decisions are on record when they change, and every 15 minutes. --observations prints them as `scale replay` reads them."],
  words: "SERVICE",
  minWords: 1,
  maxWords: 1,
  options: {
    last: { type: "text", value: "N", says: "how many decisions, at most 50", default: "3" },
    observations: { type: "switch", says: "one JSON object a line, for `scale replay`, oldest first" },
    config: configOption,
    ...ledgerOptions,
  },
  example: "npx nightshift scale explain shop-worker",
  exits: { 1: "AWS refused or did not answer" },
  run: async (asked) => {
    const config = await resolvedConfig(place, textOf(asked, "config"));
    const { service } = workerOf(asked.words[0] ?? "", config);
    const last = lastOf(textOf(asked, "last"));
    const { world } = ledgerOf(place, asked, config.region);
    const decisions = (await world.scalingBook.decisions(service)).slice(0, last);
    if (isOn(asked, "observations")) {
      for (const decision of decisions.toReversed()) asked.io.out(JSON.stringify(decision));
      return 0;
    }
    const { state, order } = await world.scalingBook.read(service);
    const standing = standingScaling({ order, attention: state?.attention ?? [], draining: state?.draining.length ?? 0 }, world.clock.now());
    const width = Math.max(60, Math.min(asked.io.columns, 140));
    const blocks = decisions.map((decision) => decisionLines(decision, width));
    const none = `No decision about ${service} is on record yet: the scaler looks once a minute after \`npx sst deploy\`.`;
    answer(asked, { service, order: order ?? null, state: state ?? null, decisions }, [
      ...standing,
      ...(blocks.length === 0 ? [none] : screenfulOf(blocks, "--json shows all of them", standing.length)),
    ]);
    return 0;
  },
});

function lastOf(given: string | undefined): number {
  const last = Number(given);
  if (!Number.isInteger(last) || last < 1 || last > 50) throw new Refusal(`scale explain: --last "${given}" is not a whole number from 1 to 50.`);
  return last;
}
