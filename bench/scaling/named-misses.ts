/** Lines that do not hold, each with its reason and the worst figure that the reason covers. A miss that is not here, or is worse, fails the benchmark. */
export const namedMisses: readonly { readonly id: string; readonly atMost: number; readonly because: string }[] = [];
