import type { guards } from "./guard-list.ts";

/** A protective line's name; one that is not in the list does not type-check. */
export type GuardName = keyof typeof guards;

/**
 * Marks a protective line: `bites` is the condition under which something must not happen, and is what comes back.
 * Always this way round, so that a guard that is switched off (in the lab only, see `guards.lab.ts`) never bites.
 * Where the compiler needs the condition itself: `condition && guard("name")`.
 */
export const guard = (_name: GuardName, bites = true): boolean => bites;

/** Marks a protection that is a value (a condition of a write): what comes back, or nothing when it is switched off. */
export const guarded = <T>(_name: GuardName, protection: T): T | undefined => protection;
