import { readFile } from "node:fs/promises";
import path from "node:path";
import { decideScaling, firstScalingState } from "@nightshift/decide/scaling/decide-scaling";
import { type Command, isOn, Refusal, textOf } from "../frame/command.ts";
import { answer, sayMoment, screenfulOf, wrap } from "../frame/format.ts";
import { configOption, resolvedConfig } from "../place/config.ts";
import type { Place } from "../place/place.ts";
import { workerOf } from "../place/scope.ts";
import { type DecidedAgain, decideAgain } from "../scaling/compare.ts";
import { sayVerdict } from "../scaling/explain-lines.ts";
import { readObservations } from "../scaling/observations.ts";

/** What the decision of today, with the settings of today, makes of what was seen then. Nothing is asked of any account. */
export const scaleReplay = (place: Place): Command => ({
  path: ["scale", "replay"],
  group: "Try it",
  summary: "Decide recorded observations again, and show what differs",
  more: [
    "FILE holds one JSON object a line, as `scale explain SERVICE --observations` prints them; - reads standard input. No account is asked.",
    "Change max, wait or any other setting of the config first to see what it would have meant.",
  ],
  words: "FILE",
  minWords: 1,
  maxWords: 1,
  options: { all: { type: "switch", says: "every line, also those that are decided as they were" }, config: configOption },
  example: "npx nightshift scale replay last-week.jsonl",
  run: async (asked) => {
    const config = await resolvedConfig(place, textOf(asked, "config"));
    const [file = "-"] = asked.words;
    const lines = readObservations(file === "-" ? await place.input() : await textIn(place, file), file);
    if (lines.length === 0)
      throw new Refusal(`${file}: there is no observation in it. \`npx nightshift scale explain SERVICE --observations > ${file}\` writes some.`);
    const again = decideAgain(lines, { settings: (service) => workerOf(service, config), decide: decideScaling, first: firstScalingState });
    const different = again.filter(({ differences }) => differences.length > 0);
    const unrecorded = again.filter(({ was }) => was === undefined).length;
    const shown = isOn(asked, "all") ? again : again.filter(({ was, differences }) => was === undefined || differences.length > 0);
    const end = `${again.length} ${again.length === 1 ? "line" : "lines"} decided again with ${config.file}: ${again.length - different.length - unrecorded} as then, ${different.length} otherwise${unrecorded === 0 ? "" : `, ${unrecorded} with nothing on record to compare`}.`;
    const width = Math.max(60, Math.min(asked.io.columns, 140));
    answer(asked, { file, lines: again }, [
      ...screenfulOf(
        shown.map((one) => linesOf(one, width)),
        "--json shows every one",
        1,
      ),
      end,
    ]);
    return 0;
  },
});

async function textIn(place: Place, file: string): Promise<string> {
  try {
    return await readFile(path.resolve(place.directory, file), "utf8");
  } catch (error) {
    throw new Refusal(
      `${file}: the observations could not be read: ${error instanceof Error ? error.message : String(error)}. Give the path of a file, or - for standard input.`,
    );
  }
}

function linesOf({ line, service, at, from, now, differences }: DecidedAgain, width: number): readonly string[] {
  return [
    `line ${line}  ${service}  ${sayMoment(at)} UTC  ${sayVerdict(now.kind, from, now.desired)}`,
    ...differences.flatMap((one) => wrap(one, width, { first: "  differs  ", rest: "           " })),
    ...now.because.slice(0, 1).flatMap((because) => wrap(because, width, { first: "  because  ", rest: "           " })),
  ];
}
