import { unhold } from "@nightshift/decide/control";
import { type Command, textOf } from "../frame/command.ts";
import { answer } from "../frame/format.ts";
import { ledgerOf, ledgerOptions } from "../place/account.ts";
import { configOption, resolvedConfig } from "../place/config.ts";
import { changeControl } from "@nightshift/runtime/change-control";
import type { Place } from "../place/place.ts";
import { scopeOf } from "../place/scope.ts";
import { actorOf, actorOption } from "./actor.ts";

/** Takes a hold back; saying it twice changes nothing. */
export const release = (place: Place): Command => ({
  path: ["release"],
  group: "Run it",
  summary: "Take a hold back",
  more: ["Only a hold on that very scope is taken back; others stand and are listed."],
  words: "[SERVICE|all]",
  maxWords: 1,
  options: { config: configOption, ...actorOption, ...ledgerOptions },
  example: "npx nightshift release all",
  exits: { 1: "AWS refused or did not answer" },
  run: async (asked) => {
    const word = asked.words[0] ?? "all";
    const config = word === "all" ? undefined : await resolvedConfig(place, textOf(asked, "config"));
    const { world } = ledgerOf(place, asked, config?.region);
    const now = world.clock.now();
    // A hold may be older than the config: what is held can be released, whatever it is called.
    const standing = await world.control.read();
    const scope = config === undefined || standing.holds.some((one) => one.scope === word) ? word : scopeOf(word, config);
    const by = actorOf(place, asked);
    const held = standing.holds.some((one) => one.scope === scope && (one.until === undefined || one.until > now));
    if (held)
      await world.audit.append({ chain: "control", key: `release/${scope}/${now}`, at: now, kind: "command", actor: by, body: { does: "release", scope } });
    const { state, written } = await changeControl(world.control, (before) => unhold(before, scope, now));
    const others = state.holds.filter((one) => one.scope !== scope && (one.until === undefined || one.until > now));
    answer(asked, { released: written, scope, holds: others }, [
      written
        ? `Released: ${scope === "all" ? "everything" : scope}. Automatic actions go on.`
        : `There was no hold on ${scope === "all" ? "everything" : scope}; nothing was changed.`,
      ...others.map((one) => `Still held: ${one.scope === "all" ? "everything" : one.scope}, by ${one.by}: ${one.because}`),
    ]);
    return 0;
  },
});
