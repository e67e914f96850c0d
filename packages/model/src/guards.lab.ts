import type { GuardName } from "./guards.ts";

export type { GuardName } from "./guards.ts";

/**
 * The same protective lines with a switch. Only a process started with `--conditions=nightshift-lab` gets this file for
 * `@nightshift/model/guards` (package.json, "exports"); a bundle is never built with it, and `npm run sizes` proves that
 * none holds this file or `askGuardSwitch`. Source: "Conditional exports", https://nodejs.org/api/packages.html#conditional-exports, 2026-11-21.
 */
let isOff: (name: GuardName) => boolean = () => false;

/** Says who knows which guards are switched off now. For `packages/lab/src/guards` alone. */
export const askGuardSwitch = (answer: (name: GuardName) => boolean): void => {
  isOff = answer;
};

/** As in `guards.ts`; never bites while its name is switched off. */
export const guard = (name: GuardName, bites = true): boolean => bites && !isOff(name);

/** As in `guards.ts`; nothing while its name is switched off. */
export const guarded = <T>(name: GuardName, protection: T): T | undefined => (isOff(name) ? undefined : protection);
