import { hold as holdIn } from "@nightshift/decide/control";
import { after, type Hold, sayClock, sayLength } from "@nightshift/model";
import { type Asked, type Command, isOn, Refusal, textOf } from "../frame/command.ts";
import { answer } from "../frame/format.ts";
import { ledgerOf, ledgerOptions } from "../place/account.ts";
import { configOption, resolvedConfig } from "../place/config.ts";
import { changeControl } from "@nightshift/runtime/change-control";
import { lengthOf } from "../place/length.ts";
import type { Place } from "../place/place.ts";
import { scopeOf } from "../place/scope.ts";
import { standingIn, standingLines } from "../place/standing.ts";
import { actorOf, actorOption } from "./actor.ts";

/** Stops every automatic effect in scope, rollbacks included, until it is released (decision 1). */
export const hold = (place: Place): Command => ({
  path: ["hold"],
  group: "Run it",
  summary: "Stop all automatic actions, or those on one service",
  more: ["Obeyed in every mode and checked between every two effects; rollbacks stop, too. Holding again replaces the reason and the end."],
  words: "[SERVICE|all]",
  maxWords: 1,
  options: {
    list: { type: "switch", says: "show holds, leases and what was spent; changes nothing" },
    for: { type: "text", value: "LENGTH", says: "how long, such as 30m, 2h (default: until it is released)" },
    because: { type: "text", value: "TEXT", says: "why; shown to whoever wonders" },
    config: configOption,
    ...actorOption,
    ...ledgerOptions,
  },
  example: 'npx nightshift hold all --for 2h --because "database maintenance"',
  exits: { 1: "AWS refused or did not answer" },
  run: async (asked) => {
    if (isOn(asked, "list")) return list(place, asked);
    const word = asked.words[0] ?? "all";
    const length = textOf(asked, "for") === undefined ? undefined : lengthOf(textOf(asked, "for") ?? "", "for");
    // In trouble `hold all` must work with a broken config, too: only a narrower word is looked up.
    const config = word === "all" ? undefined : await resolvedConfig(place, textOf(asked, "config"));
    const scope = config === undefined ? "all" : scopeOf(word, config);
    const { world } = ledgerOf(place, asked, config?.region);
    const by = actorOf(place, asked);
    const at = world.clock.now();
    const made: Hold = { scope, by, because: textOf(asked, "because") ?? "no reason given", at, until: length === undefined ? undefined : after(at, length) };
    await world.audit.append({
      chain: "control",
      key: `hold/${scope}/${at}`,
      at,
      kind: "command",
      actor: by,
      body: { does: "hold", scope, because: made.because, until: made.until ?? null },
    });
    const { state } = await changeControl(world.control, (before) => holdIn(before, made, at));
    const until =
      length === undefined || made.until === undefined ? "until `npx nightshift release`" : `for ${sayLength(length)}, until ${sayClock(made.until)} UTC`;
    answer(asked, { held: scope, ...made, holds: state.holds }, [
      `Held: ${scope === "all" ? "everything" : scope}, ${until}. Nothing is changed by itself meanwhile; watching and telling go on.`,
      `Release with: npx nightshift release ${scope}`,
    ]);
    return 0;
  },
});

/** Shows what stands; a word or a length beside `--list` is most likely meant to hold, so it is refused rather than passed over. */
async function list(place: Place, asked: Asked): Promise<number> {
  if (asked.words.length > 0 || textOf(asked, "for") !== undefined || textOf(asked, "because") !== undefined)
    throw new Refusal("hold: --list shows everything and holds nothing; leave out SERVICE, --for and --because, or leave out --list.");
  const config = textOf(asked, "config") === undefined ? undefined : await resolvedConfig(place, textOf(asked, "config"));
  const { world } = ledgerOf(place, asked, config?.region);
  const now = world.clock.now();
  const standing = standingIn(await world.control.read(), now);
  answer(asked, standing, standingLines(standing, now));
  return 0;
}
