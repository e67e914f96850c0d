import { type Command, isOn, Refusal, textOf } from "../frame/command.ts";
import { answer } from "../frame/format.ts";
import { accountOf, ledgerOf, ledgerOptions } from "../place/account.ts";
import { configOption, resolvedConfig } from "../place/config.ts";
import { lengthOf } from "../place/length.ts";
import type { Place } from "../place/place.ts";
import { actForReal } from "../replay/act.ts";
import { replayInAccount, WATCH_FOR } from "../replay/in-account.ts";
import { replayInLab } from "../replay/in-lab.ts";
import { codeNamed } from "../replay/lab-account.ts";
import { readEvent } from "../replay/read-event.ts";
import { replayJson, replayLines } from "../replay/tell.ts";
import { actorOf, actorOption } from "./actor.ts";

/** What Nightshift would make of an event, and why. */
export const replay = (place: Place): Command => ({
  path: ["replay"],
  group: "Try it",
  summary: "What would it make of this event, and why",
  more: [
    "The event is parsed, routed, looked into and decided; the calls that would follow are printed, not made.",
    "Without --account the world is a simulated account made from the config, named in the first line.",
  ],
  words: "EVENT.json|-",
  minWords: 1,
  maxWords: 1,
  options: {
    config: configOption,
    code: { type: "text", value: "WORD", says: "how the deployed code behaves in the simulated account: healthy, five-hundreds, crash-on-boot, latency-creep" },
    account: { type: "switch", says: "read the real account instead (nothing is changed)" },
    act: { type: "switch", says: "with --account: show account and calls, ask, then carry the verdict out through every gate" },
    watch: { type: "text", value: "LENGTH", says: 'with --account: how long to look before the answer is "wait" (default 50s)' },
    ...actorOption,
    ...ledgerOptions,
  },
  example: "npx nightshift replay events/samples/ecs-deployment-in-progress.json --code five-hundreds",
  exits: { 1: "AWS refused or did not answer, or you said no" },
  run: async (asked) => {
    const real = isOn(asked, "account");
    if (isOn(asked, "act") && !real) throw new Refusal("--act needs --account: a simulated account has nothing to act on. Nothing was changed.");
    const code = textOf(asked, "code");
    if (code !== undefined && real) throw new Refusal("--code is about the simulated account; leave it out with --account.");
    const event = await readEvent(place, asked.words[0] ?? "-");
    const config = await resolvedConfig(place, textOf(asked, "config"));
    if (!real) {
      const replayed = await replayInLab(event, config, code === undefined ? undefined : codeNamed(code));
      answer(asked, replayJson(event, replayed), replayLines(event, replayed, asked.io.columns));
      return 0;
    }
    const account = isOn(asked, "act") ? ledgerOf(place, asked, config.region) : accountOf(place, asked, config.region);
    const watch = textOf(asked, "watch");
    const replayed = await replayInAccount(event, { config, account, place, io: asked.io, watch: watch === undefined ? WATCH_FOR : lengthOf(watch, "watch") });
    answer(asked, replayJson(event, replayed), replayLines(event, replayed, asked.io.columns));
    if (!isOn(asked, "act")) return 0;
    const lines = await actForReal(place, asked, { account: ledgerOf(place, asked, config.region), config, rehearsed: replayed, by: actorOf(place, asked) });
    for (const line of lines) asked.io.err(line);
    return 0;
  },
});
