import { frozenBecause, heldBecause } from "@nightshift/decide/control";
import type { Command } from "../frame/command.ts";
import { textOf } from "../frame/command.ts";
import { answer } from "../frame/format.ts";
import { ledgerOf, ledgerOptions } from "../place/account.ts";
import { configOption, resolvedConfig } from "../place/config.ts";
import type { Place } from "../place/place.ts";
import { serviceOf } from "../place/scope.ts";

/** What a pipeline learns: 0 to go on, 4 to stop. */
const STOP = 4;

/** Tells a pipeline whether it may deploy a service now: nobody froze it, and nobody holds it. Changes nothing. */
export const gateDeploy = (place: Place): Command => ({
  path: ["gate", "deploy"],
  group: "Run it",
  summary: "Say whether a service may be deployed now; for pipelines",
  more: ["Asks for freezes (`/ops freeze`) and holds over the service, its group or everything. It stops nobody by itself: the pipeline obeys its exit code."],
  words: "SERVICE",
  minWords: 1,
  maxWords: 1,
  options: { config: configOption, ...ledgerOptions },
  example: "npx nightshift gate deploy shop-api && ./deploy.sh",
  exits: { 1: "AWS refused or did not answer: nothing is known, so do not deploy", [STOP]: "it is frozen or held: do not deploy" },
  run: async (asked) => {
    const config = await resolvedConfig(place, textOf(asked, "config"));
    const service = serviceOf(asked.words[0] ?? "", config);
    const { world } = ledgerOf(place, asked, config.region);
    const now = world.clock.now();
    const control = await world.control.read();
    const scopes = [service.name, service.group];
    const because = [frozenBecause(control, scopes, now), heldBecause(control, scopes, now)].filter((one) => one !== undefined);
    answer(asked, { service: service.name, free: because.length === 0, because }, [
      because.length === 0 ? `${service.name} may be deployed: nothing is frozen or held.` : `${service.name} must not be deployed now: ${because.join("; ")}.`,
    ]);
    return because.length === 0 ? 0 : STOP;
  },
});
