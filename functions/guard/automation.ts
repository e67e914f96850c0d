import { decideGuard } from "@nightshift/decide/decide-guard";
import { endOfWatch } from "@nightshift/decide/end-of-watch";
import { cadence, maxLooks } from "@nightshift/decide/phase";
import { judgeRecovery } from "@nightshift/decide/verify";
import type { Ask, DeploymentStarted, GuardSettings, LeaveAlone, Prepared, RollBack } from "@nightshift/model";
import { automation } from "@nightshift/runtime";
import { consentTo } from "./ask.ts";
import { blindState, firstState, lookOnce, withJoined, type WatchState } from "./look.ts";
import { manifest } from "./manifest.ts";
import { prepareWatch } from "@nightshift/runtime/prepare-watch";
import { pinAhead, putBack, type Receipt } from "./put-back.ts";
import { type Recovered, verifyRecovery } from "./recovery.ts";
import { rememberGuard } from "./remember.ts";
import { tellGuard } from "./story.ts";

/** All that was known when the verdict was made. */
export interface GuardFacts {
  readonly prepared: Prepared;
  readonly memory: WatchState["memory"];
  readonly settings: GuardSettings;
  readonly control: WatchState["control"];
}

/** Puts the last known good revision back when a deployment is to blame, and proves that it helped. */
export const guard = automation({
  name: "guard",
  uses: manifest.uses,
  key: (started: DeploymentStarted) => `guard/${started.group}/${started.deployment}`,
  chain: (started) => started.service,

  detect: async (started, settings: GuardSettings, run): Promise<GuardFacts> => {
    const read = await run.step("prepare the way back", (world) => prepareWatch(world, started, { settings, key: run.key }));
    const prepared = await pinAhead(run, read, settings);
    const { joined, memory, control } = await run.watch("watch the deployment", {
      start: firstState(prepared),
      atMost: maxLooks(settings),
      every: (state) => cadence(state.memory, settings),
      look: (world, state) => lookOnce(world, state, { prepared, settings }),
      blind: blindState,
      done: (state) => decideGuard(withJoined(prepared, state.joined), state.memory, settings).kind !== "wait",
    });
    return { prepared: withJoined(prepared, joined), memory, settings, control };
  },

  decide: ({ prepared, memory }, settings): RollBack | Ask | LeaveAlone => endOfWatch(decideGuard(prepared, memory, settings), { prepared, memory, settings }),

  consent: (verdict: RollBack | Ask, settings) => consentTo(verdict, settings),

  act: (verdict, facts, run): Promise<Receipt> => putBack(run, verdict, facts),

  verify: async (receipt, facts, run): Promise<Recovered> => {
    if (receipt.moved.every(({ outcome }) => outcome.kind !== "done")) return { kind: "not-sent" };
    const memory = await verifyRecovery(run, receipt, facts);
    return { kind: judgeRecovery(memory, facts.settings), memory };
  },

  tell: tellGuard,
  remember: rememberGuard,
});
